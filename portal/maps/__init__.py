"""The city's map layers and base map: the catalogue of layers, their tiles over HTTP, search of place names, the base of every map.

A page whose map is made by scripts hands them `base_map_options`; a map made by folium begins with `folium_layers.base_layer`. Tiles of
other things than layers are answered with `tile_at` and `tile_response`.
"""

from portal.maps import address_import, catalogue, editing, events, folium_layers, importing, imports, prints, rights
from portal.maps.base_map import SCHEMATIC, base_map_options, has_base_map
from portal.maps.column_words import column_labels, hazard_words
from portal.maps.comparison import version_maps
from portal.maps.editing_map import editor_map
from portal.maps.everybodys_map import residents_map
from portal.maps.hazards import meant_for
from portal.maps.import_words import FIXES, REFUSED, refusal
from portal.maps.layers import CityLayers, MapLayer, layer_style, style_of
from portal.maps.models import LayerImport
from portal.maps.opening_hours import OpeningHours, OpenState, hours_of, state_at
from portal.maps.place_picture import place_picture
from portal.maps.public_layer import PublicMapLayer, Told, public_layers
from portal.maps.public_use import NEEDS, PublicUse, use_layer, use_of
from portal.maps.refuse import CollectionDays, collection_days
from portal.maps.sealed_columns import SEALED_COLUMNS
from portal.maps.sight import LayerSight
from portal.maps.single_layer import layer_map, map_of
from portal.maps.thumbnail import picture_response, thumbnail, thumbnail_tag
from portal.maps.tiles import tile_at, tile_response
from portal.maps.usage import Reference, Use, properties_needed, references, uses
from portal.maps.value_words import translations, value_in_words

__all__ = [
    "FIXES",
    "NEEDS",
    "REFUSED",
    "SCHEMATIC",
    "SEALED_COLUMNS",
    "CityLayers",
    "CollectionDays",
    "LayerImport",
    "LayerSight",
    "MapLayer",
    "OpenState",
    "OpeningHours",
    "PublicMapLayer",
    "PublicUse",
    "Reference",
    "Told",
    "Use",
    "address_import",
    "base_map_options",
    "catalogue",
    "collection_days",
    "column_labels",
    "editing",
    "editor_map",
    "events",
    "folium_layers",
    "has_base_map",
    "hazard_words",
    "hours_of",
    "importing",
    "imports",
    "layer_map",
    "layer_style",
    "map_of",
    "meant_for",
    "picture_response",
    "place_picture",
    "prints",
    "properties_needed",
    "public_layers",
    "references",
    "refusal",
    "residents_map",
    "rights",
    "state_at",
    "style_of",
    "thumbnail",
    "thumbnail_tag",
    "tile_at",
    "tile_response",
    "translations",
    "use_layer",
    "use_of",
    "uses",
    "value_in_words",
    "version_maps",
]
