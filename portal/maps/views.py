"""Vector tiles of map layers: the public ones for everybody, all of them at the desk."""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, request
from sqlalchemy import select

from geo.tables import layer
from geo.tiles import layer_tile, layer_version
from portal.core.access import PUBLIC, STAFF, allow
from portal.core.errors import NotFound
from portal.core.web import db
from portal.maps import places

bp = Blueprint("maps", __name__)
MVT = "application/vnd.mapbox-vector-tile"


@bp.get("/map/layers/<key>/<int:z>/<int:x>/<int:y>.mvt")
@allow(PUBLIC)
def public_layer(key: str, z: int, x: int, y: int) -> Response:
    """One tile of a layer that everybody may see."""
    if db().scalar(select(layer.c.visible_to).where(layer.c.key == key)) != "public":
        raise NotFound
    return _layer(key, z, x, y)


@bp.get("/desk/map/layers/<key>/<int:z>/<int:x>/<int:y>.mvt")
@allow(STAFF)
def desk_layer(key: str, z: int, x: int, y: int) -> Response:
    """One tile of any layer, for staff."""
    return _layer(key, z, x, y)


def _layer(key: str, z: int, x: int, y: int) -> Response:
    version = layer_version(db(), key)
    if version is None:
        raise NotFound
    response = Response(mimetype=MVT)
    response.set_etag(f"{key}-{version}")
    response.headers["Cache-Control"] = "private, no-cache"
    if not request.if_none_match.contains(f"{key}-{version}"):
        response.set_data(tile_or_missing(lambda: layer_tile(db(), key, z, x, y)))
    return response.make_conditional(request)  # type: ignore[return-value]


def tile_or_missing(make: Callable[[], bytes]) -> bytes:
    """The tile, or NotFound for a tile outside the pyramid."""
    try:
        return make()
    except ValueError as error:
        raise NotFound from error


def register(app: Flask) -> None:
    """Add the pages of this capability."""
    app.register_blueprint(bp)
    app.register_blueprint(places.bp)
