"""Imports of files into a layer: uploaded, asked about, read by the worker, and taken when somebody has seen what changes."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geo.catalogue import Entry
from geo.intake_changes import FeatureChange, feature_changes
from geo.reading import FileError, detect_datum
from geo.reading.sample import placed
from portal.core.access import allow, right
from portal.core.errors import Conflict, Invalid
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.desk.layer_doors import actor, edited
from portal.desk.layer_forms import KINDS, UploadForm
from portal.desk.layer_import_forms import (
    AXES,
    TYPES,
    ActForm,
    PartForm,
    TakingForm,
    column_rows,
    datum_choices,
    datum_words,
    plan_form,
    plan_of,
)
from portal.desk.layer_import_map import COLOURS, kilometres_from, shapes_map
from portal.desk.rejected_action import RejectedAction, form_of, try_action
from portal.identity import list_staff
from portal.maps import FIXES, REFUSED, LayerImport, base_map_options, importing, properties_needed, refusal, uses

bp = Blueprint("desk_layer_imports", __name__, url_prefix="/desk/layers/<key>/imports")
EDIT = right("layer.edit")
FAR = 30.0
"""Kilometres from the middle of the city from which the page doubts the coordinate system."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def begin(form: UploadForm | Any, key: str) -> str:
    """Keep the file of a form for a layer; the address of its import. Raises Invalid, Conflict."""
    file = form.file.data
    if not file:
        sentence = _("取り込むファイルを選んでください。")
        raise Invalid(sentence, {"file": sentence})
    row = importing.start_import(db(), edited(key), file.filename, file.stream, actor())
    return url_for("desk_layer_imports.show", key=key, import_id=row.id)


@bp.get("")
@allow(EDIT)
def new(key: str) -> str:
    """A place to drop a file, and the imports of this layer that are not finished."""
    return _new(edited(key))


@bp.post("")
@allow(EDIT)
def upload(key: str) -> ResponseReturnValue:
    """Keep a file, to be looked at."""
    entry, form, begun = edited(key), UploadForm(), list[str]()
    rejected = try_action(db(), "upload", lambda: begun.append(begin(form, key)), form)
    return (_new(entry, rejected), rejected.status) if rejected else redirect(begun[0], 303)


@bp.get("/<int:import_id>")
@allow(EDIT)
def show(key: str, import_id: int) -> ResponseReturnValue:
    """How far an import is, and what it asks. While the worker is at it, scripts ask again."""
    entry = edited(key)
    row = importing.import_of(db(), entry, import_id)
    if request.headers.get("HX-Request") != "true":
        return _page(entry, row)
    if row.state in {"waiting", "reading"}:
        return render_template("desk/_layer_import_progress.html", entry=entry, row=row)
    return Response(headers={"HX-Refresh": "true"})


@bp.post("/<int:import_id>")
@allow(EDIT)
def answer(key: str, import_id: int) -> ResponseReturnValue:
    """The answer to what the import asks: `act` is part | draw | read | back | compare | cancel."""
    entry, act = edited(key), ActForm().act.data
    row = importing.import_of(db(), entry, import_id, lock=True)
    form: Any = (
        PartForm() if act == "part" else plan_form(row.summary)() if row.summary and act in {"draw", "read"} else None
    )
    if act == "draw" and form is not None and row.state == "question":
        return _page(entry, row, drawn=form)
    rejected = try_action(db(), act, lambda: _do(act, entry, row, form), form)
    if rejected:
        return _page(entry, row, rejected), rejected.status
    if act == "cancel":
        return redirect(url_for("desk_layers.layer", key=key), 303)
    return redirect(url_for("desk_layer_imports.show", key=key, import_id=import_id), 303)


