"""The ground of each city for its fabric: read off the drawn features of the schematic base."""

import csv
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Point, shape
from shapely.geometry.base import BaseGeometry

from drawing.fabric import Ground, Plane
from geo import basemap

PLANE = Plane(139.46, 35.69)
"""Where the three cities lie: at their edges lengths are right within one in a thousand."""

_MARGIN_M = {"park": 2.0, "civic": 3.0, "bank": 4.0, "river": 6.0, "lot": 6.0, "rail": 9.0}
RING_M = 5.0
"""Width of the street that runs around a drawn site and takes up its streets."""
_HALF_OPEN_M = 1.5
"""Between a street's rim and what is built."""
_COUNTRYSIDE = {"tachikawa": 0.08, "mitaka": 0.05, "hino": 0.09}


def grounds() -> Iterator[Ground]:
    """The ground of each city that the schematic base shows."""
    closed = shapely.union_all([area for feature in basemap.features() if (area := _closed(feature)) is not None])
    stations = shapely.union_all([_metric(feature) for feature in basemap.features() if _kind(feature) == "station"])
    for feature in basemap.features():
        if _kind(feature) != "city":
            continue
        city = feature["properties"]["city"]
        centres = PLANE.to_metres(np.array([point for name, of, point in districts() if of == city]))
        yield Ground(_metric(feature), closed, centres, stations, _COUNTRYSIDE[city])


def rings() -> Iterator[BaseGeometry]:
    """The middle of the street around each drawn site, in metres."""
    for feature in basemap.features():
        if _kind(feature) == "lot":
            around = _metric(feature).buffer(_MARGIN_M["lot"] - RING_M / 2, join_style="mitre")
            yield LineString(around.exterior)


def districts() -> Iterator[tuple[str, str, Point]]:
    """Name, city and centre of each 丁目, in degrees."""
    with (files("drawing") / "districts.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield row["name"], row["city"], Point(float(row["longitude"]), float(row["latitude"]))


def _closed(feature: dict[str, Any]) -> BaseGeometry | None:
    kind, width = _kind(feature), feature["properties"].get("width_m", 0.0)
    if kind in {"road-major", "road-minor", "canal"}:
        return _metric(feature).buffer(width / 2 + _HALF_OPEN_M, cap_style="flat")
    if kind in _MARGIN_M:
        return _metric(feature).buffer(_MARGIN_M[kind], join_style="mitre")
    return None


def _metric(feature: dict[str, Any]) -> BaseGeometry:
    metric: BaseGeometry = PLANE.to_metres(shape(feature["geometry"]))
    return metric


def _kind(feature: dict[str, Any]) -> str:
    return str(feature["properties"]["kind"])
