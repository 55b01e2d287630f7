"""The base map that needs no internet: a schematic of three cities, drawn by this project, and its colours.

`schematic.geojson` is what was drawn, in painting order; any GIS can edit it. It is not a survey: outlines are within about 150 m of the
true ones. Between the drawn things, `python -m drawing` invents streets and houses, and makes of both the tiles that browsers load,
`schematic.pmtiles`.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

_MARGIN = 0.02
"""Degrees around a city's outline that the map still covers: a station at the border may be the middle of a map."""


@cache
def features() -> list[dict[str, Any]]:
    """The features of the map; `properties` has kind, min_zoom, and where it applies name, city, width_m, grade."""
    features: list[dict[str, Any]] = json.loads(_text("schematic.geojson"))["features"]
    return features


@cache
def style() -> dict[str, dict[str, Any]]:
    """Colours and widths by kind. The colour "key" stands for the city's own."""
    style: dict[str, dict[str, Any]] = json.loads(_text("style.json"))
    return style


@cache
def painting() -> dict[str, Any]:
    """How the kinds are painted and labelled, in their order: what every map of the base goes by, on screens and on paper."""
    painting: dict[str, Any] = json.loads(_text("painting.json"))
    return painting


def covers(lon: float, lat: float) -> bool:
    """Whether the map shows the city at a point; elsewhere it is empty."""
    return any(outline.distance(Point(lon, lat)) <= _MARGIN for outline in _outlines())


@cache
def _outlines() -> list[BaseGeometry]:
    return [shape(feature["geometry"]) for feature in features() if feature["properties"]["kind"] == "city"]


def _text(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
