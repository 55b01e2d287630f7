"""Reading of GeoJSON geometries sent by browsers and files, before PostGIS sees them."""

import json
from collections.abc import Mapping
from typing import Any

from shapely import GEOSException, box, from_geojson
from shapely.geometry.base import BaseGeometry

Geometry = Mapping[str, Any]

JAPAN = box(122, 20, 155, 46)  # where the plane systems are defined


def read_shape(geometry: Any) -> BaseGeometry:
    """The shape of a GeoJSON geometry, valid or not. Raises ValueError for anything that is not one."""
    try:
        sent = json.dumps({"type": geometry["type"], "coordinates": geometry["coordinates"]}, allow_nan=False)
        return from_geojson(sent)
    except (KeyError, TypeError, ValueError, RecursionError, GEOSException) as error:
        raise ValueError("not a GeoJSON geometry") from error
