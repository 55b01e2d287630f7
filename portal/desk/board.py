"""List, map and drawer: the desk's one page, and the drawer alone when a script asks for it."""

from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from portal.cases.models import CaseFile
from portal.cases.queries import case_for_staff
from portal.core.access import allow, right, staff_member
from portal.core.security import csp_nonce
from portal.core.tenancy import current_city
from portal.core.text import pick
from portal.core.web import db
from portal.desk import queries
from portal.desk.dossier import Dossier, dossier
from portal.desk.listing import listing
from portal.desk.words import event_words
from portal.maps.charts import base_options, desk_map, layers_of
from portal.procedures.queries import offers

bp = Blueprint("desk", __name__, url_prefix="/desk")


@bp.get("")
@allow(right("case.see"))
def cases() -> ResponseReturnValue:
    """The list and the map, with no case chosen."""
    return _page(None)


@bp.get("/cases/<int:case_id>")
@allow(right("case.see"))
def case(case_id: int) -> ResponseReturnValue:
    """One case in the drawer, beside the same list and map."""
    found = case_for_staff(db(), case_id, staff_member())
    shown = _dossier(found)
    if found.unread:
        found.unread = False
        db().flush()
    if request.headers.get("HX-Request") == "true":
        wanted = listing(request.args, staff_member())
        return render_template(
            "desk/_drawer.html",
            dossier=shown,
            listing=wanted,
            base=base_options(current_city()),
            event_words=event_words,
        )
    return _page(shown)


def _dossier(found: CaseFile) -> Dossier:
    return dossier(db(), found, staff_member(), request.args.get("tab", "content"))


def _page(shown: Dossier | None) -> ResponseReturnValue:
    staff, city, session = staff_member(), current_city(), db()
    wanted = listing(request.args, staff)
    layers = layers_of(session, staff=True)
    context: dict[str, Any] = {
        "listing": wanted,
        "page": queries.case_list(session, wanted),
        "counts": queries.counts(session, wanted, staff),
        "offers": [one for one in offers(session) if one.department_id in wanted.filter.departments],
        "layers": layers,
        "map": desk_map(city, layers, wanted.query).parts(csp_nonce()),
        "dossier": shown,
        "base": base_options(city),
        "switches": [
            {"key": one.key, "title": pick(one.title, "ja"), "colour": one.style.get("fill") or one.style.get("stroke")}
            for one in layers
        ],
        "event_words": event_words,
    }
    return make_response(render_template("desk/board.html", **context))
