"""The maps that folium draws for pages of the portal: the base that the installation chose, the city's layers, the cases."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache

from geo.maps import Assets, CaseTiles, Drawing, OverlayTiles, PlainBase, SchematicBase, TileBase, city_map
from portal.core.assets import static_url
from portal.core.config import settings
from portal.core.tenancy import City
from portal.maps.basemap import without_ground
from portal.maps.layers import Layer

REACH = 0.075
"""Degrees from the middle of a city to where its map ends; about eight kilometres."""


def base_layer(city: City) -> SchematicBase | TileBase | PlainBase:
    """The raster tiles that the settings name, else the schematic base, else none where the schematic shows nothing."""
    if without_ground(city):
        return PlainBase()
    if settings().basemap_tile_url:
        return TileBase(settings().basemap_tile_url, settings().basemap_attribution, 18)
    return SchematicBase(static_url("dist/basemap/schematic.geojson"), city.key)


def desk_map(city: City, layers: Sequence[Layer]) -> Drawing:
    """The desk's map: every case that passes the filter of the list beside it, and the city's layers to switch on."""
    return _desk_map(city, json.dumps([asdict(one) for one in layers]))


@lru_cache(maxsize=200)
def _desk_map(city: City, layers: str) -> Drawing:
    """Kept, because folium takes longer to draw it than the rest of the page takes; `layers` is their JSON."""
    lon, lat = city.center
    overlays = [
        OverlayTiles(
            one.key,
            one.title,
            f"/desk/map/layers/{one.key}/{{z}}/{{x}}/{{y}}.mvt",
            one.style,
            kind=one.kind,
            version=one.version,
            shown=one.shown,
        )
        for one in (Layer(**kept) for kept in json.loads(layers))
    ]
    cases = CaseTiles("/desk/map/cases/{z}/{x}/{y}.mvt")
    bounds = ((lat - REACH, lon - REACH), (lat + REACH, lon + REACH))
    assets = Assets(
        scripts=(static_url("dist/leaflet.js"), static_url("dist/map.js")), styles=(static_url("dist/leaflet.css"),)
    )
    return city_map(assets, city.key, (lat, lon), bounds, [base_layer(city), *overlays, cases]).drawn()
