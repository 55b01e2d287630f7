"""A place drawn as lines, without a base map: where nothing runs that draws maps, and on paper."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from common.geometry import GeoJson, Position, parse
from common.plane import Plane

WIDTH, HEIGHT, MARGIN = 480.0, 320.0, 44.0
_BARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_LABEL = 15.0
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """One outline: the points of its lines, each as an SVG list of points; a spot has one point. `closed` for areas."""

    closed: bool
    lines: Sequence[str]
    points: Sequence[Point]

    def labels(self, number: int) -> list[Point]:
        """Where the numbers of the first corners stand: beside each, away from the middle."""
        corners = self.points[:number]
        middle = [sum(at[axis] for at in corners) / len(corners) for axis in (0, 1)]
        return [_away(corner, middle) for corner in corners]


@dataclass(frozen=True, slots=True)
class Sketch:
    """Shapes in a frame of WIDTH × HEIGHT, north up, in one scale. `bar` is a length in metres and in the frame."""

    shapes: Sequence[Shape]
    spots: Sequence[Point]
    bar: tuple[int, float]
    width: float = field(default=WIDTH)
    height: float = field(default=HEIGHT)


def sketch(geometries: Sequence[GeoJson], spots: Iterable[Sequence[float]], plane: Plane) -> Sketch:
    """Draw geometries over each other, and spots (longitude, latitude). Raises GeometryError."""
    drawn = [_parts(geometry) for geometry in geometries]
    marks = [(float(spot[0]), float(spot[1])) for spot in spots]
    every = plane.project([*(position for parts in drawn for part in parts for position in part), *marks])
    west, south = min(east for east, _north in every), min(north for _east, north in every)
    wide = max(east for east, _north in every) - west
    high = max(north for _east, north in every) - south
    scale = min((WIDTH - 2 * MARGIN) / max(wide, 1.0), (HEIGHT - 2 * MARGIN) / max(high, 1.0))
    left, top = (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2

    def place(positions: Sequence[Position]) -> list[Point]:
        return [
            (round(left + (east - west) * scale, 1), round(top + (high - (north - south)) * scale, 1))
            for east, north in plane.project(positions)
        ]

    shapes = [
        Shape(
            closed="Polygon" in str(geometry["type"]),
            lines=[" ".join(f"{x},{y}" for x, y in place(part)) for part in parts],
            points=[point for part in parts for point in place(part)],
        )
        for geometry, parts in zip(geometries, drawn, strict=True)
    ]
    metres = max((bar for bar in _BARS if bar * scale <= WIDTH / 4), default=_BARS[0])
    return Sketch(shapes, place(marks) if marks else [], (metres, round(metres * scale, 1)))


def corners(geometry: GeoJson) -> list[Position]:
    """The corners of a place in their order, an area's without the one that closes it."""
    (part, *_more) = _parts(geometry)
    return part[:-1] if "Polygon" in str(geometry["type"]) else part


def _away(corner: Point, middle: Sequence[float]) -> Point:
    x, y = corner[0] - middle[0], corner[1] - middle[1]
    far = math.hypot(x, y) or 1.0
    return round(corner[0] + _LABEL * x / far, 1), round(corner[1] + _LABEL * y / far, 1)


def _parts(geometry: GeoJson) -> list[list[Position]]:
    shape = parse(geometry)
    parts = getattr(shape, "geoms", [shape])
    lines = [
        line for part in parts for line in ([part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part])
    ]
    return [[(x, y) for x, y, *_height in line.coords] for line in lines]
