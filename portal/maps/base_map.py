"""What lies under every map of a city: the tiles that the settings name, else the schematic base map, else the city's own layers."""

from typing import Any

from geo import basemap
from portal.core.assets import static_url
from portal.core.config import settings
from portal.core.tenancy import City
from portal.core.text import _
from portal.core.web import db
from portal.maps.layers import CityLayers

SCHEMATIC = "dist/basemap/schematic.pmtiles"


def has_base_map(city: City) -> bool:
    """Whether something lies under the maps of the city: tiles are set, or the schematic base map covers it."""
    return bool(settings().basemap_tile_url) or basemap.covers(*city.center)


def base_map_options(city: City, *, zoom: int) -> dict[str, Any]:
    """Where a map of the city opens and what it draws underneath, as the map scripts read it.

    A city without a base map shows its public layers instead, which are read in the request's session; the attribution says that
    there is none.
    """
    longitude, latitude = city.center
    tiles = settings().basemap_tile_url
    view = {"center": [latitude, longitude], "zoom": zoom, "city": city.key, "meridian": city.plane.meridian}
    if not has_base_map(city):
        layers = [layer.script_options(f"/map/layers/{layer.key}") for layer in CityLayers(db()).public()]
        return view | {"url": None, "tiles": None, "attribution": _("下地の地図はまだありません"), "layers": layers}
    return view | {
        "url": static_url(SCHEMATIC),
        "tiles": tiles or None,
        "attribution": settings().basemap_attribution if tiles else _("模式図"),
    }
