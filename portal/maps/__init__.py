"""The city's map layers and base map: the catalogue of layers, their tiles over HTTP, search of place names, the base of every map.

A page whose map is made by scripts hands them `base_map_options`; a map made by folium begins with `folium_layers.base_layer`. Tiles of
other things than layers are answered with `tile_at` and `tile_response`.
"""

from portal.maps import address_import, catalogue, events, folium_layers, imports, rights
from portal.maps.base_map import base_map_options, has_base_map
from portal.maps.import_words import FIXES, REFUSED
from portal.maps.layers import CityLayers, MapLayer, layer_style, style_of
from portal.maps.sight import LayerSight
from portal.maps.tiles import tile_at, tile_response
from portal.maps.usage import Reference, Use, properties_needed, references, uses

__all__ = [
    "FIXES",
    "REFUSED",
    "CityLayers",
    "LayerSight",
    "MapLayer",
    "Reference",
    "Use",
    "address_import",
    "base_map_options",
    "catalogue",
    "events",
    "folium_layers",
    "has_base_map",
    "imports",
    "layer_style",
    "properties_needed",
    "references",
    "rights",
    "style_of",
    "tile_at",
    "tile_response",
    "uses",
]
