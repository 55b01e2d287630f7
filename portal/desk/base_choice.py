"""The base maps from which staff choose: what lies under every map of the city, the schematic map, maps of other servers, and none."""

from dataclasses import dataclass
from typing import Any

from geo import basemap
from portal.core.assets import static_url
from portal.core.config import settings
from portal.core.tenancy import City
from portal.core.text import _
from portal.maps import SCHEMATIC, has_base_map

NO_BASE = "none"


@dataclass(frozen=True)
class BaseMap:
    """A base map; kind: schematic | tiles | none."""

    key: str
    title: str
    kind: str
    attribution: str
    url: str = ""
    attribution_url: str = ""
    max_zoom: int = 18

    def script_options(self, city: City) -> dict[str, Any]:
        """What the map scripts need to draw it."""
        return {
            "key": self.key,
            "kind": self.kind,
            "url": self.url,
            "city": city.key,
            "attribution": self.attribution,
            "attributionUrl": self.attribution_url,
            "maxZoom": self.max_zoom,
        }


def base_maps(city: City) -> tuple[BaseMap, ...]:
    """The base maps of a city, first the one with which a map opens."""
    configured = settings()
    tiles, attribution = configured.basemap_tile_url, configured.basemap_attribution
    everywhere = [BaseMap("city", attribution or _("この市の地図"), "tiles", attribution, tiles)] if tiles else []
    schematic = BaseMap("schematic", _("模式図"), "schematic", _("模式図"), static_url(SCHEMATIC))
    drawn = [schematic] if basemap.covers(*city.center) else []
    outside = [
        BaseMap(each.key, each.title, "tiles", each.attribution, each.url, each.attribution_url, each.max_zoom)
        for each in configured.outside_maps
    ]
    chosen = [*everywhere, *drawn, *outside]
    if not has_base_map(city):
        return (BaseMap(NO_BASE, _("なし"), "none", _("下地の地図はまだありません")), *chosen)
    return (*chosen, BaseMap(NO_BASE, _("なし"), "none", _("背景なし")))
