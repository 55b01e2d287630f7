"""Printed maps: begun from the staff map, a layer, a case or a dossier; chosen, ordered, waited for, and fetched as PDF.

What is searched for and whose places are shown stand in the row, sealed, and never in an address.
"""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geo.catalogue import Entry, entries
from geo.paper import MAX_FEATURES, MAX_VERTICES, DrawnLayer, Sheet, work_of
from geo.style import LayerStyle
from portal.core.access import STAFF, allow, staff_member
from portal.core.errors import Invalid, NotFound
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.desk.layer_doors import actor, sight
from portal.desk.map_print_choice import choice_of
from portal.desk.map_print_content import content_of, offered
from portal.desk.map_print_form import MAX_LAYERS, BeginForm, PrintForm
from portal.desk.map_print_map import print_map
from portal.desk.rejected_action import RejectedAction, try_action
from portal.desk.viewing import record_list
from portal.files.serving import pdf_attachment
from portal.identity import list_departments
from portal.maps import base_map_options, prints, style_of
from portal.maps.prints import MapPrint, PrintedLayer, PrintOrder

bp = Blueprint("desk_map_prints", __name__, url_prefix="/desk/prints")


@bp.get("")
@allow(STAFF)
def overview() -> str:
    """The printed maps of this person."""
    return render_template("desk/map_prints.html", rows=prints.own_prints(db(), staff_member().id), kept=prints.KEPT)


@bp.post("")
@allow(STAFF)
def begin() -> ResponseReturnValue:
    """Begin a printed map from the page on which the button is."""
    form = BeginForm()
    if not form.validate():
        raise NotFound
    choice = choice_of(db(), current_city(), staff_member(), form)
    row = prints.begin(db(), staff_member().id, choice)
    return redirect(url_for("desk_map_prints.show", print_id=row.id), 303)


@bp.get("/<int:print_id>")
@allow(STAFF)
def show(print_id: int) -> ResponseReturnValue:
    """Its form, how far the worker is, or the way to the PDF. While it is made, scripts ask again."""
    row = prints.own_print(db(), staff_member().id, print_id)
    if request.headers.get("HX-Request") != "true":
        return _page(row)
    if row.state in {"waiting", "drawing"}:
        return render_template("desk/_map_print_progress.html", row=row)
    return Response(headers={"HX-Refresh": "true"})


@bp.post("/<int:print_id>")
@allow(STAFF)
def order(print_id: int) -> ResponseReturnValue:
    """Have it made as the form says."""
    row, form = prints.own_print(db(), staff_member().id, print_id, lock=True), PrintForm()
    rejected = try_action(db(), "order", lambda: _order(row, form), form)
    if rejected:
        return _page(row, form, rejected), rejected.status
    return redirect(url_for("desk_map_prints.show", print_id=print_id), 303)


@bp.post("/<int:print_id>/again")
@allow(STAFF)
def again(print_id: int) -> ResponseReturnValue:
    """Begin another one with the same choice."""
    row = prints.again(db(), prints.own_print(db(), staff_member().id, print_id))
    return redirect(url_for("desk_map_prints.show", print_id=row.id), 303)


@bp.get("/<int:print_id>/map.pdf")
@allow(STAFF)
def file(print_id: int) -> Response:
    """The PDF, as long as this person sees all of its layers. That it was fetched is an event."""
    row = prints.own_print(db(), staff_member().id, print_id)
    if row.ordered is None:
        raise NotFound
    ordered = PrintOrder.from_stored(row.ordered)
    if not {layer.key for layer in ordered.layers} <= _seen_layers().keys():
        raise NotFound
    return pdf_attachment(ordered.title, prints.fetch(db(), row, actor()))


