"""Lists of procedures: all of them by the windows of the first page, and those of one moment of life."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from forms import Definition
from forms.catalogue.windows import Window
from portal.core.access import PUBLIC, allow
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.web import db
from portal.procedures import Offer, offers, windows_in_force
from portal.residents import office_hours
from portal.residents.blueprint import bp
from portal.residents.plan_router import procedures_behind
from portal.residents.search_results import results_page


@dataclass(frozen=True)
class Shelf:
    """The procedures of a window; without one, those that stand behind none."""

    window: Window | None
    offers: Sequence[Offer]


@bp.get("/procedures")
@allow(PUBLIC)
def procedures() -> ResponseReturnValue:
    """All procedures, or what the words of `q` mean."""
    if query := request.args.get("q", "").strip():
        return results_page(query)
    offered, windows = offers(db()), windows_in_force(db())
    return render_template("residents/procedures.html", count=len(offered), shelves=_shelves(offered, windows))


@bp.get("/life/<event>")
@allow(PUBLIC)
def life_event(event: str) -> str:
    """The procedures of one moment of life."""
    windows = windows_in_force(db())
    number, chosen = next(((n, window) for n, window in enumerate(windows, 1) if window.key == event), (0, None))
    if chosen is None:
        raise NotFound
    held = [offer for offer in offers(db()) if chosen.holds(offer.definition)]
    chosen_offers = sorted(held, key=lambda offer: _distance(offer.definition, chosen))
    return render_template(
        "residents/life_event.html",
        chosen=chosen,
        number=number,
        windows=windows,
        online=[offer for offer in chosen_offers if offer.definition.has_form],
        in_person=[offer for offer in chosen_offers if not offer.definition.has_form],
        leads=bool(procedures_behind(chosen, chosen_offers)),
        open_until=office_hours.open_until(now()),
        opens_next=office_hours.opens_next(now()),
    )


def _shelves(offered: Sequence[Offer], windows: Sequence[Window]) -> list[Shelf]:
    """Every procedure once, at the window where people look for it first."""
    places = [(offer, _place(offer.definition, windows)) for offer in offered]
    shelves = [Shelf(window, [offer for offer, place in places if place is window]) for window in (*windows, None)]
    return [shelf for shelf in shelves if shelf.offers]


def _distance(definition: Definition, window: Window) -> int:
    """How far down its moments of life a procedure names one of this window: what is made for the moment stands before what serves it too."""
    named = definition.routing.life_events if definition.routing else ()
    return next((number for number, event in enumerate(named) if event in window.life_events), 0)


def _place(definition: Definition, windows: Sequence[Window]) -> Window | None:
    """The window of its kind, or else of the moment of life that it names first."""
    named = definition.routing.life_events if definition.routing else ()
    of_kind = (window for window in windows if definition.kind in window.kinds)
    of_moment = (window for event in named for window in windows if event in window.life_events)
    return next(of_kind, None) or next(of_moment, None)
