"""Layers of the catalogue as small pictures, for whoever may see the layer."""

import hashlib
from collections.abc import Callable

from flask import Response, request
from sqlalchemy.orm import Session

from geo.catalogue import Entry
from geo.paper import DrawnLayer, draw_thumbnail
from geo.style import LayerStyle
from portal.core.tenancy import City
from portal.maps.layers import style_of

SIZE = (240, 144)
"""Width and height in pixels; lists show it at half of that, with lines and dots as fine as the picture is small."""


def thumbnail_tag(entry: Entry) -> str:
    """What the thumbnail of a layer depends on, as an entity tag."""
    said = repr((entry.key, entry.version, style_of(entry.kind, entry.style)))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def thumbnail(session: Session, city: City, entry: Entry) -> str:
    """The SVG of a layer as it is now, in its own style."""
    drawn = DrawnLayer(entry.key, entry.kind, LayerStyle.stored(style_of(entry.kind, entry.style)))
    return draw_thumbnail(session, drawn, features=entry.features, plane=city.plane, size=SIZE)


def picture_response(tag: str, draw: Callable[[], str]) -> Response:
    """An SVG with its entity tag, or 304 when the browser has it already; then it is not drawn.

    Browsers keep it but ask each time whether it is still right, and shared caches do not keep it. Opened by itself it runs nothing.
    """
    response = Response(mimetype="image/svg+xml")
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if not request.if_none_match.contains_weak(tag):
        response.set_data(draw())
    response.make_conditional(request)
    return response
