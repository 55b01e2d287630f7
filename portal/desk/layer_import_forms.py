"""The screens of an import: where the file lies on the earth, which of its columns are taken and as what, and the last word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from flask import request
from wtforms.validators import Length

from geo.reading import Column, Plan
from portal.core.errors import Invalid
from portal.core.forms import Form, HiddenField, SelectField, StringField
from portal.core.text import _

TYPES = {"string": "文字", "number": "数", "boolean": "はい・いいえ"}
AXES = {"": "数の大きさから決める", "east": "経度・緯度(東・北)の順", "north": "緯度・経度(北・東)の順"}
_PLANES = 19
"""Plane rectangular systems of Japan (平成14年国土交通省告示第9号)."""
_NAME = 60


def datum_choices(plane: int | None) -> dict[str, str]:
    """Coordinate systems by their EPSG code; those of the city's own plane system come before the others.

    plane: the code of the city's plane system of JGD2011 (6669 to 6687).
    """
    degrees = {
        6668: "JGD2011 経緯度",
        4612: "JGD2000 経緯度",
        4301: "日本測地系(旧) 経緯度",
        4326: "WGS 84 経緯度(GPS)",
    }
    planes = {
        first + number: f"{name} 平面直角座標 第{number + 1}系"
        for first, name in ((6669, "JGD2011"), (2443, "JGD2000"), (30161, "日本測地系(旧)"))
        for number in range(_PLANES)
    }
    own = [] if plane is None else [plane, plane - 6669 + 2443, plane - 6669 + 30161]
    ordered = {code: planes[code] for code in own if code in planes}
    texts = {**degrees, **ordered, **planes, 3857: "Webメルカトル"}
    return {str(code): f"{text}(EPSG:{code})" for code, text in texts.items()}


class PlanForm(Form):
    """How a file is read."""

    epsg = SelectField("座標系(測地系)")
    axes = SelectField("座標の順")
    known_by = SelectField("同じ地物を見分ける項目")


class PartForm(Form):
    """Which layer of a file."""

    part = SelectField("ファイルの中の層")


class TakingForm(Form):
    """What the history says of the new version; `seen` is the version with which the page compared."""

    seen = HiddenField(validators=[Length(max=18)])
    note = StringField("取り込む理由", validators=[Length(max=200)])
    data_date = StringField("データの日", render_kw={"type": "date"})

    @property
    def day(self) -> date | None:
        """The day as of which the data are right. Raises Invalid for text that is no day."""
        text = self.data_date.data.strip()
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            sentence = _("データの日は、2027-04-01のように入力してください。")
            raise Invalid(sentence, {"data_date": sentence}) from error


@dataclass
class ColumnRow:
    """A column of the file on the page: what is typed about it, and what is wrong with that."""

    source: str
    kind_in_file: str
    taken: bool
    name: str
    kind: str
    examples: Sequence[str]
    error: str = ""


@dataclass
class ColumnTable:
    """The columns of a file as the page asks about them."""

    rows: list[ColumnRow] = field(default_factory=list)

    @classmethod
    def of(cls, found: Mapping[str, Any], plan: Mapping[str, Any] | None, *, posted: bool) -> "ColumnTable":
        """As they were posted, else as they were planned before, else as the file has them."""
        planned = {each["source"]: each for each in (plan or {}).get("columns") or ()}
        table = cls()
        for number, (source, kind) in enumerate(found["columns"]):
            examples = [str(row[source]) for row in found["rows"] if row.get(source) not in {None, ""}][:3]
            row = ColumnRow(source, kind, not planned or source in planned, source, kind, examples)
            if source in planned:
                row.name, row.kind = planned[source]["name"], planned[source]["kind"]
            if posted:
                row.taken = f"take-{number}" in request.form
                row.name = request.form.get(f"name-{number}", source).strip()
                row.kind = request.form.get(f"kind-{number}", kind)
            table.rows.append(row)
        return table

    @property
    def taken(self) -> list[ColumnRow]:
        """Those that become properties."""
        return [row for row in self.rows if row.taken]

    def check(self) -> None:
        """Write beside each row what is wrong with it. Raises Invalid."""
        names = [row.name for row in self.taken]
        for row in self.taken:
            if not row.name or len(row.name) > _NAME:
                row.error = _("項目の名前を、{n}文字までで入力してください。", n=_NAME)
            elif names.count(row.name) > 1:
                row.error = _("「{name}」が2つあります。別の名前にしてください。", name=row.name)
            elif row.kind not in TYPES:
                row.error = _("種類を選んでください。")
        if any(row.error for row in self.rows):
            raise Invalid(_("項目の表を確かめてください。"))


def plan_of(kind: str, form: PlanForm, table: ColumnTable, choices: Mapping[str, str], *, declared: bool) -> Plan:
    """How the file is to be read, as it was posted. `declared`: the file says its coordinate system. Raises Invalid."""
    table.check()
    epsg = form.epsg.data
    if epsg not in choices and not (declared and not epsg):
        sentence = _(
            "座標系を選んでください。分からないときは、ファイルをくれた人に聞くか、地図を描いて確かめてください。"
        )
        raise Invalid(sentence, {"epsg": sentence})
    names = {row.source: row.name for row in table.taken}
    if form.known_by.data and form.known_by.data not in names:
        sentence = _("同じ地物を見分ける項目は、取り込む項目から選んでください。")
        raise Invalid(sentence, {"known_by": sentence})
    return Plan(
        kind,
        epsg=int(epsg) if epsg else None,
        swapped={"east": False, "north": True}.get(form.axes.data),
        columns=[Column(row.source, row.name, cast(Any, row.kind)) for row in table.taken],
        key=names.get(form.known_by.data),
    )
