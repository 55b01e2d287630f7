"""Metres on the ground, in the plane that the cities measure in: EPSG:6677, JGD2011 平面直角座標系 IX系."""

import math
from functools import cache

from pyproj import Transformer
from shapely.geometry import LineString, Polygon

from forms.fields.geojson import DECIMALS, Position

_PLANE = "EPSG:6677"


@cache
def _to_plane() -> Transformer:
    return Transformer.from_crs("EPSG:4326", _PLANE, always_xy=True)


@cache
def _from_plane() -> Transformer:
    return Transformer.from_crs(_PLANE, "EPSG:4326", always_xy=True)


def _projected(positions: list[Position]) -> list[Position]:
    lons, lats = zip(*positions, strict=True)
    return list(zip(*_to_plane().transform(lons, lats), strict=True))


def area(ring: list[Position]) -> float:
    """Area of a closed ring in square metres."""
    return float(Polygon(_projected(ring)).area)


def length(positions: list[Position]) -> float:
    """Length of a line in metres."""
    return float(LineString(_projected(positions)).length)


def rectangle(centre: Position, along: float, across: float, bearing: float) -> list[Position]:
    """A closed ring around `centre`, `along` metres in the direction `bearing` (degrees from north, clockwise) by `across`.

    Built in the plane, so that its area is exactly along × across. Grid north there differs from true north by less
    than a degree, which is less than anybody reads from a map.
    """
    [(x, y)] = _projected([centre])
    angle = math.radians(bearing)
    ahead = (math.sin(angle) * along / 2, math.cos(angle) * along / 2)
    aside = (math.cos(angle) * across / 2, -math.sin(angle) * across / 2)
    corners = [
        (x + forward * ahead[0] + side * aside[0], y + forward * ahead[1] + side * aside[1])
        for forward, side in ((1, 1), (1, -1), (-1, -1), (-1, 1))
    ]
    xs, ys = zip(*corners, strict=True)
    lons, lats = _from_plane().transform(xs, ys)
    ring = [(round(lon, DECIMALS), round(lat, DECIMALS)) for lon, lat in zip(lons, lats, strict=True)]
    return [*ring, ring[0]]
