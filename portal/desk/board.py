"""List, map and drawer: the desk's one page, and the drawer alone when a script asks for it."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.cases.models import CaseFile
from portal.cases.queries import case_for_staff
from portal.core.access import allow, right, staff_member
from portal.core.security import csp_nonce
from portal.core.tenancy import current_city
from portal.core.web import db
from portal.desk import queries
from portal.desk.dossier import Dossier, dossier
from portal.desk.listing import Listing, listing
from portal.desk.refusal import Refusal
from portal.desk.words import event_words
from portal.maps.basemap import base_of
from portal.maps.charts import desk_map
from portal.maps.layers import drawn_layers, layers_of_rules
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
    if found.unread:
        found.unread = False
        db().flush()
    return page_of(found, request.args.get("tab", "content"))


def page_of(found: CaseFile, tab: str = "content", refused: Refusal | None = None) -> ResponseReturnValue:
    """The page with this case in the drawer, or the drawer alone for a script; with the words of a refusal, if there was one."""
    shown = dossier(db(), found, staff_member(), tab)
    status = refused.status if refused else 200
    if request.headers.get("HX-Request") == "true":
        return render_template("desk/_drawer.html", **_drawer(shown, refused)), status
    return _page(shown, refused), status


def _drawer(shown: Dossier | None, refused: Refusal | None) -> dict[str, Any]:
    return {
        "dossier": shown,
        "refused": refused,
        "listing": listing(request.args, staff_member()),
        "base": base_of(current_city(), zoom=17),
        "event_words": event_words,
    }


def _page(shown: Dossier | None, refused: Refusal | None = None) -> str:
    staff, city, session = staff_member(), current_city(), db()
    context = _drawer(shown, refused)
    wanted: Listing = context["listing"]
    mine = [one for one in offers(session) if one.department_id in wanted.filter.departments]
    layers = drawn_layers(session, judging=layers_of_rules(one.definition for one in mine))
    context |= {
        "page": queries.case_list(session, wanted),
        "counts": queries.counts(session, wanted, staff),
        "offers": mine,
        "map": desk_map(city, layers, wanted.query).parts(csp_nonce()),
        "switches": [{"key": one.key, "title": one.title, "colour": one.colour, "shown": one.shown} for one in layers],
    }
    return render_template("desk/board.html", **context)
