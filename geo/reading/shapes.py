"""The geometries of a file: fixed where that cannot be wrong, refused where it can."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy
import shapely
from shapely import (
    Point,
    force_2d,
    get_coordinates,
    get_dimensions,
    get_num_coordinates,
    make_valid,
    set_srid,
    transform,
    union_all,
)
from shapely.geometry.base import BaseGeometry

from geo.reading.datum import Datum, in_japan

MAX_POSITIONS = 200_000
_COLLECTION = 7  # shapely's number of a GeometryCollection
DIMENSION = {"point": 0, "line": 1, "polygon": 2}


class _Refused(ValueError):
    """The geometry cannot become a feature: empty · too_many · not_finite · kind · outside"""


@dataclass(frozen=True, slots=True)
class Shapes:
    """Geometries as features can have them (an array, None where one was refused); what was done to some, and why some were refused, by
    their places in it.
    """

    geoms: Any
    fixes: Mapping[int, tuple[str, ...]]
    refused: Mapping[int, str]


class ShapeMaker:
    """Makes features of one kind (point | line | polygon) of geometries in one coordinate system."""

    def __init__(self, kind: str, datum: Datum) -> None:
        self._dimension = DIMENSION[kind]
        self._swapped = datum.swapped
        self._degrees = datum.crs.is_geographic
        self._transformer = None if datum.epsg in {4326, 6668} else datum.transformer()

    def of(self, geoms: Any) -> Shapes:
        """The geometries of an array in longitude and latitude, in two dimensions and valid. What needs no fix goes together.

        Mended: flattened (heights left out) · swapped (latitude came first) · repaired (a ring crossed itself) · reduced (parts of
        another kind left out).
        """
        large = get_num_coordinates(geoms) > MAX_POSITIONS  # not moved and judged only to be refused
        moved = plain(self._moved(force_2d(numpy.where(large, None, geoms))))
        regular = (
            shapely.is_valid(moved)
            & ~shapely.is_empty(moved)
            & ~shapely.has_z(geoms)
            & ~shapely.has_m(geoms)
            & (get_dimensions(moved) == self._dimension)
            & (shapely.get_type_id(moved) != _COLLECTION)
            & in_japan(shapely.bounds(moved))
        )
        fixes: dict[int, tuple[str, ...]] = dict.fromkeys(range(len(geoms)), ("swapped",)) if self._swapped else {}
        refused: dict[int, str] = {}
        for place in numpy.flatnonzero(~regular).tolist():
            try:
                moved[place], fixed = self._sound(geoms[place])
            except _Refused as error:
                moved[place], fixed = None, ()
                refused[place] = str(error)
            if fixed:
                fixes[place] = fixed
            else:
                fixes.pop(place, None)
        return Shapes(moved, fixes, refused)

    def _sound(self, geom: BaseGeometry | None) -> tuple[BaseGeometry, tuple[str, ...]]:
        """One geometry, with what was done to it. Raises _Refused."""
        if geom is None or geom.is_empty:
            raise _Refused("empty")
        if get_num_coordinates(geom) > MAX_POSITIONS:
            raise _Refused("too_many")
        fixes = ["swapped"] if self._swapped else []
        if geom.has_z or geom.has_m:
            fixes.append("flattened")
        geom = force_2d(geom)
        if not _finite(geom):
            raise _Refused("not_finite")
        if (
            self._degrees
            and not self._swapped
            and isinstance(geom, Point)
            and in_japan(shapely.bounds(Point(geom.y, geom.x)))
        ):
            geom = Point(geom.y, geom.x)  # as single rows of tables have it
            fixes.append("swapped")
        geom = self._moved(geom)
        if not _finite(geom) or not in_japan(shapely.bounds(geom)):
            raise _Refused("outside")
        if not geom.is_valid:
            geom = make_valid(geom)
            fixes.append("repaired")
        part = of_dimension(geom, self._dimension)
        if part is None:
            raise _Refused("kind")
        if get_num_coordinates(part) != get_num_coordinates(geom):
            fixes.append("reduced")
        return plain(part), tuple(fixes)

    def _moved(self, geoms: Any) -> Any:
        if self._swapped:
            geoms = transform(geoms, lambda positions: positions[:, ::-1])
        if self._transformer is not None:
            move: Any = self._transformer.transform
            geoms = transform(geoms, move, interleaved=False)
        return geoms


def plain(geoms: Any) -> Any:
    """Geometries as every file writes them alike, so that they are known again: no collection of one part, outer rings counter-clockwise
    (RFC 7946).
    """
    single = numpy.where(shapely.get_num_geometries(geoms) == 1, shapely.get_geometry(geoms, 0), geoms)
    return set_srid(shapely.orient_polygons(single), 4326)


def _finite(geom: BaseGeometry) -> bool:
    positions = get_coordinates(geom)
    return bool((abs(positions) < 1e12).all())  # a comparison with NaN is false


def of_dimension(geom: BaseGeometry, dimension: int) -> BaseGeometry | None:
    """The parts of a geometry that have the dimension, as one; None without any."""
    if get_dimensions(geom) == dimension and geom.geom_type != "GeometryCollection":
        return geom
    parts: Iterable[BaseGeometry] = getattr(geom, "geoms", [geom])
    matching = [part for part in parts if get_dimensions(part) == dimension]
    if not matching:
        return None
    return matching[0] if len(matching) == 1 else union_all(matching)
