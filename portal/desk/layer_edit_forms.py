"""The screens of editing a layer: a step of any kind, the values of a feature, a property that is new, and the last word."""

from collections.abc import Mapping
from math import isfinite
from typing import Any
from uuid import uuid4

from wtforms.validators import Length

from portal.core.errors import Invalid
from portal.core.forms import CheckboxListField, Form, HiddenField, SelectField, StringField, TextAreaField
from portal.core.text import _
from portal.desk.layer_version_form import NOTE_LENGTH, VersionForm

SYSTEMS = {"plane": "平面直角座標(m)", "degrees": "緯度・経度(度)"}
DRAWN_ACTS = {"split": "線で2つに分ける", "cut": "囲みを切り取る(中なら穴になる)", "part": "部分を足す"}
COLUMN_KINDS = {"string": "文字", "number": "数", "boolean": "はい・いいえ"}
_FURTHEST = 100_000.0
_LONG = 80
"""Characters from which a value is shown in several lines; those with line ends always are."""


class StepForm(Form):
    """A step: `act` says which, `geometry` is GeoJSON that the map drew, `positions` are coordinates that somebody typed."""

    act = HiddenField()
    token = HiddenField(validators=[Length(max=60)])
    feature = HiddenField(validators=[Length(max=18)])
    features = CheckboxListField("地物")
    geometry = HiddenField()
    positions = TextAreaField("座標", render_kw={"rows": 8, "spellcheck": "false"})
    system = HiddenField()
    east = StringField("東へ(m)", render_kw={"inputmode": "text"})
    north = StringField("北へ(m)", render_kw={"inputmode": "text"})
    choice = HiddenField()
    n = HiddenField(validators=[Length(max=9)])

    @property
    def feature_id(self) -> int | None:
        """The feature, if one is named."""
        return int(self.feature.data) if _is_id(self.feature.data) else None

    @property
    def feature_ids(self) -> list[int]:
        """The features that were checked, in their order on the page."""
        return [int(text) for text in self.features.data if _is_id(text)]

    @property
    def metres(self) -> tuple[float, float]:
        """How far to the east and to the north. Raises Invalid."""
        faults, lengths = dict[str, str](), list[float]()
        for field in (self.east, self.north):
            try:
                length = float(field.data.strip() or "0")
            except ValueError:
                length = float("nan")
            if not isfinite(length) or abs(length) > _FURTHEST:
                faults[field.name] = _("{label}は、100km以内の数で入力してください。例：-2.5", label=field.label.text)
            lengths.append(length)
        if faults:
            raise Invalid(_("入力を確かめてください。"), faults)
        return lengths[0], lengths[1]


def fresh_token() -> str:
    """What makes sending a form of this page twice one step."""
    return uuid4().hex


def properties_form(columns: Mapping[str, str], values: Mapping[str, str]) -> Form:
    """The form for the values of a feature: `p0` is the first column, and so on; `values` are shown in them."""
    shown = {f"p{n}": values.get(name, "") for n, name in enumerate(columns)}
    form: Form = _properties(columns, values)(formdata=None, **shown)
    for field in form:
        if isinstance(field, SelectField):
            field.choices = [("", ""), ("true", _("はい")), ("false", _("いいえ"))]
    return form


def posted_properties(columns: Mapping[str, str]) -> dict[str, str]:
    """What was posted for the columns, by their names; those that were not posted are left out."""
    form = _properties(columns, {})()
    return {name: form[f"p{n}"].data for n, name in enumerate(columns) if form[f"p{n}"].raw_data}


def _properties(columns: Mapping[str, str], values: Mapping[str, str]) -> type[Form]:
    fields = {f"p{n}": _input(name, kind, values.get(name, "")) for n, (name, kind) in enumerate(columns.items())}
    return type("PropertiesForm", (Form,), fields)


def _input(name: str, kind: str, value: str) -> Any:
    if kind == "boolean":
        return SelectField(name)
    if "\n" in value or len(value) > _LONG:
        return TextAreaField(name, render_kw={"rows": 4})
    return StringField(name, render_kw={"inputmode": "decimal"} if kind == "number" else None)


class ColumnForm(Form):
    """A property that features can have from now on."""

    name = StringField("項目の名前")
    kind = SelectField("種類")


class PublicationForm(VersionForm):
    """What the history says of the new version; `seen` is the mark of the draft on the page."""

    seen = HiddenField(validators=[Length(max=80)])
    note = StringField("編集の理由", validators=[NOTE_LENGTH])


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
