"""The addresses of OGC API Tiles: a layer as vector tiles, as TileJSON and with its style."""

from collections.abc import Callable, Mapping

from flask import Response, request

from geo.tiles import etag
from portal.core.errors import Invalid
from portal.core.text import _
from portal.maps import tile_at, tile_response
from portal.ogc import collections as seen
from portal.ogc import tile_documents
from portal.ogc.arguments import known_only
from portal.ogc.documents import JSON, Document
from portal.ogc.responses import document
from portal.ogc.tile_documents import MATRIX_SET, STYLE, TILEJSON


def tile_sets(key: str) -> Response:
    """The sets of tiles of a collection."""
    return _document(tile_documents.tile_sets(seen.collection(key)))


def tile_set(key: str) -> Response:
    """Where the tiles of a collection are."""
    return _document(tile_documents.tile_set(seen.collection(key)))


def tilejson(key: str) -> Response:
    """The same as TileJSON."""
    return _document(tile_documents.tilejson(seen.collection(key)), TILEJSON)


def tile(key: str, z: int, y: int, x: int) -> Response:
    """One tile, which names its row before its column."""
    known_only(request.args)
    each, place = seen.collection(key), tile_at(z, x, y)
    if each.version is not None:
        return tile_response(each.version, lambda: each.tile(place))
    made = each.tile(place)
    return tile_response(etag(made), lambda: made)


def style(key: str) -> Response:
    """How a layer is painted, for MapLibre."""
    return _document(tile_documents.style(seen.collection(key)), STYLE)


def matrix_sets() -> Response:
    """The tilings that are served."""
    return _document(tile_documents.matrix_sets())


def matrix_set() -> Response:
    """The one tiling that is served."""
    return _document(tile_documents.matrix_set())


def _document(content: Document, media: str = JSON) -> Response:
    known_only(request.args)
    if request.args.get("f", "json") != "json":
        sentence = _("ここで使える f は、json だけです。")
        raise Invalid(sentence, {"f": sentence})
    return document(content, media)


ADDRESSES: Mapping[str, Callable[..., Response]] = {
    "/tileMatrixSets": matrix_sets,
    f"/tileMatrixSets/{MATRIX_SET}": matrix_set,
    "/collections/<key>/style": style,
    "/collections/<key>/tiles": tile_sets,
    f"/collections/<key>/tiles/{MATRIX_SET}": tile_set,
    f"/collections/<key>/tiles/{MATRIX_SET}/tilejson": tilejson,
    f"/collections/<key>/tiles/{MATRIX_SET}/<int:z>/<int:y>/<int:x>": tile,
}
