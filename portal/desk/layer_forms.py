"""The fixed screens of the catalogue of map layers."""

from datetime import date

from wtforms import FileField
from wtforms.validators import DataRequired, Length, Regexp

from forms.text.numbers import parse_number
from portal.cases import MAX_REASON
from portal.core.errors import Invalid
from portal.core.forms import (
    CheckboxListField,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from portal.core.text import LANGUAGES, _

KINDS = {"polygon": "面(区域)", "line": "線(道路、路線)", "point": "点(施設)"}
SIGHTS = {"public": "住民も見る", "staff": "職員だけが見る", "groups": "選んだ課だけが見る"}
FORMATS = {
    "gpkg": "GeoPackage",
    "geojson": "GeoJSON",
    "zip": "Shapefile(ZIP・CP932)",
    "csv": "CSV(Excel用)",
    "kml": "KML",
}
"""Formats of a download by the end of the file's name."""
_TITLE = "名前を入力してください。"


class NewLayerForm(Form):
    """A layer without features yet."""

    title = StringField("名前", validators=[DataRequired(_TITLE), Length(max=60)])
    key = StringField(
        "キー",
        validators=[
            DataRequired("キーを入力してください。"),
            Regexp(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*\Z", message="半角の小文字・数字・ハイフンで入力してください。"),
            Length(max=60),
        ],
    )
    kind = SelectField("形")
    owner = SelectField("管理する課")
    file = FileField("はじめのファイル")


class UploadForm(Form):
    """A file for a layer."""

    file = FileField("取り込むファイル")


class DescriptionForm(Form):
    """What the catalogue says of a layer."""

    title = StringField("名前", validators=[DataRequired(_TITLE), Length(max=60)])
    title_easy = StringField("名前(やさしい日本語)", validators=[Length(max=60)])
    title_en = StringField("名前(English)", validators=[Length(max=60)])
    title_zh = StringField("名前(中文)", validators=[Length(max=60)])
    title_ko = StringField("名前(한국어)", validators=[Length(max=60)])
    description = TextAreaField("説明", validators=[Length(max=1000)], render_kw={"rows": 3})
    owner = SelectField("管理する課")
    visible_to = RadioField("見る人")
    viewers = CheckboxListField("見る課")
    editors = CheckboxListField("編集する課")
    source = StringField("出典", validators=[Length(max=200)])
    licence = StringField("利用の条件(ライセンス)", validators=[Length(max=200)])
    attribution = StringField("地図に出す表示", validators=[Length(max=200)])
    review_on = StringField("次に見直す日", render_kw={"type": "date"})
    key_property = SelectField("同じ地物を見分ける項目")
    tolerance = StringField("境界の確かさ(m)", render_kw={"inputmode": "decimal"})
    address_property = SelectField("住所の項目")

    @property
    def tolerance_m(self) -> float | None:
        """How far edges may be off; None where nothing is entered. Raises Invalid."""
        return metres(self.tolerance.data or "", "tolerance")

    @property
    def titles(self) -> dict[str, str]:
        """The title by language; a language without one is left out."""
        typed = {language: self[f"title_{field}"].data.strip() for language, field in _FIELDS.items()}
        return {"ja": self.title.data.strip(), **{language: text for language, text in typed.items() if text}}

    @property
    def review_day(self) -> date | None:
        """The day of the next review. Raises Invalid for text that is no day."""
        text = (self.review_on.data or "").strip()
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            sentence = _("次に見直す日は、2027-04-01のように入力してください。")
            raise Invalid(sentence, {"review_on": sentence}) from error


class MapAnswerForm(Form):
    """The answer to somebody who says that the map is wrong."""

    outcome = HiddenField()
    reason = TextAreaField("答え(理由)", render_kw={"rows": 3, "maxlength": MAX_REASON})


class ToleranceForm(Form):
    """How far the edges of layers may be off that say nothing else."""

    tolerance = StringField("境界の確かさ(m)", render_kw={"inputmode": "decimal"})


def metres(text: str, field: str) -> float | None:
    """Metres from 0 to 1,000 as people type them; None for nothing. Raises Invalid for anything else."""
    if not text.strip():
        return None
    number = parse_number(text, ("m", "メートル"))
    if number is None or not 0 <= number <= _MOST_METRES:
        sentence = _("境界の確かさは、0から1,000までのメートルの数で入力してください。")
        raise Invalid(sentence, {field: sentence})
    return float(number)


_MOST_METRES = 1000
_FIELDS = {language: language.removeprefix("ja-") for language in LANGUAGES if language != "ja"}


class RetirementForm(Form):
    """Take a layer out of use, or into use again."""

    act = HiddenField()


class RestorationForm(Form):
    """Make an earlier version the newest; `seen` is the newest one on the page."""

    seen = HiddenField(validators=[Length(max=18), Regexp(r"^[0-9]+\Z")])
    note = StringField("もどす理由", validators=[Length(max=200)])
