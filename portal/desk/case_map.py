"""The desk's map: every case that passes the filter of the list beside it, and the city's layers to switch on."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import lru_cache

from common.status import STATUSES
from forms import Definition
from geo.maps import Assets, BaseChoice, MapCall, RenderedMap, make_map
from portal.core.assets import static_url
from portal.core.tenancy import City
from portal.desk.base_choice import BaseMap
from portal.maps import MapLayer, folium_layers

_COMPARED = frozenset({"intersects", "touches", "outside", "covers"})
_HALF_SIDE = 0.075
"""Degrees from the middle of a city to the edge of its map; about eight kilometres."""


class CaseTiles(MapCall):
    """Cases from vector tiles (`cases.case_tiles`), under the filter of the list on the same page."""

    function = "caseTiles"

    def __init__(self, url: str) -> None:
        super().__init__(url=url, statuses=list(STATUSES))


def case_map(city: City, layers: Sequence[MapLayer], bases: tuple[BaseMap, ...]) -> RenderedMap:
    """The map with these layers, over one of the base maps."""
    return _case_map(city, json.dumps([asdict(layer) for layer in layers]), bases)


@lru_cache(maxsize=200)
def _case_map(city: City, layers: str, bases: tuple[BaseMap, ...]) -> RenderedMap:
    """Cached, because folium takes longer to render it than the rest of the page takes; `layers` is their JSON."""
    lon, lat = city.center
    overlays = [
        folium_layers.overlay(layer, f"/desk/map/layers/{layer.key}")
        for layer in (MapLayer(**values) for values in json.loads(layers))
    ]
    cases = CaseTiles("/desk/map/cases/{z}/{x}/{y}.mvt")
    bounds = ((lat - _HALF_SIDE, lon - _HALF_SIDE), (lat + _HALF_SIDE, lon + _HALF_SIDE))
    assets = Assets((static_url("dist/leaflet.js"), static_url("dist/map.js")))
    calls = [BaseChoice([base.script_options(city) for base in bases]), *overlays, cases]
    return make_map(assets, city.key, (lat, lon), bounds, calls).rendered()


def layers_of_rules(definitions: Iterable[Definition]) -> frozenset[str]:
    """The layers that places of these procedures must meet, or must not: what a clerk compares them with."""
    return frozenset(
        rule.layer
        for definition in definitions
        for place in definition.place_fields.values()
        for rule in place.rules
        if rule.layer and rule.kind in _COMPARED
    )
