"""Where the need is: hexagons over the city with the cases that lie in them, as a picture; where there are few, nothing is drawn or said."""

from collections.abc import Collection, Sequence

import shapely
from shapely.geometry import Polygon
from sqlalchemy.orm import Session

from geo import basemap
from geo.paper import SCALES, Picture, draw_base, largest_scale
from geo.paper.labels import Labels
from geo.paper.svg import element, path_data
from geo.style import range_colours
from portal.cases import CaseFilter, density
from portal.core.clock import today
from portal.core.config import settings
from portal.core.tenancy import City, current_city

SIZE = (640, 400)
"""Width and height in pixels."""
_HALF_SIDE = 0.075
_ZOOM = 12
_FEWEST = 5
"""Who reads figures need not see cases, so fewer than this are hidden whatever the desk's own map shows."""


def few_below() -> int:
    """How many cases a hexagon must have to be shown."""
    return max(_FEWEST, settings().density_few_below)


def need(session: Session, departments: Collection[int], procedure: str) -> list[density.DensityClass]:
    """The hexagons of the city with enough cases, the lightest class first."""
    lon, lat = current_city().center
    box = (lon - _HALF_SIDE, lat - _HALF_SIDE, lon + _HALF_SIDE, lat + _HALF_SIDE)
    procedures = frozenset([procedure]) if procedure else frozenset()
    shown = CaseFilter(today=today(), departments=frozenset(departments), procedures=procedures)
    return [each for each in density.density_classes(session, shown, box, _ZOOM, few_below()) if each.least is not None]


def need_picture(city: City, classes: Sequence[density.DensityClass]) -> str:
    """An SVG of the hexagons over the schematic base."""
    hexagons = [Polygon(hexagon.ring) for each in classes for hexagon in each.hexagons]
    lon, lat = city.center
    bounds = shapely.union_all(hexagons).bounds if hexagons else (lon - 0.03, lat - 0.02, lon + 0.03, lat + 0.02)
    west, south, east, north = bounds
    around = Picture(SCALES[0], ((west + east) / 2, (south + north) / 2), city.plane, *SIZE)
    picture = Picture(largest_scale(around, bounds), around.centre, city.plane, *SIZE)
    labels = Labels(*SIZE)
    ground = element("rect", width=SIZE[0], height=SIZE[1], fill="#eceae4")
    base = draw_base(picture, labels, city.key) if basemap.covers(*city.center) else ground
    drawn = "".join(
        element(
            "path",
            d=path_data([picture.place_degrees(Polygon(hexagon.ring))]),
            fill=colour,
            fill_opacity=0.82,
            stroke="#ffffff",
            stroke_width=1.5,
        )
        for each, colour in zip(classes, range_colours(len(classes)), strict=True)
        for hexagon in each.hexagons
    )
    size = {"viewBox": f"0 0 {SIZE[0]} {SIZE[1]}", "width": SIZE[0], "height": SIZE[1]}
    return element("svg", base + drawn + labels.drawing(), xmlns="http://www.w3.org/2000/svg", **size)
