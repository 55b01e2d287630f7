"""How a draw went: its seed, its order and its results, so that anybody can work it out again. Nobody is named but by receipt number."""

from flask import render_template

from portal import bookings
from portal.cases.lotteries import result_lines
from portal.core.access import PUBLIC, allow
from portal.core.errors import NotFound
from portal.core.web import db
from portal.procedures import current_version, definition_of, find_procedure
from portal.residents.blueprint import bp


@bp.get("/lotteries/<int:number>")
@allow(PUBLIC)
def lottery(number: int) -> str:
    """One draw."""
    drawn = bookings.draw_by_id(db(), number)
    procedure = find_procedure(db(), drawn.procedure_key) if drawn else None
    version = current_version(db(), procedure) if procedure else None
    if drawn is None or version is None:
        raise NotFound
    return render_template(
        "residents/lottery.html",
        drawn=drawn,
        promise_kept=drawn.fingerprint == bookings.fingerprint(drawn.seed),
        definition=definition_of(db(), version.id),
        lines=result_lines(db(), drawn),
    )
