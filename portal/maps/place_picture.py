"""A place on the schematic base as one picture, for pages that run no scripts."""

from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry import shape

from geo import basemap
from geo.paper import Mark, Picture, draw_base, draw_marks, largest_scale
from geo.paper.labels import Labels
from geo.paper.sheet import SCALES
from geo.paper.svg import element
from portal.core.tenancy import City

SIZE = (640, 320)
"""Width and height in pixels."""
_KEY = "#00118f"
_FORMER = "#626264"
_DOT = '<circle r="3.2" fill="#fff"/>'


def place_picture(city: City, geometry: Mapping[str, Any], former: Mapping[str, Any] | None = None) -> str:
    """An SVG of a place (GeoJSON, of one geometry or several) with what lies around it; where the city has no schematic base, the place alone.

    `former` is where it was before, as broken lines. It takes about a tenth of a second.
    """
    placed = shape(dict(geometry))
    before = [Mark(shape(dict(former)), _FORMER, _DOT, dashed=True)] if former else []
    west, south, east, north = shapely.union_all([placed, *(mark.shape for mark in before)]).bounds
    around = Picture(SCALES[0], ((west + east) / 2, (south + north) / 2), city.plane, *SIZE)
    closest = largest_scale(around, (west, south, east, north))
    least = SCALES[1] if placed.area or placed.length else SCALES[2]  # a point says nothing without the streets to it
    picture = Picture(max(closest, least), around.centre, city.plane, *SIZE)
    labels = Labels(*SIZE)
    marks = draw_marks(picture, labels, [*before, *(Mark(part, _KEY, _DOT) for part in shapely.get_parts(placed))])
    ground = element("rect", width=SIZE[0], height=SIZE[1], fill="#ffffff")
    base = draw_base(picture, labels, city.key) if basemap.covers(*city.center) else ground
    size = {"viewBox": f"0 0 {SIZE[0]} {SIZE[1]}", "width": SIZE[0], "height": SIZE[1]}
    return element("svg", base + labels.drawing() + marks, xmlns="http://www.w3.org/2000/svg", **size)
