"""Small maps of an import, made of folium's own elements: where a file lies by a coordinate system, and what a version would change."""

from collections.abc import Mapping, Sequence
from math import asin, cos, hypot, radians, sin, sqrt
from typing import Any

import folium
from folium import FitBounds

from geo.maps import Assets, MapParts, make_map
from portal.core.assets import static_url
from portal.core.security import csp_nonce
from portal.core.tenancy import City
from portal.maps import folium_layers

COLOURS = {"file": "#2f6fb0", "added": "#1f7a4d", "changed": "#a3561d", "removed": "#b3261e"}
"""Of what is drawn; the list beside the map says the same in words."""
_DASHES = {"changed": "6 4", "removed": "2 4"}
_MARGIN = 0.05  # degrees
_EARTH = 6371.0  # kilometres

Shapes = Sequence[tuple[str, Mapping[str, Any]]]
"""Shapes in longitude and latitude (GeoJSON), each with what it is: one of COLOURS."""


def shapes_map(city: City, shapes: Shapes) -> MapParts | None:
    """The shapes over the base map; None without any."""
    box = box_of([shape for _role, shape in shapes])
    if box is None:
        return None
    west, south, east, north = box
    assets = Assets((static_url("dist/leaflet.js"), static_url("dist/map.js")))
    corners = ((south - _MARGIN, west - _MARGIN), (north + _MARGIN, east + _MARGIN))
    city_map = make_map(
        assets, city.key, ((south + north) / 2, (west + east) / 2), corners, [folium_layers.base_layer(city)]
    )
    features = [{"type": "Feature", "properties": {"role": role}, "geometry": shape} for role, shape in shapes]
    city_map.add_child(
        folium.GeoJson(
            {"type": "FeatureCollection", "features": features},
            style_function=_style,
            marker=folium.CircleMarker(radius=6),
            control=False,
        )
    )
    city_map.add_child(FitBounds([[south, west], [north, east]], padding=(24, 24), max_zoom=17))
    return city_map.rendered().parts(csp_nonce())


def kilometres_from(city: City, shapes: Sequence[Mapping[str, Any]]) -> float | None:
    """How far the middle of the shapes lies from that of the city; None without shapes."""
    box = box_of(shapes)
    if box is None:
        return None
    longitude, latitude = city.center
    south, north = radians(latitude), radians((box[1] + box[3]) / 2)
    across = radians((box[0] + box[2]) / 2 - longitude)
    half = hypot(sin((north - south) / 2), sqrt(cos(south) * cos(north)) * sin(across / 2))
    return 2 * _EARTH * asin(min(1.0, half))


def box_of(shapes: Sequence[Mapping[str, Any]]) -> tuple[float, float, float, float] | None:
    """West, south, east and north of shapes; None without any."""
    positions = [position for shape in shapes for position in _positions(shape)]
    if not positions:
        return None
    xs, ys = [x for x, _y in positions], [y for _x, y in positions]
    return min(xs), min(ys), max(xs), max(ys)


def _positions(shape: Mapping[str, Any]) -> list[tuple[float, float]]:
    waiting, positions = [*shape.get("geometries", ()), shape.get("coordinates", [])], []
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            positions += _positions(part)
        elif part and isinstance(part[0], int | float):
            positions.append((float(part[0]), float(part[1])))
        else:
            waiting += part
    return positions


def _style(feature: Mapping[str, Any]) -> dict[str, Any]:
    role = feature["properties"]["role"]
    colour = COLOURS[role]
    return {"color": colour, "weight": 2, "fillColor": colour, "fillOpacity": 0.25, "dashArray": _DASHES.get(role)}
