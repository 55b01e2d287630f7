"""A layer of the ground around the crossing: shapes in metres from it, as GeoJSON and as features."""

import json
from typing import Any

import numpy as np
from shapely import to_geojson, transform
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, text

from tests.integration.geo.stalls import _TO_LONLAT, _TO_PLANE, CROSSING

ORIGIN = _TO_PLANE.transform(*CROSSING)
Feature = tuple[BaseGeometry, dict[str, Any]]


def on_earth(drawn: BaseGeometry) -> dict[str, Any]:
    """A shape in metres from the crossing as GeoJSON."""
    moved = transform(drawn, lambda xy: np.stack(_TO_LONLAT.transform(*(xy + ORIGIN).T), axis=1))
    return dict(json.loads(to_geojson(moved)))


def square(x: float, y: float, side: float = 10) -> Polygon:
    return Polygon([(x, y), (x + side, y), (x + side, y + side), (x, y + side)])


def set_layer(connection: Connection, features: list[Feature], tolerance_m: float = 0) -> None:
    connection.execute(text("DELETE FROM layer WHERE key = 'ground'"))
    query = text(
        "INSERT INTO layer (key, title, kind, tolerance_m) VALUES ('ground', '{}', 'polygon', :m) RETURNING id"
    )
    layer_id = connection.execute(query, {"m": tolerance_m}).scalar_one()
    for geometry, properties in features:
        connection.execute(
            text(
                "INSERT INTO layer_feature (layer_id, properties, geom)"
                " VALUES (:id, :properties, ST_GeomFromGeoJSON(:geom))"
            ),
            {"id": layer_id, "properties": json.dumps(properties), "geom": json.dumps(on_earth(geometry))},
        )
