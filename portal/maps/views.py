"""Vector tiles of map layers: the public ones for everybody, the others for the staff who see them."""

from flask import Blueprint, Flask, Response

from geo.layers import layer_row, layer_tile, layer_tile_at, public_mark, public_tile
from portal.core.access import PUBLIC, STAFF, allow, staff_member
from portal.core.errors import NotFound
from portal.core.web import db
from portal.maps.sight import LayerSight
from portal.maps.tiles import tile_at, tile_response

bp = Blueprint("maps", __name__)


@bp.get("/map/layers/<key>/<int:z>/<int:x>/<int:y>.mvt")
@allow(PUBLIC)
def public_layer(key: str, z: int, x: int, y: int) -> Response:
    """One tile of a layer that residents may see."""
    mark = public_mark(db(), key)
    if mark is None:
        raise NotFound
    tile = tile_at(z, x, y)
    return tile_response(mark, lambda: public_tile(db(), key, tile))


@bp.get("/desk/map/layers/<key>/<int:z>/<int:x>/<int:y>.mvt")
@allow(STAFF)
def desk_layer(key: str, z: int, x: int, y: int) -> Response:
    """One tile of a layer that this member of staff sees."""
    row = layer_row(db(), key)
    if row is None or not LayerSight(db(), staff_member()).sees(row):
        raise NotFound
    tile = tile_at(z, x, y)
    return tile_response(f"{key}-{row.version}", lambda: layer_tile(db(), key, tile))


@bp.get("/desk/map/layers/<key>/versions/<int:number>/<int:z>/<int:x>/<int:y>.mvt")
@allow(STAFF)
def desk_version(key: str, number: int, z: int, x: int, y: int) -> Response:
    """One tile of a version of a layer that this member of staff sees. It never changes."""
    row = layer_row(db(), key)
    if row is None or not LayerSight(db(), staff_member()).sees(row) or not 1 <= number <= row.version:
        raise NotFound
    tile = tile_at(z, x, y)
    return tile_response(f"{key}-{number}-then", lambda: layer_tile_at(db(), key, number, tile))


def register(app: Flask) -> None:
    """Add the pages of this capability."""
    app.register_blueprint(bp)
