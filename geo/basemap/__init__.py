"""The base map that needs no internet: a schematic of three cities, drawn by this project, and its colours.

`schematic.geojson` is the drawing itself, in the order in which it is painted; open it in any GIS to change it. It is
no survey: outlines keep within about 150 m of the true ones, streets away from the main roads are invented.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

_BEYOND = 0.02
"""Degrees around a city's outline that are still drawn: a station at the border may be the middle of a map."""

ATTRIBUTION = "模式図"


@cache
def features() -> list[dict[str, Any]]:
    """The features of the drawing; `properties` has kind, min_zoom, and where it applies name, city, width_m, grade."""
    found: list[dict[str, Any]] = json.loads(_text("schematic.geojson"))["features"]
    return found


@cache
def style() -> dict[str, dict[str, Any]]:
    """Colours and widths by kind. The colour "key" stands for the city's own."""
    found: dict[str, dict[str, Any]] = json.loads(_text("style.json"))
    return found


def covers(lon: float, lat: float) -> bool:
    """Whether the drawing shows the city at a place; elsewhere it is an empty sheet."""
    return any(outline.distance(Point(lon, lat)) <= _BEYOND for outline in _outlines())


@cache
def _outlines() -> list[BaseGeometry]:
    return [shape(feature["geometry"]) for feature in features() if feature["properties"]["kind"] == "city"]


def _text(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
