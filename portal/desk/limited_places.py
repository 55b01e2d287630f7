"""How full the limited places of a department's procedures are."""

from flask import Blueprint, render_template

from portal import bookings
from portal.bookings import Pool
from portal.cases import pool_name
from portal.core.access import allow, right, staff_member
from portal.core.clock import today
from portal.core.text import using_language
from portal.core.web import db
from portal.procedures import offers

bp = Blueprint("desk_places", __name__, url_prefix="/desk/places")


@bp.get("")
@allow(right("case.see"))
def places() -> str:
    """Every pool in which somebody has something from today on. Nobody is named."""
    departments = staff_member().departments("case.see")
    definitions = {
        offer.key: offer.definition
        for offer in offers(db())
        if offer.department_id in departments and offer.definition.capacity
    }
    states = bookings.pool_states(db(), definitions, today())
    with using_language("ja"):
        rows = [
            (
                definitions[state.procedure_key].title.ja,
                pool_name(db(), definitions[state.procedure_key], Pool(state.rule, state.edition, state.key)),
                state,
            )
            for state in states
        ]
    return render_template("desk/places.html", rows=rows)
