"""Vector tiles as HTTP answers."""

from collections.abc import Callable

from flask import Response, request

from geo import Tile
from portal.core.errors import NotFound

_MIMETYPE = "application/vnd.mapbox-vector-tile"


def tile_at(z: int, x: int, y: int) -> Tile:
    """The tile of an address. Raises NotFound for one outside the pyramid."""
    try:
        return Tile(z, x, y)
    except ValueError as error:
        raise NotFound from error


def tile_response(etag: str, render: Callable[[], bytes]) -> Response:
    """The tile with its entity tag, or 304 when the browser has it already; then it is not rendered.

    Browsers keep it but ask again each time, and shared caches do not: what a tile shows may depend on the reader's rights.
    """
    response = Response(mimetype=_MIMETYPE)
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    if not request.if_none_match.contains_weak(etag):
        response.set_data(render())
    response.make_conditional(request)
    return response
