"""What may become the shape of a feature that somebody draws, and how shapes are divided, joined and cut.

Shapes are in longitude and latitude. Lines between two positions are straight there, as tiles and files have them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal, cast

import numpy
import shapely
from shapely import LineString, MultiLineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge
from shapely.ops import split as split_by

from common.geometry import GeometryError, parse, require_measurable
from common.plane import Plane
from geo.reading.shapes import DIMENSION, of_dimension, plain

MAX_POSITIONS = 20_000
"""Of a shape that is drawn or edited by hand; files bring larger ones (`geo.reading.shapes`)."""
_AT = re.compile(r"\[(-?[\d.eE+-]+) (-?[\d.eE+-]+)\]")
_KIND_OF = {0: "point", 1: "line", 2: "polygon"}

FaultCode = Literal[
    "unreadable", "too_many", "abroad", "swapped", "open", "crosses", "kind", "far", "apart", "nothing_left", "outside", "single"
]  # fmt: skip


class ShapeFault(ValueError):
    """A shape that cannot be taken, or an operation that changes nothing.

    unreadable: no geometry of numbers · too_many positions · abroad, swapped: outside Japan, in the second case with latitude first · open: a
    ring that does not end where it begins · crosses: an outline that crosses or touches itself · kind: not what the layer holds · far from the
    city · apart: the line does not divide the shape · nothing_left of it · outside: what is cut lies beside it · single: there is
    nothing to join. `at` is the position of the fault, `repaired` a shape that would be taken.
    """

    def __init__(
        self, code: FaultCode, *, at: tuple[float, float] | None = None, repaired: BaseGeometry | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.at = at
        self.repaired = repaired


_CODES: dict[str, FaultCode] = {"place_vertices": "too_many", "place_abroad": "abroad", "place_swapped": "swapped", "polygon_open": "open"}  # fmt: skip


def checked(value: object, kind: str, *, near: tuple[float, float] | None = None, reach: float = 0) -> BaseGeometry:
    """The shape of a GeoJSON geometry, as features of a layer of that kind have it. Heights are left out. Raises ShapeFault.

    `near` is a position from which it may lie at most `reach` degrees away.
    """
    try:
        geom = parse(value, max_positions=MAX_POSITIONS + 1)
    except GeometryError as error:
        raise ShapeFault(_CODES.get(error.code, "unreadable")) from error
    if geom.is_empty:
        raise ShapeFault("unreadable")
    return sound(geom, kind, near=near, reach=reach)


def sound(geom: BaseGeometry, kind: str, *, near: tuple[float, float] | None = None, reach: float = 0) -> BaseGeometry:
    """A shape as features of a layer of that kind have it. Raises ShapeFault."""
    if shapely.get_dimensions(geom) != DIMENSION[kind] or geom.geom_type == "GeometryCollection":
        raise ShapeFault("kind")
    if shapely.get_num_coordinates(geom) > MAX_POSITIONS:
        raise ShapeFault("too_many")
    _in_japan(geom)
    if near is not None and geom.distance(Point(near)) > reach:
        raise ShapeFault("far", at=_first(geom))
    if not geom.is_valid:
        raise ShapeFault("crosses", at=_where(geom), repaired=_repaired(geom, kind))
    if kind == "line" and geom.length == 0:
        raise ShapeFault("unreadable")
    return cast(BaseGeometry, plain(geom))


def split(geom: BaseGeometry, line: BaseGeometry) -> list[BaseGeometry]:
    """The parts into which a line divides a shape, the largest first. Raises ShapeFault (apart)."""
    if not isinstance(line, LineString) or geom.geom_type.endswith("Point"):
        raise ShapeFault("kind")
    blade: BaseGeometry = shapely.unary_union(line)  # a line that crosses itself divides at its crossings
    parts: list[BaseGeometry] = []
    for part in shapely.get_parts(geom):
        parts += split_by(part, blade).geoms if part.intersects(blade) else [part]
    if len(parts) <= shapely.get_num_geometries(geom):
        raise ShapeFault("apart", at=_first(line))
    kind = _KIND_OF[int(shapely.get_dimensions(geom))]
    size = shapely.area if kind == "polygon" else shapely.length
    return sorted((sound(part, kind) for part in parts), key=size, reverse=True)


def merged(geoms: Sequence[BaseGeometry], kind: str) -> BaseGeometry:
    """One shape of several: areas that touch become one outline, lines that meet at their ends one line. Raises ShapeFault."""
    if len(geoms) < 2:
        raise ShapeFault("single")
    joined = shapely.union_all(geoms)
    if kind == "line" and isinstance(joined, MultiLineString):
        joined = linemerge(joined)
    return sound(joined, kind)


def cut(geom: BaseGeometry, area: BaseGeometry, kind: str) -> BaseGeometry:
    """What remains of a shape without an area: with a hole where the area lies inside. Raises ShapeFault."""
    if not isinstance(area, Polygon) or kind == "point":
        raise ShapeFault("kind")
    _require_valid(area)
    rest = of_dimension(shapely.difference(geom, area), DIMENSION[kind])
    if rest is None or rest.is_empty:
        raise ShapeFault("nothing_left", at=_first(geom))
    if shapely.equals(rest, geom):
        raise ShapeFault("outside", at=_first(area))
    return sound(rest, kind)


def add_part(geom: BaseGeometry, part: BaseGeometry, kind: str) -> BaseGeometry:
    """A shape of several parts, with one more. Raises ShapeFault."""
    _require_valid(part)
    return sound(shapely.union_all([geom, part]), kind)


def moved(geom: BaseGeometry, plane: Plane, east: float, north: float) -> BaseGeometry:
    """The shape so many metres further to the east and to the north in the plane system."""

    def shift(positions: Any) -> Any:
        there = [(x + east, y + north) for x, y in plane.project([tuple(each) for each in positions.tolist()])]
        return numpy.array(plane.locate(there))

    return shapely.transform(geom, shift)


def in_plane(geom: BaseGeometry, plane: Plane) -> BaseGeometry:
    """The shape in metres of the plane system, where it is measured."""
    return shapely.transform(
        geom, lambda positions: numpy.array(plane.project([tuple(each) for each in positions.tolist()]))
    )


def _require_valid(geom: BaseGeometry) -> None:
    if not geom.is_valid:
        raise ShapeFault("crosses", at=_where(geom))


def _in_japan(geom: BaseGeometry) -> None:
    try:
        require_measurable(shapely.box(*geom.bounds) if geom.bounds[0] < geom.bounds[2] else Point(geom.bounds[:2]))
    except GeometryError as error:
        if error.code in _CODES:
            raise ShapeFault(_CODES[error.code], at=_first(geom)) from error


def _repaired(geom: BaseGeometry, kind: str) -> BaseGeometry | None:
    part = of_dimension(shapely.make_valid(geom), DIMENSION[kind])
    return None if part is None or part.is_empty else cast(BaseGeometry, plain(part))


def _where(geom: BaseGeometry) -> tuple[float, float]:
    """The position that GEOS names as the reason why a shape is not valid."""
    named = _AT.search(shapely.is_valid_reason(geom))
    return (float(named[1]), float(named[2])) if named else _first(geom)


def _first(geom: BaseGeometry) -> tuple[float, float]:
    lon, lat = shapely.get_coordinates(geom)[0]
    return float(lon), float(lat)


def rings_of(geom: BaseGeometry) -> Iterator[tuple[str, Any]]:
    """Each run of positions of a shape with what it is: point | line | outline | hole; rings without their closing position."""
    for part in shapely.get_parts(geom):
        if isinstance(part, Polygon):
            yield "outline", part.exterior.coords[:-1]
            yield from (("hole", hole.coords[:-1]) for hole in part.interiors)
        else:
            yield ("point" if isinstance(part, Point) else "line"), list(part.coords)
