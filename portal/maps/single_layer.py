"""The map of one layer, made of folium's elements, opened where the layer is."""

from collections.abc import Mapping
from typing import Any

from folium import FitBounds

from geo.catalogue import Entry
from geo.layer_features import bounds_of
from geo.maps import Assets, MapParts, make_map
from portal.core.assets import static_url
from portal.core.security import csp_nonce
from portal.core.tenancy import City
from portal.core.text import pick
from portal.core.web import db
from portal.maps import folium_layers
from portal.maps.layers import MapLayer, style_of

_HALF_SIDE = 0.075


def layer_map(city: City, entry: Entry, path: str, style: Mapping[str, Any] | None = None) -> MapParts | None:
    """The map with the layer, from the tiles below `path`, over the base map, in its own style or in another; None for a layer without
    features.
    """
    box = bounds_of(db(), entry.key)
    if box is None:
        return None
    layer = MapLayer(
        entry.key, pick(entry.title), entry.kind, style_of(entry.kind, style or entry.style), entry.version, shown=True
    )
    return map_of(city, layer, f"{path}/{{z}}/{{x}}/{{y}}.mvt", box)


def map_of(city: City, layer: MapLayer, url: str, box: tuple[float, float, float, float]) -> MapParts:
    """The map with a layer from the tiles of an address (`…/{z}/{x}/{y}.mvt`), opened where it is (west, south, east, north)."""
    west, south, east, north = box
    assets = Assets((static_url("dist/leaflet.js"), static_url("dist/map.js")))
    corners = ((south - _HALF_SIDE, west - _HALF_SIDE), (north + _HALF_SIDE, east + _HALF_SIDE))
    calls = [folium_layers.base_layer(city), folium_layers.overlay_from(layer, url)]
    city_map = make_map(assets, city.key, ((south + north) / 2, (west + east) / 2), corners, calls)
    city_map.add_child(FitBounds([[south, west], [north, east]], padding=(24, 24), max_zoom=17))
    return city_map.rendered().parts(csp_nonce())
