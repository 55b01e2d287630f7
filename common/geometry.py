"""GeoJSON geometry (RFC 7946) as the city takes it: one parser and one set of rules for answers, for map layers and for PostGIS.

Coordinates are longitude and latitude in degrees (JGD2011, taken as EPSG:4326). A third number, a height, is left out.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import Polygon, shape
from shapely.geometry.base import BaseGeometry

WEST, SOUTH, EAST, NORTH = 122.0, 20.0, 155.0, 46.0
"""Japan with all its islands: 与那国島 122.93° E, 南鳥島 153.98° E, 沖ノ鳥島 20.42° N, 択捉島 45.56° N."""

MAX_VERTICES = 500
DECIMALS = 11
"""Decimals kept of a drawn position: about a thousandth of a millimetre. With 0.1 mm a strip of 100 m by half a metre, drawn exactly
as large as it may be, would be a hundredth of a square metre too large.
"""

_NO_AREA = 1e-16
"""Square degrees below which corners lie on one line (about 1 mm²)."""

_DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}

Position = tuple[float, float]
GeoJson = Mapping[str, Any]


class GeometryError(ValueError):
    """A geometry that cannot be taken. `code` names the cause, `values` belong to it.

    place_unreadable: no GeoJSON geometry, or an empty one · place_vertices: too many positions (`max`) · place_abroad,
    place_swapped: outside Japan, in the second case with latitude before longitude · line_short, polygon_short: too
    few different positions · polygon_open, polygon_hole, polygon_thin, polygon_crosses: rings.
    """

    def __init__(self, code: str, **values: int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def parse(value: object, *, max_positions: int | None = None) -> BaseGeometry:
    """Return the two-dimensional shape of any GeoJSON geometry, valid or not. Raises GeometryError and nothing else."""
    kind, coordinates = _read(value, max_positions)
    for ring in _rings(kind, coordinates):
        if ring and ring[0] != ring[-1]:
            raise GeometryError("polygon_open")
    try:
        return shape({"type": kind, "coordinates": coordinates})
    except (ValueError, IndexError, ShapelyError) as error:
        raise GeometryError("place_unreadable") from error


def require_measurable(geometry: BaseGeometry) -> BaseGeometry:
    """Return the shape unchanged. Raises GeometryError if it is empty, outside Japan, or crosses itself."""
    if geometry.is_empty:
        raise GeometryError("place_unreadable")
    _in_japan(geometry.bounds)
    if not geometry.is_valid:
        raise GeometryError("polygon_crosses")
    return geometry


def drawn(value: object, kind: str) -> list[Position]:
    """Return the validated and normalised positions of a drawn Point, LineString or Polygon. Raises GeometryError.

    Positions that repeat the one before, as a double click leaves them, are dropped. A line has two or more that differ.
    A polygon is one closed ring without holes that does not cross itself; it comes back counter-clockwise.
    """
    actual_kind, coordinates = _read(value, MAX_VERTICES + 1)
    if actual_kind != kind:
        raise GeometryError("place_unreadable")
    if kind == "Point":
        return _kept([coordinates])
    if kind == "LineString":
        course = _kept(coordinates)
        if len(course) < 2:
            raise GeometryError("line_short")
        return course
    if not coordinates:
        raise GeometryError("place_unreadable")
    if len(coordinates) > 1:
        raise GeometryError("polygon_hole")
    return _ring(_kept(coordinates[0]))


def geojson(kind: str, positions: Sequence[Position]) -> dict[str, Any]:
    """Return drawn positions as GeoJSON: a Point, a LineString, or a Polygon with one ring."""
    listed = [[lon, lat] for lon, lat in positions]
    coordinates: dict[str, list[Any]] = {"Point": listed[0], "LineString": listed, "Polygon": [listed]}
    return {"type": kind, "coordinates": coordinates[kind]}


def middle_of(geometry: GeoJson) -> Position:
    """A position on the place itself: half way along a line, inside an area. Raises GeometryError."""
    place = parse(geometry)
    spot = place.interpolate(0.5, normalized=True) if place.geom_type == "LineString" else place.representative_point()
    return spot.x, spot.y


def closed(corners: Sequence[Position]) -> list[Position]:
    """Close a ring whose corners were typed one per line."""
    ring = list(corners)
    return ring if len(ring) < 2 or ring[0] == ring[-1] else [*ring, ring[0]]


def _ring(ring: list[Position]) -> list[Position]:
    if len(set(ring)) < 3:
        raise GeometryError("polygon_short")
    if ring[0] != ring[-1]:
        raise GeometryError("polygon_open")
    area = Polygon(ring)
    if area.convex_hull.area < _NO_AREA:
        raise GeometryError("polygon_thin")
    require_measurable(area)
    return ring if area.exterior.is_ccw else ring[::-1]


def _kept(positions: Sequence[Position]) -> list[Position]:
    """Positions in Japan, rounded, without those that only repeat the one before."""
    if not positions:
        raise GeometryError("place_unreadable")
    lons, lats = zip(*positions, strict=True)
    _in_japan((min(lons), min(lats), max(lons), max(lats)))
    rounded = [(round(lon, DECIMALS), round(lat, DECIMALS)) for lon, lat in positions]
    return [at for number, at in enumerate(rounded) if number == 0 or at != rounded[number - 1]]


def _in_japan(bounds: tuple[float, float, float, float]) -> None:
    west, south, east, north = bounds
    if west >= WEST and south >= SOUTH and east <= EAST and north <= NORTH:
        return
    swapped = south >= WEST and west >= SOUTH and north <= EAST and east <= NORTH
    raise GeometryError("place_swapped" if swapped else "place_abroad")


def _read(value: object, max_positions: int | None) -> tuple[str, Any]:
    """The type and the coordinates of a geometry as numbers in lists of the depth that its type has."""
    kind = value.get("type") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(kind, str) or kind not in _DEPTHS:
        raise GeometryError("place_unreadable")
    remaining = [max_positions if max_positions is not None else math.inf]
    return kind, _nested(value.get("coordinates"), _DEPTHS[kind], remaining, max_positions)


def _nested(value: object, depth: int, remaining: list[float], max_positions: int | None) -> Any:
    if not isinstance(value, list | tuple):
        raise GeometryError("place_unreadable")
    if depth:
        if len(value) > remaining[0]:
            raise GeometryError("place_vertices", max=(max_positions or 1) - 1)
        return [_nested(part, depth - 1, remaining, max_positions) for part in value]
    remaining[0] -= 1
    if not 2 <= len(value) <= 3:
        raise GeometryError("place_unreadable")
    lon, lat, *_height = (_number(part) for part in value)
    return lon, lat


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise GeometryError("place_unreadable")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise GeometryError("place_unreadable")
    return number


def _rings(kind: str, coordinates: Any) -> Iterator[list[Position]]:
    if kind == "Polygon":
        yield from coordinates
    elif kind == "MultiPolygon":
        for polygon in coordinates:
            yield from polygon
