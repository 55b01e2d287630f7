"""The base map and the layers of a city as parts of a folium map."""

from geo.maps import OverlayTiles, PlainBase, SchematicBase, TileBase
from portal.core.assets import static_url
from portal.core.config import settings
from portal.core.tenancy import City
from portal.core.text import _
from portal.maps.base_map import SCHEMATIC, has_base_map
from portal.maps.layers import MapLayer


def base_layer(city: City) -> SchematicBase | TileBase | PlainBase:
    """The raster tiles that the settings name, else the schematic base map, else none where it shows nothing."""
    if not has_base_map(city):
        return PlainBase()
    if settings().basemap_tile_url:
        return TileBase(settings().basemap_tile_url, settings().basemap_attribution, 18)
    return SchematicBase(static_url(SCHEMATIC), city.key, _("模式図"))


def overlay(layer: MapLayer, path: str, height: int | None = None) -> OverlayTiles:
    """A layer with its switch, drawn from the tiles below `path`; `height` is its place in an order of the map's own."""
    return overlay_from(layer, f"{path}/{{z}}/{{x}}/{{y}}.mvt", height)


def overlay_from(layer: MapLayer, url: str, height: int | None = None) -> OverlayTiles:
    """The same from the tiles of an address with `{z}`, `{x}` and `{y}` in it."""
    return OverlayTiles(
        layer.key,
        url,
        layer.style,
        kind=layer.kind,
        version=layer.version,
        shown=layer.shown,
        opacity=layer.opacity,
        height=height,
    )
