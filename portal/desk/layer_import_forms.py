"""The screens of an import: where the file lies on the earth, which of its columns are taken and as what, and the last word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from wtforms.validators import Length

from geo.reading import Column, Plan
from portal.core.errors import Invalid
from portal.core.forms import CheckboxListField, Form, HiddenField, SelectField, StringField
from portal.core.text import _
from portal.desk.layer_version_form import NOTE_LENGTH, VersionForm

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


def datum_words(datum: Mapping[str, Any], plane: int | None) -> str:
    """A coordinate system (epsg, name) as it is called here, else as the register of EPSG or the file calls it."""
    code = datum["epsg"]
    return datum_choices(plane).get(str(code)) or (f"{datum['name']}(EPSG:{code})" if code else str(datum["name"]))


class ActForm(Form):
    """Which button was pressed."""

    act = HiddenField()


class PlanForm(ActForm):
    """How a file is read. `take` are the numbers of the columns that become properties; see `plan_form` for the others."""

    epsg = SelectField("座標系(測地系)")
    axes = SelectField("座標の順")
    address = SelectField("住所の項目")
    known_by = SelectField("同じ地物を見分ける項目")
    take = CheckboxListField("取り込む項目")


def plan_form(summary: Mapping[str, Any]) -> type[PlanForm]:
    """The form for a file: with `name_0` and `kind_0`, what its first column is called and of which kind it is, and so on."""
    numbers = range(len(summary["columns"]))
    fields = {f"name_{n}": StringField("層での名前") for n in numbers} | {
        f"kind_{n}": SelectField("種類") for n in numbers
    }
    return type("PlanForm", (PlanForm,), fields)


class PartForm(ActForm):
    """Which layer of a file."""

    part = SelectField("ファイルの中の層")


class TakingForm(VersionForm):
    """What the history says of the new version; `seen` is the version with which the page compared."""

    seen = HiddenField(validators=[Length(max=18)])
    note = StringField("取り込む理由", validators=[NOTE_LENGTH])


@dataclass(frozen=True)
class ColumnRow:
    """A column of the file on the page: its number there, and what is chosen and typed about it."""

    number: int
    source: str
    taken: bool
    name: str
    kind: str
    examples: Sequence[str]


def column_rows(summary: Mapping[str, Any], plan: Mapping[str, Any] | None, posted: PlanForm | None) -> list[ColumnRow]:
    """The columns of a file as they were posted, else as they were planned before, else as the file has them."""
    planned = {each["source"]: each for each in (plan or {}).get("columns") or ()}
    rows = []
    for n, (source, kind_in_file) in enumerate(summary["columns"]):
        examples = [str(row[source]) for row in summary["rows"] if row.get(source) not in {None, ""}][:3]
        former = planned.get(source, {"name": source, "kind": kind_in_file})
        taken, name, kind = not planned or source in planned, former["name"], former["kind"]
        if posted is not None:
            taken, name = str(n) in posted.take.data, posted[f"name_{n}"].data.strip()
            kind = posted[f"kind_{n}"].data
        rows.append(ColumnRow(n, source, taken, name, kind, examples))
    return rows


def _checked(rows: Sequence[ColumnRow]) -> list[ColumnRow]:
    """Those that are taken. Raises Invalid with what is wrong beside each."""
    taken = [row for row in rows if row.taken]
    names = [row.name for row in taken]
    faults: dict[str, str] = {}
    for row in taken:
        if not row.name or len(row.name) > _NAME:
            faults[f"name_{row.number}"] = _(
                "「{name}」の層での名前を、{n}文字までで入力してください。", name=row.source, n=_NAME
            )
        elif names.count(row.name) > 1:
            faults[f"name_{row.number}"] = _("「{name}」が2つあります。別の名前にしてください。", name=row.name)
        elif row.kind not in TYPES:
            faults[f"kind_{row.number}"] = _("「{name}」の種類を選んでください。", name=row.source)
    if faults:
        raise Invalid(_("項目の表を確かめてください。"), faults)
    return taken


def plan_of(kind: str, form: PlanForm, summary: Mapping[str, Any], choices: Mapping[str, str]) -> Plan:
    """How the file is to be read, as it was posted; `choices` are the coordinate systems. Raises Invalid."""
    taken = _checked(column_rows(summary, None, form))
    epsg = form.epsg.data
    if epsg not in choices and (epsg or summary["datum"] is None):
        sentence = _(
            "座標系を選んでください。分からないときは、ファイルをくれた人に聞くか、地図を描いて確かめてください。"
        )
        raise Invalid(sentence, {"epsg": sentence})
    names = {row.source: row.name for row in taken}
    if form.known_by.data and form.known_by.data not in names:
        sentence = _("同じ地物を見分ける項目は、取り込む項目から選んでください。")
        raise Invalid(sentence, {"known_by": sentence})
    address = form.address.data or None
    if address is None and not summary.get("has_position", True):
        sentence = _("座標の列がないファイルです。住所が書いてある項目を選んでください。")
        raise Invalid(sentence, {"address": sentence})
    return Plan(
        kind,
        epsg=int(epsg) if epsg else None,
        swapped={"east": False, "north": True}.get(form.axes.data),
        columns=[Column(row.source, row.name, cast(Any, row.kind)) for row in taken],
        key=names.get(form.known_by.data),
        address=address,
    )
