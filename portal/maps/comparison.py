"""Two versions of a layer on two maps that move together, made of folium's elements; what differs is drawn over them.

Folium's own DualMap makes plain maps of folium and joins them by a plugin that is no longer kept up: two of our maps, with the style of the
layer and the base of the city, and a call that joins them do the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import folium
from folium import FitBounds

from geo.catalogue import Entry
from geo.feature_history import Difference
from geo.layer_features import bounds_of
from geo.maps import Assets, InStep, MapParts, make_map
from portal.core.assets import static_url
from portal.core.security import csp_nonce
from portal.core.tenancy import City
from portal.core.text import pick
from portal.core.web import db
from portal.maps import folium_layers
from portal.maps.layers import MapLayer, style_of

_HALF_SIDE = 0.075
_COLOURS = {"added": "#1f7a4d", "changed": "#a3561d", "removed": "#b3261e"}
_DASHES = {"changed": "6 4", "removed": "2 4"}


def version_maps(
    city: City, entry: Entry, first: int, second: int, differences: Sequence[Difference]
) -> tuple[MapParts, MapParts]:
    """The map of each version. The first shows what the second no longer has as it was, the second what is new or other in it."""
    before = [(each.outcome, each.former_shape or each.shape) for each in differences if each.outcome != "added"]
    after = [(each.outcome, each.shape) for each in differences if each.outcome != "removed"]
    longitude, latitude = city.center
    around = (longitude - _HALF_SIDE, latitude - _HALF_SIDE, longitude + _HALF_SIDE, latitude + _HALF_SIDE)
    box = bounds_of(db(), entry.key) or around
    return _map(city, entry, first, before, box), _map(city, entry, second, after, box)


def _map(
    city: City,
    entry: Entry,
    number: int,
    shapes: Sequence[tuple[str, Mapping[str, Any]]],
    box: tuple[float, float, float, float],
) -> MapParts:
    west, south, east, north = box
    assets = Assets((static_url("dist/leaflet.js"), static_url("dist/map.js")))
    corners = ((south - _HALF_SIDE, west - _HALF_SIDE), (north + _HALF_SIDE, east + _HALF_SIDE))
    layer = MapLayer(entry.key, pick(entry.title), entry.kind, style_of(entry.kind, entry.style), number, shown=True)
    path = f"/desk/map/layers/{entry.key}/versions/{number}"
    calls = [folium_layers.base_layer(city), folium_layers.overlay(layer, path)]
    city_map = make_map(assets, city.key, ((south + north) / 2, (west + east) / 2), corners, calls)
    if shapes:
        features = [{"type": "Feature", "properties": {"role": role}, "geometry": shape} for role, shape in shapes]
        collection = {"type": "FeatureCollection", "features": features}
        marker = folium.CircleMarker(radius=6)
        city_map.add_child(folium.GeoJson(collection, style_function=_style, marker=marker, control=False))
    city_map.add_child(FitBounds([[south, west], [north, east]], padding=(24, 24), max_zoom=17))
    city_map.add_child(InStep())
    return city_map.rendered().parts(csp_nonce())


def _style(feature: Mapping[str, Any]) -> dict[str, Any]:
    role = feature["properties"]["role"]
    colour = _COLOURS[role]
    return {"color": colour, "weight": 3, "fillColor": colour, "fillOpacity": 0.3, "dashArray": _DASHES.get(role)}
