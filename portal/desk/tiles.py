"""Vector tiles of cases under the desk's filter: counted cells for the city, pins and areas for the street."""

from flask import Blueprint, Response, request

from geo.tiles import etag
from portal.cases import unchanged_version
from portal.cases.case_list import map_filter
from portal.cases.case_tiles import case_tile
from portal.core.access import allow, right
from portal.core.web import db
from portal.desk.case_selection import current_listing
from portal.maps import tile_at, tile_response

bp = Blueprint("desk_tiles", __name__, url_prefix="/desk/map")


@bp.get("/cases/<int:z>/<int:x>/<int:y>.mvt")
@allow(right("case.see"))
def cases(z: int, x: int, y: int) -> Response:
    """One tile; what it holds is limited to the departments of this person, so it is cached for this browser alone.

    Whether the browser has it already is asked first, where a version can tell (`cases.unchanged_version`).
    """
    at = tile_at(z, x, y)
    case_filter = map_filter(db(), current_listing().placed)
    version = unchanged_version(db(), at, case_filter, request.if_none_match.as_set(include_weak=True))
    if version is not None:
        return tile_response(version, bytes)
    tile = case_tile(db(), at, case_filter)
    return tile_response(tile.version or etag(tile.content), lambda: tile.content)
