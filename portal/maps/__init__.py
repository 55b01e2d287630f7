"""The city's map layers and base map: vector tiles of layers over HTTP, search of place names, and the base of every other map.

A page whose map is made by scripts hands them `base_map_options`; a map made by folium begins with `folium_layers.base_layer`. Tiles of
other things than layers are answered with `tile_at` and `tile_response`.
"""

from portal.maps import folium_layers
from portal.maps.base_map import base_map_options, has_base_map
from portal.maps.layers import CityLayers, MapLayer, layer_style
from portal.maps.tiles import tile_at, tile_response

__all__ = [
    "CityLayers",
    "MapLayer",
    "base_map_options",
    "folium_layers",
    "has_base_map",
    "layer_style",
    "tile_at",
    "tile_response",
]
