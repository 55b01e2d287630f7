"""Where the need is: hexagons over the city with the cases that lie in them, as a picture; where there are few, nothing is drawn or said."""

from collections.abc import Collection, Sequence

import shapely
from shapely.geometry import Polygon, box
from sqlalchemy.orm import Session

from geo import basemap
from geo.paper import Picture, draw_base
from geo.paper.labels import Labels
from geo.paper.sheet import scale_to_show
from geo.paper.svg import element, path_data
from portal.cases import CaseFilter, density
from portal.core.clock import today
from portal.core.config import settings
from portal.core.tenancy import City, current_city

SIZE = (640, 400)
"""Width and height in pixels."""
RAMP = ("#b3c8fb", "#7c9bf0", "#4463d6", "#1c2fae")
"""The colour of each class, from few to many."""
_HALF_SIDE = 0.075
_LEAST_AROUND = (0.03, 0.018)
"""Degrees from the middle of the city to the edges of what is always shown."""
_ZOOM = 12
_FEWEST = 5
"""Who reads figures need not see cases, so fewer than this are hidden whatever the desk's own map shows."""


def few_below() -> int:
    """How many cases a hexagon must have to be shown."""
    return max(_FEWEST, settings().density_few_below)


def need(session: Session, departments: Collection[int], procedure: str) -> list[density.DensityClass]:
    """The hexagons of the city with enough cases, the lightest class first."""
    lon, lat = current_city().center
    around = (lon - _HALF_SIDE, lat - _HALF_SIDE, lon + _HALF_SIDE, lat + _HALF_SIDE)
    procedures = frozenset([procedure]) if procedure else frozenset()
    shown = CaseFilter(today=today(), departments=frozenset(departments), procedures=procedures)
    return [
        each for each in density.density_classes(session, shown, around, _ZOOM, few_below()) if each.least is not None
    ]


def need_picture(city: City, classes: Sequence[density.DensityClass]) -> str:
    """An SVG of the hexagons over the schematic base."""
    lon, lat = city.center
    across, up = _LEAST_AROUND
    middle = box(lon - across, lat - up, lon + across, lat + up)
    shown = shapely.union_all(
        [middle, *(Polygon(hexagon.ring) for each in classes for hexagon in each.hexagons)]
    ).bounds
    west, south, east, north = shown
    around = Picture(1, ((west + east) / 2, (south + north) / 2), city.plane, *SIZE)
    picture = Picture(round(scale_to_show(around, shown)), around.centre, city.plane, *SIZE)
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
        for each, colour in zip(classes, RAMP, strict=False)
        for hexagon in each.hexagons
    )
    size = {"viewBox": f"0 0 {SIZE[0]} {SIZE[1]}", "width": SIZE[0], "height": SIZE[1]}
    return element("svg", base + drawn + labels.drawing(), xmlns="http://www.w3.org/2000/svg", **size)
