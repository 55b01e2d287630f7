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
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.procedures import Offer, offers, windows_in_force
from portal.residents import office_hours
from portal.residents.blueprint import bp
from portal.residents.definition_texts import words
from portal.residents.paging import page_of
from portal.residents.plan_router import procedures_behind
from portal.residents.search_results import results_page

_ON_MAP = "on-map"
_OF_SHELF, _PAGE = 20, 30
"""Procedures that are shown of each window on the page of all, and on each page of one window."""


@dataclass(frozen=True)
class Shelf:
    """Procedures that people look for in one place: those of a window of the first page, those of none, those with a map."""

    key: str
    title: str
    offers: Sequence[Offer]

    @property
    def first(self) -> Sequence[Offer]:
        """Those that stand on the page of all procedures."""
        return self.offers[:_OF_SHELF]


@bp.get("/procedures")
@allow(PUBLIC)
def procedures() -> ResponseReturnValue:
    """All procedures, those of one `shelf`, or what the words of `q` mean."""
    if query := request.args.get("q", "").strip():
        return results_page(query)
    offered = offers(db())
    shelves = _shelves(offered, windows_in_force(db()))
    if "shelf" not in request.args:
        return render_template("residents/procedures.html", count=len(offered), shelves=shelves)
    on_map = Shelf(_ON_MAP, _("場所を地図で示してできる手続き"), done_on_map(offered))
    shelf = next((each for each in (*shelves, on_map) if each.key == request.args["shelf"]), None)
    if shelf is None:
        raise NotFound
    return render_template("residents/shelf.html", shelf=shelf, page=page_of(shelf.offers, _PAGE))


@bp.get("/life/<event>")
@allow(PUBLIC)
def life_event(event: str) -> str:
    """The procedures of one moment of life."""
    windows = windows_in_force(db())
    number, chosen = next(((n, window) for n, window in enumerate(windows, 1) if window.key == event), (0, None))
    if chosen is None:
        raise NotFound
    held = [offer for offer in offers(db()) if chosen.holds(offer.definition)]
    online_first = sorted(held, key=lambda offer: (not offer.definition.has_form, _distance(offer.definition, chosen)))
    page = page_of(online_first, _PAGE)
    return render_template(
        "residents/life_event.html",
        chosen=chosen,
        number=number,
        windows=windows,
        page=page,
        online=[offer for offer in page.items if offer.definition.has_form],
        in_person=[offer for offer in page.items if not offer.definition.has_form],
        leads=bool(procedures_behind(chosen, held)),
        open_until=office_hours.open_until(now(), current_city().hours),
        opens_next=office_hours.opens_next(now(), current_city().hours),
    )


def done_on_map(offered: Sequence[Offer]) -> list[Offer]:
    """The procedures in which a place is shown on the map."""
    return [offer for offer in offered if offer.definition.place_fields]


def _shelves(offered: Sequence[Offer], windows: Sequence[Window]) -> list[Shelf]:
    """Every procedure once, at the window where people look for it first."""
    placed: dict[str, list[Offer]] = {window.key: [] for window in windows}
    others: list[Offer] = []
    for offer in offered:
        window = _place(offer.definition, windows)
        (placed[window.key] if window else others).append(offer)
    shelves = [Shelf(window.key, words(window.title), placed[window.key]) for window in windows]
    return [shelf for shelf in (*shelves, Shelf("others", _("そのほか"), others)) if shelf.offers]


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
