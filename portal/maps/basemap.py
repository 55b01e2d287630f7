"""What a map that page scripts make stands on: the schematic base map, or the city's tiles where the settings name some."""

from typing import Any

from portal.core.assets import static_url
from portal.core.config import settings
from portal.core.tenancy import City
from portal.core.text import _


def base_of(city: City, *, zoom: int) -> dict[str, Any]:
    """Where a map of the city opens and what it draws underneath, as the map scripts read it."""
    longitude, latitude = city.center
    tiles = settings().basemap_tile_url
    return {
        "center": [latitude, longitude],
        "zoom": zoom,
        "city": city.key,
        "meridian": city.plane.meridian,
        "url": static_url("dist/basemap/schematic.geojson"),
        "tiles": tiles or None,
        "attribution": settings().basemap_attribution if tiles else _("模式図"),
    }