def _order(row: MapPrint, form: PrintForm) -> None:
    if not form.validate():
        raise Invalid(_("入力を確かめてください。"))
    city, staff = current_city(), staff_member()
    sheet = form.sheet(city.plane)
    layers = _chosen_layers(row, form)
    _require_drawable(sheet, layers)
    kept: dict[str, Any] = {
        name: row.choice[name] for name in ("filter", "case", "dossier", "opacities") if name in row.choice
    }
    content = content_of(db(), staff, kept, sheet, [each for each in form.more.data if each in offered(kept)])
    opacities = row.choice.get("opacities", {})
    ordered = PrintOrder(
        title=form.title.data.strip(),
        paper=sheet.paper,
        landscape=sheet.landscape,
        scale=sheet.scale,
        centre=sheet.centre,
        base=form.base.data,
        layers=tuple(PrintedLayer(entry.key, opacities.get(entry.key, 1)) for entry in layers),
        places=content.places,
        tables=content.tables,
        person=staff.name,
        department=_department(),
        condition=content.condition,
        case_ids=content.case_ids,
    )
    prints.order(db(), row, kept | form.as_choice(), ordered, actor())
    record_list(db(), staff, "map_print", len(content.case_ids))


def _chosen_layers(row: MapPrint, form: PrintForm) -> list[Entry]:
    """The chosen layers in the order of the form. Raises NotFound for one that this person does not see, Invalid for too many."""
    seen = _seen_layers()
    if len(form.layers.data) > MAX_LAYERS:
        sentence = _("1枚の地図に重ねられる層は、{most}までです。", most=MAX_LAYERS)
        raise Invalid(sentence, {"layers": sentence})
    chosen = set(form.layers.data)
    if not chosen <= seen.keys():
        raise NotFound
    return [entry for entry in _in_order(row, seen) if entry.key in chosen]


def _require_drawable(sheet: Sheet, layers: list[Entry]) -> None:
    """Raise Invalid for layers with more on the sheet than it holds."""
    drawn = [
        DrawnLayer(entry.key, entry.kind, LayerStyle.stored(style_of(entry.kind, entry.style))) for entry in layers
    ]
    work = work_of(db(), sheet, drawn)
    if work.is_too_much:
        sentence = _(
            "この範囲の地図は、1枚に描ける量(図形{features}件、頂点{vertices}点)をこえています。縮尺を大きくするか、重ねる地図を減らしてください。",
            features=f"{MAX_FEATURES:,}",
            vertices=f"{MAX_VERTICES:,}",
        )
        raise Invalid(sentence, {"scale": sentence})


def _seen_layers() -> dict[str, Entry]:
    """The layers in use, with features, that this person sees, in the order of maps."""
    sees = sight()
    return {entry.key: entry for entry in entries(db()) if entry.in_use and entry.features and sees.sees(entry)}


def _in_order(row: MapPrint, seen: dict[str, Entry]) -> list[Entry]:
    """Layers in the order in which the choice has them, the others after them."""
    first = [key for key in row.choice.get("layers", []) if key in seen]
    return [seen[key] for key in dict.fromkeys([*first, *seen])]


def _department() -> str:
    """The departments of this person, for the head of the paper."""
    mine = staff_member()
    titles = [each.title["ja"] for each in list_departments(db()) if each.id in mine.roles or each.id in mine.carried]
    return titles[0] if len(titles) == 1 else ""


def _page(row: MapPrint, form: PrintForm | None = None, rejected: RejectedAction | None = None) -> str:
    seen, city = _in_order(row, _seen_layers()), current_city()
    context: dict[str, Any] = {"row": row, "rejected": rejected, "form": None, "map": None, "problem": None}
    if row.state in {"draft", "failed"}:
        if form is None:
            form = PrintForm(formdata=None)
            form.process(formdata=None, **{name: row.choice.get(name) for name in form.as_choice()})
        form.offer(seen, offered(row.choice), row.choice.get("opacities", {}))
        shown = {key: row.choice.get("opacities", {}).get(key, 1) for key in form.layers.data}
        context |= {"form": form, "map": print_map(city, form, seen, shown), "most": MAX_LAYERS}
        context["base"] = base_map_options(city, zoom=14)
        if row.problem:
            context["problem"] = _(
                "地図に描くものが多すぎて、つくれませんでした。縮尺を大きくするか、重ねる地図を減らしてください。"
            )
    return render_template("desk/map_print.html", **context)
