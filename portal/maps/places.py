"""Finding a place by its name, for those who draw on a map: towns, 丁目, stations and facilities of the city."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from geo.geocode import search_places
from portal.core.access import PUBLIC, allow
from portal.core.web import db

bp = Blueprint("map_places", __name__)


@bp.get("/map/places")
@allow(PUBLIC)
def places() -> ResponseReturnValue:
    """What the words name, as buttons that take the map there; at most ten."""
    words = request.args.get("words", "").strip()
    found = search_places(db(), words) if words else []
    return render_template("components/map_places.html", words=words, found=found)
