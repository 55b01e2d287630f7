"""Lists of procedures: all of them, those found by words, those of a life event."""

from flask import render_template, request

from portal.core.access import PUBLIC, allow
from portal.core.tenancy import current_city
from portal.core.web import db
from portal.procedures import offers
from portal.residents.blueprint import bp
from portal.residents.life_events import life_event_of, life_events, life_events_named
from portal.residents.plan_router import procedures_behind
from portal.residents.search import search


@bp.get("/procedures")
@allow(PUBLIC)
def procedures() -> str:
    """All procedures, or those in which the words of `q` are found."""
    query = request.args.get("q", "").strip()
    offered = offers(db())
    return render_template(
        "residents/procedures.html",
        query=query,
        procedures=search(offered, query, place=(current_city().name, current_city().name_en)),
        everything=offered,
        life_events=life_events(),
        events=life_events_named(query) if query else [],
    )


@bp.get("/life/<event>")
@allow(PUBLIC)
def life_event(event: str) -> str:
    """The procedures of one moment of life."""
    chosen = life_event_of(event)
    chosen_offers = [offer for offer in offers(db()) if chosen.holds(offer.definition)]
    return render_template(
        "residents/life_event.html",
        chosen=chosen,
        life_events=life_events(),
        procedures=chosen_offers,
        leads=bool(procedures_behind(chosen, chosen_offers)),
    )
