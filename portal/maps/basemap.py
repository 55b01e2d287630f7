"""What a map that page scripts make stands on: the city's tiles where the settings name some, else the schematic base map."""

from typing import Any

from geo import basemap
from portal.core.assets import static_url
from portal.core.config import settings
from portal.core.tenancy import City
from portal.core.text import _
from portal.core.web import db
from portal.maps.layers import CityLayers


def without_ground(city: City) -> bool:
    """Whether nothing lies under the maps of the city: no tiles are set, and the schematic does not show it."""
    return not settings().basemap_tile_url and not basemap.covers(*city.center)


def base_of(city: City, *, zoom: int) -> dict[str, Any]:
    """Where a map of the city opens and what it draws underneath, as the map scripts read it.

    A city without a ground shows its own public layers instead, for which the request's session is asked; that there is
    none is said where the attribution of the ground would stand.
    """
    longitude, latitude = city.center
    tiles = settings().basemap_tile_url
    view = {"center": [latitude, longitude], "zoom": zoom, "city": city.key, "meridian": city.plane.meridian}
    if without_ground(city):
        layers = [layer.drawing(f"/map/layers/{layer.key}") for layer in CityLayers(db()).public()]
        return view | {"url": None, "tiles": None, "attribution": _("下地の地図はまだありません"), "layers": layers}
    return view | {
        "url": static_url("dist/basemap/schematic.geojson"),
        "tiles": tiles or None,
        "attribution": settings().basemap_attribution if tiles else _("模式図"),
    }
