"""The city's map layers and base map: the catalogue of layers, their tiles over HTTP, search of place names, the base of every map.

A page whose map is made by scripts hands them `base_map_options`; a map made by folium begins with `folium_layers.base_layer`. Tiles of
other things than layers are answered with `tile_at` and `tile_response`.
"""

from portal.maps import address_import, catalogue, editing, events, folium_layers, importing, imports, rights
from portal.maps.base_map import base_map_options, has_base_map
from portal.maps.comparison import version_maps
from portal.maps.editing_map import editor_map
from portal.maps.import_words import FIXES, REFUSED, refusal
from portal.maps.layers import CityLayers, MapLayer, layer_style, style_of
from portal.maps.models import LayerImport
from portal.maps.sealed_columns import SEALED_COLUMNS
from portal.maps.sight import LayerSight
from portal.maps.single_layer import layer_map, map_of
from portal.maps.tiles import tile_at, tile_response
from portal.maps.usage import Reference, Use, properties_needed, references, uses

__all__ = [
    "FIXES",
    "REFUSED",
    "SEALED_COLUMNS",
    "CityLayers",
    "LayerImport",
    "LayerSight",
    "MapLayer",
    "Reference",
    "Use",
    "address_import",
    "base_map_options",
    "catalogue",
    "editing",
    "editor_map",
    "events",
    "folium_layers",
    "has_base_map",
    "importing",
    "imports",
    "layer_map",
    "layer_style",
    "map_of",
    "properties_needed",
    "references",
    "refusal",
    "rights",
    "style_of",
    "tile_at",
    "tile_response",
    "uses",
    "version_maps",
]
