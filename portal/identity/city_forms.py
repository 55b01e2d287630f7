"""The fixed screens of the city's own page."""

from typing import Any, Final

from wtforms.validators import Length, ValidationError

from portal.core.forms import Form, HiddenField, SelectField, StringField
from portal.core.tenancy import City
from portal.core.themes import THEMES, is_own
from portal.identity.city_administration import CityParticulars, particulars_of_city
from writing.folding import CODE

_LONGEST = Length(max=200, message="200文字までで入力してください。")
_OWN: Final = "own"


def _line(label: str, **attributes: str) -> StringField:
    return StringField(label, validators=[_LONGEST], render_kw={"autocomplete": "off", **attributes})


class CityForm(Form):
    """What a city says of itself; `theme` is one that comes with the pages, or `own` with a colour."""

    name = _line("市の名前")
    name_kana = _line("市の名前の読み")
    name_en = _line("市の名前(英語)")
    postal_code = _line("郵便番号", inputmode="numeric")
    address = _line("市役所の住所")
    phone = _line("代表電話", type="tel")
    opens = _line("開く時刻")
    closes = _line("閉まる時刻")
    center = _line("地図がはじめに開くところ(経度, 緯度)")
    theme = SelectField("色", choices=[])
    colour = _line("市の色", spellcheck="false")
    mail_name = _line("差出人の名前")
    reply_to = _line("返信先のメールアドレス", type="email")
    seen = HiddenField()

    def __init__(self, *arguments: Any, **values: Any) -> None:
        """With the themes that there are to choose from."""
        super().__init__(*arguments, **values)
        self.theme.choices = [*THEMES.items(), (_OWN, "市の色")]

    def validate_center(self, field: StringField) -> None:
        """Longitude and latitude, with a comma between them."""
        if _position(field.data) is None:
            raise ValidationError("経度と緯度を、コンマで区切って入力してください。例 139.4137, 35.6985")

    @property
    def particulars(self) -> CityParticulars:
        """What was written."""
        fields = ("name", "name_kana", "name_en", "postal_code", "address", "phone", "opens", "closes")
        lines = {name: self[name].data for name in (*fields, "mail_name", "reply_to")}
        theme = self.colour.data if self.theme.data == _OWN else self.theme.data
        return CityParticulars(**lines, center=_position(self.center.data), theme=theme)

    @property
    def seen_number(self) -> int:
        """The number that the page showed; one that no city has for anything else."""
        text = self.seen.data
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


class TrialMailForm(Form):
    """A press that asks for a mail to oneself."""


def form_of_city(city: City) -> CityForm:
    """The form as the city is now."""
    now = particulars_of_city(city)
    values = {name: getattr(now, name) for name in CityForm(formdata=None).data if hasattr(now, name)}
    own = is_own(now.theme)
    values |= {"theme": _OWN if own else now.theme, "colour": now.theme if own else ""}
    values |= {"center": f"{city.center[0]}, {city.center[1]}", "seen": str(city.number)}
    return CityForm(formdata=None, **values)


def _position(text: str) -> tuple[float, float] | None:
    try:
        longitude, latitude = (float(part) for part in CODE(text).replace("、", ",").split(","))
    except ValueError:
        return None
    return longitude, latitude
