"""Lists of procedures: all of them, those found by words, those of a life event."""

from flask import render_template, request

from forms.catalogue.windows import windows_named
from portal.core.access import PUBLIC, allow
from portal.core.errors import NotFound
from portal.core.tenancy import current_city
from portal.core.web import db
from portal.procedures import offers, windows_in_force
from portal.residents.blueprint import bp
from portal.residents.plan_router import procedures_behind
from portal.residents.search import search


@bp.get("/procedures")
@allow(PUBLIC)
def procedures() -> str:
    """All procedures, or those in which the words of `q` are found."""
    query = request.args.get("q", "").strip()
    offered = offers(db())
    windows = windows_in_force(db()) if query else ()
    return render_template(
        "residents/procedures.html",
        query=query,
        procedures=search(offered, query, place=(current_city().name, current_city().name_en)),
        everything=offered,
        windows=windows,
        named=windows_named(windows, query),
    )


@bp.get("/life/<event>")
@allow(PUBLIC)
def life_event(event: str) -> str:
    """The procedures of one moment of life."""
    windows = windows_in_force(db())
    number, chosen = next(((n, window) for n, window in enumerate(windows, 1) if window.key == event), (0, None))
    if chosen is None:
        raise NotFound
    chosen_offers = [offer for offer in offers(db()) if chosen.holds(offer.definition)]
    return render_template(
        "residents/life_event.html",
        chosen=chosen,
        number=number,
        windows=windows,
        procedures=chosen_offers,
        leads=bool(procedures_behind(chosen, chosen_offers)),
    )
