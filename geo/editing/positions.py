"""The coordinates of a shape as people read and type them: a position on each line, the north first, in metres of the plane system or degrees.

    部分 1
    -33012.250 -38444.120
    …
    穴
    …

The runs of positions of areas and lines begin with such headings (部分, 穴); points have none. A position that was not changed keeps all
decimals it has, more than are shown.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from shapely.geometry.base import BaseGeometry

from common.geometry import DECIMALS
from common.plane import Plane
from geo.editing.shapes import rings_of

_PART, _HOLE = "部分", "穴"
_SHORTEST = {"line": 2, "polygon": 3}


class PositionFault(ValueError):
    """A line that cannot be read, by its number from 1: numbers (two are needed) · heading (a hole before any part) · short (a part of too few
    positions) · nothing (no position at all; line 0).
    """

    def __init__(self, code: str, line: int) -> None:
        super().__init__(code)
        self.code = code
        self.line = line


def write_positions(geom: BaseGeometry, plane: Plane | None) -> str:
    """The text of a shape: in metres of a plane system to the millimetre, without one in degrees."""
    lines: list[str] = []
    part = 0
    for role, positions in rings_of(geom):
        if role in {"outline", "line"}:
            part += 1
            lines.append(f"{_PART} {part}")
        elif role == "hole":
            lines.append(_HOLE)
        lines += _written(positions, plane)
    return "\n".join(lines)


def read_positions(text: str, kind: str, plane: Plane | None, former: BaseGeometry | None = None) -> dict[str, Any]:
    """The GeoJSON geometry of a text, not yet checked. `former` is the shape from which it was written. Raises PositionFault."""
    known = {} if former is None else _known(former, plane)
    parts: list[list[list[tuple[float, float]]]] = []
    starts: list[int] = []
    last = 0
    for n, words in _lines(text):
        last = n
        if words[0].startswith(_PART):
            parts.append([[]])
        elif words[0].startswith(_HOLE):
            if not parts or kind != "polygon":
                raise PositionFault("heading", n)
            parts[-1].append([])
        else:
            if not parts or kind == "point":
                parts.append([[]])
            parts[-1][-1].append(_position(words, n, plane, known))
            continue
        starts.append(n)
    runs = [run for part in parts for run in part]
    if not runs:
        raise PositionFault("nothing", 0)
    for number, run in enumerate(runs):
        if len(run) < _SHORTEST.get(kind, 1):
            raise PositionFault("short", starts[number] if number < len(starts) else last)
    return _geometry(kind, parts)


def _geometry(kind: str, parts: list[list[list[tuple[float, float]]]]) -> dict[str, Any]:
    shapes: list[Any] = []
    for part in parts:
        rings = [[list(position) for position in run] for run in part]
        if kind == "polygon":
            shapes.append([ring if ring[0] == ring[-1] else [*ring, ring[0]] for ring in rings])
        else:
            shapes.append(rings[0] if kind == "line" else rings[0][0])
    name = {"polygon": "Polygon", "line": "LineString", "point": "Point"}[kind]
    if len(shapes) == 1:
        return {"type": name, "coordinates": shapes[0]}
    return {"type": f"Multi{name}", "coordinates": shapes}


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for n, line in enumerate(text.splitlines(), start=1):
        words = unicodedata.normalize("NFKC", line).replace(",", " ").replace("、", " ").split()
        if words:
            yield n, words


def _position(
    words: list[str], n: int, plane: Plane | None, known: Mapping[str, tuple[float, float]]
) -> tuple[float, float]:
    if " ".join(words) in known:
        return known[" ".join(words)]
    try:
        north, east = (float(word) for word in words)
    except ValueError as error:
        raise PositionFault("numbers", n) from error
    if not (abs(north) < 1e7 and abs(east) < 1e7):  # false for NaN as well
        raise PositionFault("numbers", n)
    lon, lat = (east, north) if plane is None else plane.locate([(east, north)])[0]
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise PositionFault("numbers", n)
    return round(lon, DECIMALS), round(lat, DECIMALS)


def _known(former: BaseGeometry, plane: Plane | None) -> dict[str, tuple[float, float]]:
    """The positions of a shape by the text in which they are shown."""
    return {
        text: (position[0], position[1])
        for _role, positions in rings_of(former)
        for text, position in zip(_written(positions, plane), positions, strict=True)
    }


def _written(positions: Any, plane: Plane | None) -> list[str]:
    if plane is None:
        return [f"{lat:.9f} {lon:.9f}" for lon, lat in positions]
    return [f"{north:.3f} {east:.3f}" for east, north in plane.project([(lon, lat) for lon, lat in positions])]
