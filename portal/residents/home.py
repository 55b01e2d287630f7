"""The first page of a city: ask box, help, life-event windows, map entrance, news."""

from flask import render_template

from portal import procedures
from portal.core.access import PUBLIC, allow
from portal.core.clock import now
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.maps import base_map_options
from portal.residents import news, office_hours
from portal.residents.blueprint import bp
from portal.residents.search import search


def _often_asked() -> list[tuple[str, str]]:
    """What many people come for: the words on the chip, and what is searched for."""
    return [
        (_("住民票の写し"), "住民票の写し"),
        (_("粗大ごみ"), "粗大ごみ"),
        (_("転入届"), "転入届"),
        (_("児童手当"), "児童手当"),
    ]


@bp.get("/")
@allow(PUBLIC)
def home() -> str:
    """Where everybody arrives."""
    offers = procedures.offers(db())
    moment = now()
    return render_template(
        "residents/home.html",
        offers=offers,
        chips=[(label, words) for label, words in _often_asked() if search(offers, words)],
        windows=procedures.windows_in_force(db()),
        on_map=[offer for offer in offers if offer.definition.place_fields],
        news=news.latest(db(), offers),
        base=base_map_options(current_city(), zoom=13),
        open_until=office_hours.open_until(moment),
        opens_next=office_hours.opens_next(moment),
    )
