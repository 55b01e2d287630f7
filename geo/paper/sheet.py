"""The sheet: which ground a paper shows at a scale, and where a place of it lies on the paper."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from pyproj import Transformer
from shapely import box, transform
from shapely.geometry.base import BaseGeometry

from common.geometry import Position
from common.plane import Plane

PAPERS: Mapping[str, tuple[float, float]] = {"A4": (210, 297), "A3": (297, 420)}
"""Width and height of the papers in millimetres, upright (JIS P 0138)."""
SCALES = (500, 1000, 2500, 5000, 10000, 25000)
"""Denominators of the scales to choose from."""
UNITS_PER_MM = 96 / 25.4
"""A unit of the drawing is a pixel of the web (1/96 inch), in which styles say how wide lines and letters are."""

_EDGE = 10.0
_HEAD = 15.0
_FOOT = 8.0
_GAP = 3.0
_SIDE = 60.0
_BELOW = 66.0
"""Millimetres: around the page, the head, the foot, between parts, and the column beside or the block below the map."""
_EQUATOR_M = 40075016.686
_TILE = 256


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle on the page, in millimetres from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Ground:
    """Ground that is drawn: in its middle the place `centre` (longitude, latitude), at 1:`scale`, in a plane system.

    The upper side of the drawing is the north of the plane system's grid.
    """

    scale: int
    centre: Position
    plane: Plane

    @property
    def frame(self) -> Frame:
        """How large the drawing is, and where it lies on a page."""
        raise NotImplementedError

    @property
    def ground(self) -> tuple[float, float]:
        """Width and height of the shown ground in metres."""
        return self.frame.width * self.scale / 1000, self.frame.height * self.scale / 1000

    @property
    def units_per_metre(self) -> float:
        """Units of the drawing for a metre on the ground."""
        return UNITS_PER_MM * 1000 / self.scale

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the drawing in its units."""
        return self.frame.width * UNITS_PER_MM, self.frame.height * UNITS_PER_MM

    @cached_property
    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the ground in metres of the plane system."""
        [(x, y)] = self.plane.project([self.centre])
        width, height = self.ground
        return x - width / 2, y - height / 2, x + width / 2, y + height / 2

    @property
    def outline(self) -> list[Position]:
        """The closed ring of the ground in longitude and latitude."""
        west, south, east, north = self.extent
        corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        return self.plane.locate(corners)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the ground in degrees; a little more than is shown."""
        lons, lats = zip(*self.outline, strict=True)
        return min(lons), min(lats), max(lons), max(lats)

    @property
    def zoom(self) -> float:
        """The zoom of the web map that shows the ground as large as this paper does; what styles say of zooms is meant for it."""
        around = _EQUATOR_M * math.cos(math.radians(self.centre[1]))
        return math.log2(around * self.units_per_metre / _TILE)

    def place(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape in metres of the plane system as it lies on the drawing."""
        west, _south, _east, north = self.extent
        factor = self.units_per_metre
        placed: BaseGeometry = transform(
            shape, lambda xy: np.column_stack([xy[:, 0] - west, north - xy[:, 1]]) * factor
        )
        return placed

    def place_degrees(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape in longitude and latitude as it lies on the drawing."""
        return self.place(transform(shape, self._projected))

    def _projected(self, xy: np.ndarray) -> np.ndarray:
        return np.column_stack(_to_plane(self.plane.srid).transform(xy[:, 0], xy[:, 1]))

    def window(self, margin: float = 20) -> BaseGeometry:
        """The drawing as a rectangle in its units, with a margin beyond which nothing of a shape can be seen."""
        width, height = self.size
        return box(-margin, -margin, width + margin, height + margin)


@dataclass(frozen=True)
class Sheet(Ground):
    """Ground on a paper (`PAPERS`), upright or not."""

    paper: str
    landscape: bool

    @property
    def page(self) -> tuple[float, float]:
        """Width and height of the page in millimetres."""
        width, height = PAPERS[self.paper]
        return (height, width) if self.landscape else (width, height)

    @property
    def frame(self) -> Frame:
        """Where the map lies on the page: left of a column, or above a block, for what explains it."""
        width, height = self.page
        top = _EDGE + _HEAD
        inside, below = width - 2 * _EDGE, height - top - _EDGE - _FOOT
        if self.landscape:
            return Frame(_EDGE, top, inside - _SIDE - _GAP, below)
        return Frame(_EDGE, top, inside, below - _BELOW - _GAP)

    @property
    def beside(self) -> Frame:
        """Where what explains the map lies."""
        frame = self.frame
        if self.landscape:
            return Frame(frame.left + frame.width + _GAP, frame.top, _SIDE, frame.height)
        return Frame(frame.left, frame.top + frame.height + _GAP, frame.width, _BELOW)


@dataclass(frozen=True)
class Picture(Ground):
    """Ground as a picture of a page, `width` by `height` pixels."""

    width: int
    height: int

    @property
    def frame(self) -> Frame:
        """The whole of the picture."""
        return Frame(0, 0, self.width / UNITS_PER_MM, self.height / UNITS_PER_MM)


@cache
def _to_plane(srid: int) -> Transformer:
    return Transformer.from_crs(4326, srid, always_xy=True)


def scale_to_show(ground: Ground, bounds: tuple[float, float, float, float]) -> float:
    """The denominator of the scale at which ground of these bounds (degrees) fits the drawing, with a little room around it."""
    west, south, east, north = bounds
    xs, ys = zip(*ground.plane.project([(west, south), (east, south), (east, north), (west, north)]), strict=True)
    frame = ground.frame
    widest: float = max((max(xs) - min(xs)) / frame.width, (max(ys) - min(ys)) / frame.height)
    return widest * 1000 * 1.1


def largest_scale(sheet: Ground, bounds: tuple[float, float, float, float]) -> int:
    """The largest of `SCALES` at which ground of these bounds (degrees) fits the drawing; the smallest one where none does."""
    needed = scale_to_show(sheet, bounds)
    return next((scale for scale in SCALES if scale >= needed), SCALES[-1])