@bp.post("/<int:import_id>/taking")
@allow(EDIT)
def take(key: str, import_id: int) -> ResponseReturnValue:
    """Make it the next version of the layer."""
    entry, form = edited(key), TakingForm()
    row = importing.import_of(db(), entry, import_id, lock=True)

    def act() -> None:
        if not form.validate():
            raise Invalid(_("入力を確かめてください。"))
        if form.seen.data != str(row.seen):
            raise Conflict(_("この画面のあとで比べ直されています。変わるものを、もう一度確かめてください。"))
        importing.take_import(db(), entry, row, actor(), note=form.note.data.strip(), data_date=form.day)

    rejected = try_action(db(), "take", act, form)
    if rejected:
        return _page(entry, row, rejected), rejected.status
    return redirect(url_for("desk_layers.layer", key=key) + "#history", 303)


@bp.get("/<int:import_id>/report.csv")
@allow(EDIT)
def report(key: str, import_id: int) -> Response:
    """The rows that were fixed or refused, as a table to mend them by."""
    row = importing.import_of(db(), edited(key), import_id)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["行", "見出し", "結果", "理由"])
    for n, fixes, refused, label in (row.result or {"remarks": []})["remarks"]:
        safe = f"'{label}" if label.startswith(_FORMULA) else label
        why = REFUSED[refused] if refused else "、".join(FIXES[code] for code in fixes)
        writer.writerow([n, safe, "取り込まない" if refused else "直した", why])
    headers = {
        "Content-Disposition": f'attachment; filename="{key}-{import_id}.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers=headers)


def _do(act: str, entry: Entry, row: LayerImport, form: Any) -> None:
    if act == "part":
        importing.choose_part(db(), row, form.part.data)
    elif act == "read" and row.summary is not None:
        choices = datum_choices(current_city().plane.srid)
        importing.read_import(db(), row, plan_of(entry.kind, form, row.summary, choices))
    elif act == "back":
        importing.ask_again(db(), row)
    elif act == "compare":
        importing.compare_again(db(), entry, row)
    elif act == "cancel":
        importing.cancel_import(db(), entry, row, actor())
    else:
        raise Invalid(_("どれか1つを選んでください。"))


def _new(entry: Entry, rejected: RejectedAction | None = None) -> str:
    return render_template(
        "desk/layer_import_new.html",
        entry=entry,
        kinds=KINDS,
        form=form_of(rejected, "upload", UploadForm),
        imports=importing.open_imports(db(), entry),
        people=_people(),
        rejected=rejected,
    )


def _page(entry: Entry, row: LayerImport, rejected: RejectedAction | None = None, *, drawn: Any = None) -> str:
    shared = {
        "entry": entry,
        "row": row,
        "people": _people(),
        "kinds": KINDS,
        "types": TYPES,
        "problem": _sentence(row.problem) if row.problem else "",
        "base": base_map_options(current_city(), zoom=14),
        "rejected": rejected,
    }
    if row.state == "question" and row.summary is not None:
        posted = rejected.posted if rejected and rejected.name == "read" else drawn
        return render_template("desk/layer_import_plan.html", **shared, **_question(entry, row, posted))
    if row.state == "preview":
        return render_template("desk/layer_import_preview.html", **shared, **_preview(entry, row, rejected))
    parts: Any = form_of(rejected, "part", PartForm)
    parts.part.choices = [(name, name) for name in row.parts]
    return render_template("desk/layer_import.html", **shared, form=parts)


def _question(entry: Entry, row: LayerImport, posted: Any) -> dict[str, Any]:
    summary: Mapping[str, Any] = row.summary or {}
    plane = current_city().plane.srid
    choices = datum_choices(plane)
    told_datum = datum_words(summary["datum"], plane) if summary["datum"] else ""
    rows = column_rows(summary, row.plan, posted)
    form: Any = posted or plan_form(summary)(formdata=None, **_former(entry, summary, row.plan))
    taken = [each for each in rows if each.taken]
    told = [("", _("ファイルのとおり：{name}", name=told_datum) if told_datum else _("選んでください"))]
    form.epsg.choices = [*told, *choices.items()]
    form.axes.choices = list(AXES.items())
    texts = [source for source, kind in summary["columns"] if kind == "string"]
    form.address.choices = [("", _("使わない")), *((source, source) for source in texts)]
    form.known_by.choices = [
        ("", _("なし(形と項目の全部で見分ける)")),
        *((each.source, each.name) for each in taken),
    ]
    shapes = _placed(summary, form) if form.epsg.data in choices or form.axes.data else summary["shown"]
    needed = properties_needed(uses(db()).get(entry.key, []))
    away = kilometres_from(current_city(), shapes)
    return {
        "form": form,
        "summary": summary,
        "datum": told_datum,
        "rows": rows,
        "map": shapes_map(current_city(), [("file", shape) for shape in shapes]),
        "away": away,
        "is_far": away is not None and away > FAR,
        "missing": sorted(needed - {each.name for each in taken}),
        "gone": [name for name in entry.columns if name not in {each.name for each in taken}],
    }


def _former(entry: Entry, summary: Mapping[str, Any], plan: Mapping[str, Any] | None) -> dict[str, str]:
    """What the questions begin with: what was answered before, else what the file and the layer suggest."""
    if plan:
        source = next((each["source"] for each in plan["columns"] if each["name"] == plan["key"]), "")
        axes = {None: "", False: "east", True: "north"}[plan["swapped"]]
        address = plan.get("address") or ""
        return {"epsg": str(plan["epsg"] or ""), "axes": axes, "known_by": source, "address": address}
    suggestion = (summary["problem"] or {"values": {}})["values"].get("suggestion")
    named = {name for name, _kind in summary["columns"]}
    known_by = entry.key_property if entry.key_property in named else None
    return {"epsg": str(suggestion or ""), "known_by": known_by or "", "address": summary.get("address") or ""}


def _placed(summary: Mapping[str, Any], form: Any) -> Any:
    """The sample where it lies by the chosen coordinate system; nothing where the numbers cannot be in it. Points of addresses stay."""
    if not summary.get("has_position", True):
        return summary["shown"]
    epsg = form.epsg.data or (summary["datum"] or {}).get("epsg")
    swapped = {"east": False, "north": True}.get(form.axes.data)
    try:
        datum = detect_datum(None, tuple(summary["bounds"]), chosen=int(epsg), swapped=swapped) if epsg else None
    except FileError as error:
        if error.code == "datum_contradicts":
            form.epsg.errors = [_("座標の値は、この座標系の範囲にありません。")]
        return []
    return placed(summary["sample"], datum) if datum else summary["shown"]


def _preview(entry: Entry, row: LayerImport, rejected: RejectedAction | None) -> dict[str, Any]:
    result, plan = row.result or {}, row.plan or {}
    names = [name for name, _kind in result["columns"]]
    changes = feature_changes(db(), row.intake_id or 0, entry.key, plan["key"] or next(iter(names), None))
    needed = properties_needed(uses(db()).get(entry.key, []))
    form: Any = form_of(rejected, "take", TakingForm)
    form.seen.data = str(row.seen)
    return {
        "form": form,
        "result": result,
        "change": row.change,
        "is_none": not any((row.change or {})[name] for name in ("added", "changed", "removed")),
        "changes": changes,
        "map": shapes_map(current_city(), [(each.outcome, each.shape) for each in _drawn(changes)]),
        "colours": COLOURS,
        "fixes": FIXES,
        "refusals": REFUSED,
        "missing": sorted(needed - set(names)),
        "gone": [name for name in entry.columns if name not in names],
        "overtaken": entry.version != row.seen,
    }


def _drawn(changes: list[FeatureChange]) -> list[FeatureChange]:
    """Those that are removed first, so that what comes in their place lies above."""
    return sorted(changes, key=lambda each: ["removed", "changed", "added"].index(each.outcome))


def _sentence(problem: Mapping[str, Any]) -> str:
    return refusal(FileError(problem["code"], **problem["values"]))


def _people() -> dict[int, str]:
    return {staff.id: staff.name for staff in list_staff(db())}
