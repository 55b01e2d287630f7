"""Coordinate reference systems in which features are asked for and given out, by URI and with the axes in the order of the EPSG list.

Stored are longitude and latitude of JGD2011 (taken as EPSG:4326), so that systems in degrees differ in the order of their axes alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any, cast

from pyproj import CRS
from shapely import bounds, force_2d, set_srid, to_wkb, transform
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, func, literal, literal_column

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
_JGD2011, _WGS84, _WEB_MERCATOR = 6668, 4326, 3857
_WORLD = (-180.0, -90.0, 180.0, 90.0)
_MERCATOR_SIDE = 20037508.342789244
_PLANE_SIDE = 1_000_000.0
"""Metres from the origin of a plane system beyond which nothing is measured in it; far further out a projection has no inverse."""


class OutsideSystem(ValueError):
    """A coordinate that is no number, or lies where the system does not reach."""


@dataclass(frozen=True, slots=True)
class ReferenceSystem:
    """A system: `north_first` if the first coordinate counts to the north; `reach` is west, south, east, north in its units."""

    uri: str
    srid: int
    north_first: bool
    reach: tuple[float, float, float, float]

    @property
    def in_degrees(self) -> bool:
        """Whether its coordinates are longitude and latitude."""
        return self.reach == _WORLD

    @property
    def decimals(self) -> int:
        """Decimals that say a place to a centimetre or better."""
        return 7 if self.in_degrees else 3

    def given_out(self, geom: ColumnElement[Any]) -> ColumnElement[str]:
        """A stored shape as GeoJSON text in this system."""
        shape = geom if self.in_degrees else func.ST_Transform(geom, literal_column(str(self.srid)))
        ordered = func.ST_FlipCoordinates(shape) if self.north_first else shape
        return func.ST_AsGeoJSON(ordered, literal_column(str(self.decimals)), literal_column("0"))

    def taken_in(self, shape: BaseGeometry) -> ColumnElement[Any]:
        """A shape in this system, as it came in, to be compared with stored ones; a bound value. Raises OutsideSystem."""
        plain = force_2d(shape)
        ordered = transform(plain, lambda points: points[:, ::-1]) if self.north_first else plain
        west, south, east, north = (float(side) for side in bounds(ordered))
        least_x, least_y, most_x, most_y = self.reach
        if not all(map(isfinite, (west, south, east, north))):
            raise OutsideSystem
        if west < least_x or south < least_y or east > most_x or north > most_y:
            raise OutsideSystem
        srid = _WGS84 if self.in_degrees else self.srid
        # GeoAlchemy2 would write the code of the system into the statement, and SQLAlchemy give that statement to another system.
        known: Any = func.geometry(literal(to_wkb(set_srid(ordered, srid), hex=True, include_srid=True)))
        return cast(ColumnElement[Any], known if self.in_degrees else func.ST_Transform(known, _WGS84))


@cache
def systems(plane_srid: int) -> Mapping[str, ReferenceSystem]:
    """The systems of a city whose plane system has this EPSG code, by URI; the first is the default, in which features are stored."""
    mercator = (-_MERCATOR_SIDE, -_MERCATOR_SIDE, _MERCATOR_SIDE, _MERCATOR_SIDE)
    plane = (-_PLANE_SIDE, -_PLANE_SIDE, _PLANE_SIDE, _PLANE_SIDE)
    every = (
        ReferenceSystem(CRS84, _WGS84, False, _WORLD),
        *(_of_epsg(srid, _WORLD) for srid in (_WGS84, _JGD2011)),
        _of_epsg(_WEB_MERCATOR, mercator),
        _of_epsg(plane_srid, plane),
    )
    return {system.uri: system for system in every}


def _of_epsg(srid: int, reach: tuple[float, float, float, float]) -> ReferenceSystem:
    first = CRS.from_epsg(srid).axis_info[0].direction
    return ReferenceSystem(f"{_EPSG}{srid}", srid, first == "north", reach)
