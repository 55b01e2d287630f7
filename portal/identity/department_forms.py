"""The fixed screens of departments."""

from wtforms.validators import InputRequired, Length, ValidationError

from portal.core.forms import Form, HiddenField, SelectField, StringField
from portal.identity.department_administration import LANGUAGES, Particulars
from writing.folding import CODE

_NAMES = {"ja": "日本語", "ja-easy": "やさしい日本語", "en": "English", "zh": "中文", "ko": "한국어"}
_HINTS = {"ja-easy": "読みを、かっこで書きます。例 道路課(どうろか)"}
_LONGEST = Length(max=200, message="200文字までで入力してください。")


def _position(text: str) -> tuple[float, float] | None:
    """Longitude and latitude, as maps and people copy them: with a comma, in digits of any width. None for anything else."""
    try:
        longitude, latitude = (float(part) for part in CODE(text).replace("、", ",").split(","))
    except ValueError:
        return None
    return longitude, latitude


def _readable_position(_form: Form, field: StringField) -> None:
    if field.data.strip() and _position(field.data) is None:
        raise ValidationError("経度と緯度を、コンマで区切って入力してください。例 139.4077, 35.714")


def _title(language: str) -> StringField:
    label, hint = f"名前({_NAMES[language]})", _HINTS.get(language, "")
    return StringField(label, description=hint, validators=[_LONGEST], render_kw={"autocomplete": "off"})


class DepartmentForm(Form):
    """What people read of a department."""

    title_ja = _title("ja")
    title_ja_easy = _title("ja-easy")
    title_en = _title("en")
    title_zh = _title("zh")
    title_ko = _title("ko")
    phone = StringField("電話", validators=[_LONGEST], render_kw={"type": "tel", "autocomplete": "off"})
    mail = StringField("メールアドレス", validators=[_LONGEST], render_kw={"type": "email", "autocomplete": "off"})
    hours = StringField("受付時間", validators=[_LONGEST], render_kw={"autocomplete": "off"})
    place = StringField("窓口の場所", validators=[_LONGEST], render_kw={"autocomplete": "off"})
    position = StringField(
        "建物の位置(経度, 緯度)", validators=[_LONGEST, _readable_position], render_kw={"autocomplete": "off"}
    )
    seen = HiddenField()

    @property
    def translations(self) -> list[tuple[str, StringField]]:
        """The fields of the names in other languages, each with the language."""
        return [(language, self[_field(language)]) for language in LANGUAGES if language != "ja"]

    @property
    def particulars(self) -> Particulars:
        """What was written, without a position that cannot be read."""
        return Particulars(
            {language: self[_field(language)].data for language in LANGUAGES},
            phone=self.phone.data,
            mail=self.mail.data,
            hours=self.hours.data,
            place=self.place.data,
            position=_position(self.position.data),
        )


class NewDepartmentForm(DepartmentForm):
    """A new department, with the key that it keeps."""

    key = StringField(
        "キー",
        filters=[str.strip],
        validators=[InputRequired("キーを入力してください。例 road-management"), _LONGEST],
        render_kw={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"},
    )


class OrderForm(Form):
    """Behind which department another one is put; `first` before all."""

    after = SelectField("並ぶところ", choices=[])


class ClosingForm(Form):
    """Which department takes everything over; `step` is confirm once it was read."""

    successor = SelectField("引き継ぐ課", choices=[])
    step = HiddenField()
    seen = HiddenField()


def data_of(particulars: Particulars) -> dict[str, str]:
    """What the form begins with for a department that there is."""
    position = particulars.position
    return {
        **{_field(language): text for language, text in particulars.title.items()},
        "phone": particulars.phone or "",
        "mail": particulars.mail or "",
        "hours": particulars.hours or "",
        "place": particulars.place or "",
        "position": f"{position[0]}, {position[1]}" if position else "",
    }


def _field(language: str) -> str:
    return f"title_{language.replace('-', '_')}"
