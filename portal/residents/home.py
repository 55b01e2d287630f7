"""The first page of a city: ask box, help, life-event windows, map entrance, news."""

from flask import render_template

from portal import news, procedures
from portal.core.access import PUBLIC, allow
from portal.core.clock import now
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.maps import base_map_options
from portal.residents import office_hours
from portal.residents.blueprint import bp
from portal.residents.map_needs import MapNeeds, need_titles
from portal.residents.procedure_lists import done_on_map

_NEWS, _ON_MAP = 4, 12
"""Articles of the news that the first page shows, and procedures with a map."""


def _often_asked() -> list[tuple[str, str]]:
    """What many people come for: the words on the chip, and the key of the procedure."""
    return [
        (_("住民票の写し"), "resident-certificate"),
        (_("粗大ごみ"), "bulky-waste"),
        (_("転入届"), "moving-in"),
        (_("児童手当"), "child-allowance"),
    ]


@bp.get("/")
@allow(PUBLIC)
def home() -> str:
    """Where everybody arrives."""
    offers = procedures.offers(db())
    on_map = done_on_map(offers)
    moment = now()
    return render_template(
        "residents/home.html",
        offers=offers,
        chips=[(label, key) for label, key in _often_asked() if any(offer.key == key for offer in offers)],
        windows=[
            (number, window)
            for number, window in enumerate(procedures.windows_in_force(db()), 1)
            if any(window.holds(offer.definition) for offer in offers)
        ],
        needs=[(need, *need_titles()[need]) for need in MapNeeds(db(), offers).offered],
        on_map=on_map[:_ON_MAP],
        more_on_map=len(on_map[_ON_MAP:]),
        news=news.shown_articles(db(), _NEWS),
        base=base_map_options(current_city(), zoom=13),
        open_until=office_hours.open_until(moment, current_city().hours),
        opens_next=office_hours.opens_next(moment, current_city().hours),
    )
