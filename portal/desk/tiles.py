"""Vector tiles of cases under the desk's filter: counted cells for the city, pins and areas for the street."""

from flask import Blueprint, Response, request

from geo.tiles import etag
from portal.cases import case_tile, map_filter
from portal.core.access import allow, right, staff_member
from portal.core.web import db
from portal.desk.listing import listing
from portal.maps import tile_at, tile_response

bp = Blueprint("desk_tiles", __name__, url_prefix="/desk/map")


@bp.get("/cases/<int:z>/<int:x>/<int:y>.mvt")
@allow(right("case.see"))
def cases(z: int, x: int, y: int) -> Response:
    """One tile; what it holds is limited to the departments of this person, so it is cached for this browser alone."""
    current = listing(request.args, staff_member()).placed
    tile = case_tile(db(), tile_at(z, x, y), map_filter(db(), current))
    return tile_response(etag(tile), lambda: tile)
