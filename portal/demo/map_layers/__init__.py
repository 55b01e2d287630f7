"""Map layers of the demo cities: invented zones and facilities, and roads taken from the schematic base map.

What people see agrees with what the rules say: the city's boundary and its roads are the lines of the base map.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
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
from geo.layer_import import import_layer
from portal.core.events import SYSTEM
from portal.demo.map_layers.everyday import everyday_layers
from portal.demo.map_layers.in_languages import school_names
from portal.demo.map_layers.metadata import HIDDEN, LAYERS, OWNERS, USES
from portal.maps import catalogue, use_layer

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
        metadata.key: import_layer(
            connection, metadata, {"type": "FeatureCollection", "features": features[metadata.key]}
        )
        for metadata in LAYERS
    }


def use_demo_layers(session: Session) -> None:
    """Give the demo layers to their departments, and put them on the residents' map as those do."""
    for key, owner in OWNERS.items():
        description = catalogue.description_of(catalogue.get_layer(session, key))
        catalogue.describe_layer(session, key, replace(description, owner=owner), SYSTEM)
    for key, use in USES.items():
        use_layer(session, key, use, HIDDEN.get(key, ()), SYSTEM)


def demo_features(city: str) -> dict[str, list[Feature]]:
    """The features of each demo layer of a city, by the key of the layer."""
    layers: dict[str, list[Feature]] = {metadata.key: [] for metadata in LAYERS}
    invented = json.loads(files(__name__).joinpath(f"{city}.geojson").read_text(encoding="utf-8"))["features"]
    for feature in invented:
        properties = dict(feature["properties"])
        layers[properties.pop("layer")].append(_feature(properties, feature["geometry"]))
    outline = next(
        feature
        for feature in basemap.features()
        if {"kind": "city", "city": city}.items() <= feature["properties"].items()
    )
    boundary = {"city": outline["properties"]["name"]}
    layers["city-boundary"] = [_feature(boundary, outline["geometry"])]
    layers["road-offices"] = [
        _feature(boundary | {"office": OFFICES[city], "department": "road-management"}, outline["geometry"])
    ]
    layers["city-roads"], layers["road-grades"] = _roads(city)
    for district in layers["school-districts"]:
        properties = district["properties"]
        properties |= school_names("school", properties["school"], city)
    return layers | everyday_layers(layers, city)


def _roads(city: str) -> tuple[list[Feature], list[Feature]]:
    """The area of each road of the city, once with its name and once with its grade and price."""
    roads: list[Feature] = []
    grades: list[Feature] = []
    for feature in basemap.features():
        properties = feature["properties"]
        if properties["kind"] != "road-minor" or properties["city"] != city:
            continue
        grade = properties["grade"]
        for number, area in enumerate(_areas(shape(feature["geometry"]), properties["width_m"]), start=1):
            # The nameless small streets of the base map are one feature; each gets a number of its own here.
            name = f"{properties['name']}{number}号線" if grade == 3 else properties["name"]
            geometry = json.loads(to_geojson(area))
            named = {"road_name": name, "width_m": properties["width_m"]}
            roads.append(_feature(named, geometry))
            grades.append(_feature(named | {"grade": grade, "unit_price": UNIT_PRICES[grade]}, geometry))
    return roads, grades


def _areas(lines: BaseGeometry, width_m: float) -> Iterable[BaseGeometry]:
    """The area of each line, as wide as the road in metres."""
    for line in getattr(lines, "geoms", [lines]):
        area = _transformed(line, 4326, PLANE_OF_TOKYO).buffer(width_m / 2, cap_style="flat", quad_segs=2)
        yield make_valid(_transformed(area, PLANE_OF_TOKYO, 4326))


def _transformed(geom: BaseGeometry, source: int, target: int) -> BaseGeometry:
    x, y = get_coordinates(geom).T
    transformed = _transformer(source, target).transform(x, y)
    return set_coordinates(geom, list(zip(*transformed, strict=True)))


@cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _feature(properties: dict[str, Any], geometry: dict[str, Any]) -> Feature:
    return {"type": "Feature", "properties": properties, "geometry": geometry}
