"""Map layers for the demo of three cities: invented zones, and roads taken from the schematic base map.

What one sees is what the rules say: the city's boundary and its roads are the very lines of the drawing.
"""

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from pyproj import Transformer
from shapely import get_coordinates, make_valid, set_coordinates, to_geojson
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from geo import basemap
from geo.demo.layers import LAYERS
from geo.imports import import_geojson

PLANE_OF_TOKYO = 6677  # JGD2011 / Japan Plane Rectangular CS IX
CITIES = ("tachikawa", "mitaka", "hino")

# Yen for a square metre and a year, by grade of road. Sample values: a city has its own ordinance.
UNIT_PRICES = {1: 7440, 2: 5880, 3: 4200}
OFFICES = {"tachikawa": "道路課", "mitaka": "道路管理課", "hino": "道路課"}

Feature = dict[str, Any]


def load_demo_layers(connection: Connection | Session, city: str) -> dict[str, int]:
    """Load all demo layers of a city, replacing earlier ones; returns the number of features of each.

    Raises KeyError for a city that is not in the demo.
    """
    if city not in CITIES:
        raise KeyError(city)
    features = demo_features(city)
    return {
        info.key: import_geojson(connection, info, {"type": "FeatureCollection", "features": features[info.key]})
        for info in LAYERS
    }


def demo_features(city: str) -> dict[str, list[Feature]]:
    """The features of each demo layer of a city, by key of the layer."""
    found: dict[str, list[Feature]] = {info.key: [] for info in LAYERS}
    drawn = json.loads(files(__name__).joinpath(f"{city}.geojson").read_text(encoding="utf-8"))["features"]
    for feature in drawn:
        properties = dict(feature["properties"])
        found[properties.pop("layer")].append(_feature(properties, feature["geometry"]))
    outline = next(
        one for one in basemap.features() if {"kind": "city", "city": city}.items() <= one["properties"].items()
    )
    boundary = {"city": outline["properties"]["name"]}
    found["city-boundary"] = [_feature(boundary, outline["geometry"])]
    found["road-offices"] = [
        _feature(boundary | {"office": OFFICES[city], "department": "road-management"}, outline["geometry"])
    ]
    found["city-roads"], found["road-grades"] = _roads(city)
    return found


def _roads(city: str) -> tuple[list[Feature], list[Feature]]:
    """The ground of each road of the city, once by name and once with its price."""
    roads: list[Feature] = []
    grades: list[Feature] = []
    for feature in basemap.features():
        properties = feature["properties"]
        if properties["kind"] != "road-minor" or properties["city"] != city:
            continue
        grade = properties["grade"]
        for number, ground in enumerate(_ground(shape(feature["geometry"]), properties["width_m"]), start=1):
            # The nameless small streets of the drawing are one feature; each gets a number of its own here.
            name = f"{properties['name']}{number}号線" if grade == 3 else properties["name"]
            geometry = json.loads(to_geojson(ground))
            named = {"road_name": name, "width_m": properties["width_m"]}
            roads.append(_feature(named, geometry))
            grades.append(_feature(named | {"grade": grade, "unit_price": UNIT_PRICES[grade]}, geometry))
    return roads, grades


def _ground(lines: BaseGeometry, width_m: float) -> Iterable[BaseGeometry]:
    """The area of each line, as wide as the road in metres."""
    for line in getattr(lines, "geoms", [lines]):
        flat = _moved(line, 4326, PLANE_OF_TOKYO).buffer(width_m / 2, cap_style="flat", quad_segs=2)
        yield make_valid(_moved(flat, PLANE_OF_TOKYO, 4326))


def _moved(geom: BaseGeometry, source: int, target: int) -> BaseGeometry:
    x, y = get_coordinates(geom).T
    moved = _transformer(source, target).transform(x, y)
    return set_coordinates(geom, list(zip(*moved, strict=True)))


@cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _feature(properties: dict[str, Any], geometry: dict[str, Any]) -> Feature:
    return {"type": "Feature", "properties": properties, "geometry": geometry}
