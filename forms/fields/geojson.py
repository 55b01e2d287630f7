"""Judging and normalising drawn geometry: GeoJSON points, lines and polygons in Japan, in longitude and latitude."""

import math
from collections.abc import Sequence

from pydantic import JsonValue
from shapely.geometry import Polygon

from forms.fields.base import Problem

MAX_VERTICES = 500
#: Decimals kept: 0.1 mm. Fewer would add square metres to a rectangle typed in whole metres.
DECIMALS = 9
_SOUTH, _NORTH, _WEST, _EAST = 24.0, 46.0, 123.0, 146.0

#: Square degrees below which corners lie on one line (about 1 mm²).
_NO_AREA = 1e-16

Position = tuple[float, float]


class BadGeometry(ValueError):
    """A geometry that cannot be taken; `problem` says how to mend it."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.problem = Problem(code, values=values)


def geometry(kind: str, positions: Sequence[Position]) -> dict[str, JsonValue]:
    """The GeoJSON of a place: its one position, its line, or the ring around it."""
    listed: list[JsonValue] = [[lon, lat] for lon, lat in positions]
    coordinates: dict[str, JsonValue] = {"Point": listed[0], "LineString": listed, "Polygon": [listed]}
    return {"type": kind, "coordinates": coordinates[kind]}


def positions(place: object, kind: str) -> list[Position]:
    """The positions of a GeoJSON geometry of the given kind, judged and normalised. Raises BadGeometry."""
    if not isinstance(place, dict) or place.get("type") != kind:
        raise BadGeometry("place_unreadable")
    return {"Point": point, "LineString": line, "Polygon": polygon}[kind](place.get("coordinates"))


def point(coordinates: object) -> list[Position]:
    """The position `[lon, lat]` of a Point. Raises BadGeometry."""
    return [_position(coordinates)]


def line(coordinates: object) -> list[Position]:
    """The positions of a LineString: two or more that differ. Raises BadGeometry."""
    course = _without_repeats(_positions(coordinates))
    if len(course) < 2:
        raise BadGeometry("line_short")
    return course


def polygon(coordinates: object) -> list[Position]:
    """The closed ring of a Polygon: one, not crossing itself, counter-clockwise (RFC 7946). Raises BadGeometry."""
    if not isinstance(coordinates, list | tuple) or len(coordinates) == 0:
        raise BadGeometry("place_unreadable")
    if len(coordinates) > 1:
        raise BadGeometry("polygon_hole")
    ring = _without_repeats(_positions(coordinates[0]))
    if len(set(ring)) < 3:
        raise BadGeometry("polygon_short")
    if ring[0] != ring[-1]:
        raise BadGeometry("polygon_open")
    shape = Polygon(ring)
    if shape.convex_hull.area < _NO_AREA:
        raise BadGeometry("polygon_thin")
    if not shape.is_valid:
        raise BadGeometry("polygon_crosses")
    return ring if shape.exterior.is_ccw else ring[::-1]


def closed(corners: Sequence[Position]) -> list[Position]:
    """A ring that ends where it begins, for corners typed one a line."""
    ring = list(corners)
    return ring if len(ring) < 2 or ring[0] == ring[-1] else [*ring, ring[0]]


def _positions(coordinates: object) -> list[Position]:
    if not isinstance(coordinates, list | tuple):
        raise BadGeometry("place_unreadable")
    if len(coordinates) > MAX_VERTICES + 1:
        raise BadGeometry("place_vertices", max=MAX_VERTICES)
    return [_position(item) for item in coordinates]


def _position(item: object) -> Position:
    if not isinstance(item, list | tuple) or not 2 <= len(item) <= 3:
        raise BadGeometry("place_unreadable")
    lon, lat = _number(item[0]), _number(item[1])
    if _in_japan(lon, lat):
        return round(lon, DECIMALS), round(lat, DECIMALS)
    raise BadGeometry("place_swapped" if _in_japan(lat, lon) else "place_abroad")


def _number(item: object) -> float:
    if isinstance(item, bool) or not isinstance(item, int | float):
        raise BadGeometry("place_unreadable")
    try:
        number = float(item)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise BadGeometry("place_unreadable")
    return number


def _in_japan(lon: float, lat: float) -> bool:
    return _WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH


def _without_repeats(course: list[Position]) -> list[Position]:
    """The positions without those that only repeat the one before: a double click leaves them."""
    return [at for index, at in enumerate(course) if index == 0 or at != course[index - 1]]
