"""What the map beside the list says of its pins: number, procedure, state, days and assignee of the cases that are looked at."""

from flask import Blueprint, render_template, request

from portal.cases.queries import labels_on_map
from portal.core.access import allow, right, staff_member
from portal.core.web import db

MOST = 100
"""Cases that are asked about at once."""

bp = Blueprint("desk_case_cards", __name__, url_prefix="/desk/map")


@bp.get("/cards")
@allow(right("case.see"))
def cards() -> str:
    """A card for each of the cases `case` that this person sees, the earliest due first; names and addresses are not on it."""
    case_ids = [
        int(text) for text in request.args.get("case", "").split(",")[:MOST] if text.isdecimal() and len(text) < 10
    ]
    labels = labels_on_map(db(), case_ids, staff_member().departments("case.see"))
    return render_template("desk/_case_cards.html", labels=labels)
