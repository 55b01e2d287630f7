"""Search of places by name, for people who draw on a map: towns, 丁目, stations and facilities of the city."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from geo.gazetteer import is_in, search_places
from portal.core.access import PUBLIC, allow
from portal.core.tenancy import current_city
from portal.core.web import db

bp = Blueprint("place_search", __name__)


@bp.get("/map/places")
@allow(PUBLIC)
def places() -> ResponseReturnValue:
    """The places found, as buttons that take the map there; at most ten."""
    query = request.args.get("words", "").strip()
    city = current_city()
    places = search_places(db(), query, city=city.name) if query else []
    outside = not places and bool(query) and not is_in(query, city.name)
    return render_template("components/map_places.html", query=query, places=places, outside=outside)
