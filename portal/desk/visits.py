"""Site visits at the desk: the list of those that wait, what a phone takes along of one, and the page that works without a connection."""

import base64
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from shapely.geometry import GeometryCollection, mapping, shape
from werkzeug.wrappers import Response

from forms import Definition, inputs_of
from portal.cases import (
    Case,
    evaluate_form,
    finishing_move,
    form_to_fill,
    open_answers,
    seen_version,
    sight_of,
    visits,
)
from portal.cases.moves import roles_in
from portal.cases.queries import case_for_staff, places_of
from portal.core.access import STAFF_PUBLIC, allow, right, staff_member
from portal.core.assets import STATIC, manifest
from portal.core.errors import Conflict, Forbidden, NotFound
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.desk.viewing import record_list, record_look
from portal.maps import base_map_options, place_picture
from portal.procedures import definition_of
from portal.residents.answers import sections
from portal.residents.questions import Questions

_SHOWN = 100
"""Rows of the list; the next come up as the first are done."""
KEPT_FOR = timedelta(days=7)
"""For how long a phone keeps what it took along of a case."""

bp = Blueprint("desk_visits", __name__, url_prefix="/desk/visits")


@bp.get("")
@allow(right("case.read_place"))
def waiting() -> str:
    """The site visits that wait for this person, the earliest due first or (`order=walk`) as they can be walked, in a list and on a map."""
    staff = staff_member()
    rows = visits.waiting_visits(db(), staff, _SHOWN + 1)
    more, rows = len(rows) > _SHOWN, rows[:_SHOWN]
    walks = request.args.get("order") == "walk"
    rows = visits.walking_order(rows) if walks else rows
    rendered = render_template(
        "desk/visits.html",
        rows=rows,
        more=more,
        days=KEPT_FOR.days,
        walks=walks,
        stops=_stops(rows, walks=walks),
        base=base_map_options(current_city(), zoom=14),
    )
    record_list(db(), staff, "visits", len(rows))
    return rendered


@bp.get("/<int:case_id>/picture")
@allow(right("case.read_place"))
def picture(case_id: int) -> Response:
    """The place of a case as a picture of the map."""
    drawing = _picture(_case(case_id))
    if drawing is None:
        raise NotFound
    response = Response(drawing, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@bp.get("/<int:case_id>/stages/<stage>")
@allow(right("case.read_place"))
def take_along(case_id: int, stage: str) -> Response:
    """What a phone keeps of a site visit: what this person may see of the site, the empty form, and the version that was seen."""
    case, staff = _case(case_id), staff_member()
    definition = definition_of(db(), case.version_id)
    if stage not in definition.stage_forms:
        raise NotFound
    form = form_to_fill(definition, case, stage)
    if form is None:
        raise Conflict(_("この案件は、現地確認を待っていません。"))
    if not roles_in(staff, case) & finishing_move(definition, case, stage).roles:
        raise Forbidden
    drawing = _picture(case)
    answer = jsonify(
        staff=staff.id,
        case=case.id,
        stage=stage,
        number=case.number,
        title=case.title,
        place=case.place_label,
        seen=str(seen_version(db(), case)),
        days=KEPT_FOR.days,
        html=render_template(
            "desk/_visit.html",
            case=case,
            form=form,
            stage=next(own for own in definition.workflow.stages if own.id == stage),
            sections=_site(case, definition),
            picture=base64.b64encode(drawing.encode()).decode() if drawing else "",
            questions=Questions(
                form, form.steps[0], evaluate_form(db(), form, {}), inputs_of(form, form.steps[0].id, {})
            ),
        ),
    )
    record_look(db(), staff, case=case)
    return answer


@bp.get("/kept")
@allow(right("case.read_place"))
def kept() -> str:
    """The page that shows what a phone keeps. It names nobody: the phone keeps it too, and shows it without a connection."""
    return render_template("desk/visits_kept.html", staff=None, days=KEPT_FOR.days)


@bp.get("/worker.js")
@allow(STAFF_PUBLIC)
def worker() -> Response:
    """The service worker; from this address it answers for pages below `/desk/visits/` and no other."""
    response = Response((STATIC / "dist" / manifest()["worker.js"]).read_bytes(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _stops(rows: Sequence[visits.Visit], *, walks: bool) -> dict[str, Any] | None:
    """The places of visits under the numbers of their rows as GeoJSON, with the way along them for those who walk; None without any."""
    placed = [(number, row) for number, row in enumerate(rows, 1) if row.lon is not None]
    if not placed:
        return None
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
            "properties": {"number": number, "title": f"{number}. {row.number} {row.place or row.title}"},
        }
        for number, row in placed
    ]
    if walks and len(placed) > 1:
        line = {"type": "LineString", "coordinates": [[row.lon, row.lat] for _number, row in placed]}
        features.append({"type": "Feature", "geometry": line, "properties": {}})
    return {"type": "FeatureCollection", "features": features}


def _case(case_id: int) -> Case:
    """A case whose place this person may see. Raises NotFound and Forbidden."""
    case = case_for_staff(db(), case_id, staff_member())
    if not sight_of(staff_member(), case).place:
        raise Forbidden
    return case


def _site(case: Case, definition: Definition) -> list[object]:
    """What this person may see of the site, in words."""
    answers = open_answers(current_city().key, case.answers)
    shown = {
        key
        for key in sight_of(staff_member(), case).fields(definition) & answers.keys()
        if not definition.fields[key].is_place
    }
    return [*sections(definition, answers, case.facts, shown)]


def _picture(case: Case) -> str | None:
    places = places_of(db(), case.id)
    if not places:
        return None
    return place_picture(current_city(), mapping(GeometryCollection([shape(place.geometry) for place in places])))
