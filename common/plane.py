"""Metres on the ground, measured in one of the nineteen plane systems of Japan (平面直角座標系, 平成14年国土交通省告示第9号).

A city measures everything in the system of its region: what an answer may be at most, what a fee counts, what the map says.
A degree of longitude is no length, and the metres of another system differ by up to some percent.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pyproj import CRS, Transformer
from shapely.geometry import LineString, Polygon

from common.geometry import DECIMALS, Position

FIRST_SRID = 6669
"""EPSG code of JGD2011 / Japan Plane Rectangular CS I; the other eighteen follow it."""

NUMBERS = range(1, 20)


@dataclass(frozen=True, slots=True)
class Plane:
    """One plane system by its EPSG code. ValueError for a code that is none of JGD2011's."""

    srid: int

    def __post_init__(self) -> None:
        if self.srid - FIRST_SRID + 1 not in NUMBERS:
            raise ValueError(f"EPSG:{self.srid} is not a plane rectangular system of JGD2011")

    @classmethod
    def of_number(cls, number: int) -> "Plane":
        """The system of a number from 1 to 19 (系番号)."""
        return cls(FIRST_SRID + number - 1)

    @property
    def number(self) -> int:
        """Its number from 1 to 19."""
        return self.srid - FIRST_SRID + 1

    @property
    def meridian(self) -> float:
        """Longitude of its origin in degrees; on it lengths are 0.9999 of those on the ellipsoid."""
        return _origin(self.srid)[0]

    @property
    def latitude(self) -> float:
        """Latitude of its origin in degrees."""
        return _origin(self.srid)[1]

    def covers(self, lon: float, lat: float) -> bool:
        """Whether a position lies in the area of use of the system, a rectangle in degrees."""
        west, south, east, north = _region(self.srid)
        return west <= lon <= east and south <= lat <= north

    def area(self, ring: Sequence[Position]) -> float:
        """Area of a closed ring in square metres."""
        return float(Polygon(self._projected(ring)).area)

    def length(self, positions: Sequence[Position]) -> float:
        """Length of a line in metres."""
        return float(LineString(self._projected(positions)).length)

    def rectangle(self, centre: Position, along: float, across: float, bearing: float) -> list[Position]:
        """A closed ring around `centre`, `along` metres in the direction `bearing` (degrees from north, clockwise) by `across`.

        Built in the plane, so that its area is exactly along × across. Grid north there differs from true north by a
        degree or so, which is less than anybody reads from a map.
        """
        [(x, y)] = self._projected([centre])
        angle = math.radians(bearing)
        ahead = (math.sin(angle) * along / 2, math.cos(angle) * along / 2)
        aside = (math.cos(angle) * across / 2, -math.sin(angle) * across / 2)
        corners = [
            (x + forward * ahead[0] + side * aside[0], y + forward * ahead[1] + side * aside[1])
            for forward, side in ((1, 1), (1, -1), (-1, -1), (-1, 1))
        ]
        xs, ys = zip(*corners, strict=True)
        lons, lats = _from_plane(self.srid).transform(xs, ys)
        ring = [(round(lon, DECIMALS), round(lat, DECIMALS)) for lon, lat in zip(lons, lats, strict=True)]
        return [*ring, ring[0]]

    def project(self, positions: Sequence[Position]) -> list[Position]:
        """Positions in longitude and latitude as metres to the east and to the north of the origin."""
        return self._projected(positions) if positions else []

    def locate(self, positions: Sequence[Position]) -> list[Position]:
        """The reverse: longitude and latitude of positions in the plane."""
        if not positions:
            return []
        xs, ys = zip(*positions, strict=True)
        return list(zip(*_from_plane(self.srid).transform(xs, ys), strict=True))

    def _projected(self, positions: Sequence[Position]) -> list[Position]:
        lons, lats = zip(*positions, strict=True)
        return list(zip(*_to_plane(self.srid).transform(lons, lats), strict=True))


def planes_at(lon: float, lat: float) -> list[Plane]:
    """Return the systems whose area of use holds a position, nearest meridian first; all systems if none does."""
    planes = [Plane.of_number(number) for number in NUMBERS]
    fitting = [plane for plane in planes if plane.covers(lon, lat)] or planes
    return sorted(fitting, key=lambda plane: (abs(plane.meridian - lon), abs(_origin(plane.srid)[1] - lat)))


@cache
def _region(srid: int) -> tuple[float, float, float, float]:
    area = CRS.from_epsg(srid).area_of_use
    assert area is not None  # noqa: S101 - every system of the EPSG list has one
    return area.west, area.south, area.east, area.north


@cache
def _origin(srid: int) -> tuple[float, float]:
    operation = CRS.from_epsg(srid).coordinate_operation
    assert operation is not None  # noqa: S101 - a plane system is a projection
    values = {parameter.name: float(parameter.value) for parameter in operation.params}
    return values["Longitude of natural origin"], values["Latitude of natural origin"]


@cache
def _to_plane(srid: int) -> Transformer:
    return Transformer.from_crs(4326, srid, always_xy=True)


@cache
def _from_plane(srid: int) -> Transformer:
    return Transformer.from_crs(srid, 4326, always_xy=True)
