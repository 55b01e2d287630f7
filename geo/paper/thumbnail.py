"""A layer as a small picture, by which lists show what it is."""

import math
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.orm import Session

from common.plane import Plane
from geo.paper.layers import DrawnLayer, drawing
from geo.paper.sheet import Picture, scale_to_show
from geo.paper.svg import element
from geo.tables import layer, layer_feature

MOST_FEATURES = 600
"""More cannot be told apart in a small picture. Of a layer that has more, every so manyth is drawn."""
_NEAREST = 2500
"""The largest scale: a layer of one point would have none."""
_GROUND = "#f4f2ea"
_OPACITY = 0.35


def draw_thumbnail(
    connection: Connection | Session, drawn: DrawnLayer, *, features: int, plane: Plane, size: tuple[int, int]
) -> str:
    """An SVG of all the ground of a layer of so many `features`, `size` pixels wide and high; the ground alone for one without any.

    Plan: Index Scan on the features of the layer, twice; their shapes are read for those that are drawn.
    """
    chosen = layer_feature.c.id % max(1, math.ceil(features / MOST_FEATURES)) == 0
    body = element("rect", width=size[0], height=size[1], fill=_GROUND)
    if bounds := _bounds(connection, drawn.key, chosen):
        west, south, east, north = bounds
        picture = Picture(_NEAREST, ((west + east) / 2, (south + north) / 2), plane, *size)
        scale = max(_NEAREST, math.ceil(scale_to_show(picture, bounds)))
        body += drawing(connection, Picture(scale, picture.centre, plane, *size), _bold(drawn), chosen)
    box = f"0 0 {size[0]} {size[1]}"
    return element("svg", body, xmlns="http://www.w3.org/2000/svg", viewBox=box, width=size[0], height=size[1])


def _bold(drawn: DrawnLayer) -> DrawnLayer:
    """The layer in a style that is seen where a road is thinner than a line."""
    style = drawn.style
    seen = {"stroke": style.stroke or style.fill, "width": max(style.width, 1), "opacity": max(style.opacity, _OPACITY)}
    return replace(drawn, style=style.model_copy(update=seen))


def _bounds(
    connection: Connection | Session, key: str, chosen: ColumnElement[bool]
) -> tuple[float, float, float, float] | None:
    """West, south, east and north of the chosen features in degrees; None without any."""
    extent = func.ST_Extent(layer_feature.c.geom)
    query = select(*(side(extent) for side in (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)))
    query = query.join_from(layer_feature, layer, layer.c.id == layer_feature.c.layer_id)
    west, south, east, north = connection.execute(query.where(layer.c.key == key, chosen)).one()
    return None if west is None else (west, south, east, north)
