"""The map of the residents' map page, made of folium's elements: layers, the pins of the list beside it, the place that was chosen."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from folium import FitBounds

from geo.maps import Assets, FeaturePins, MapParts, make_map
from portal.core.assets import static_url
from portal.core.security import csp_nonce
from portal.core.tenancy import City
from portal.maps import folium_layers
from portal.maps.layers import MapLayer

_REACH = 0.12
"""Degrees around the middle of a city to which its map can be moved."""
_CLOSEST, _AROUND = 17, 15
"""The zoom at which single things are told apart, and at which the areas around a place are seen."""
_IN_VIEW = 8
"""Pins that a map opens on around a place: the nearest; others come into view when it is moved."""


class Drawn(Protocol):
    """A layer as far as the map draws it."""

    @property
    def key(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def style(self) -> dict[str, Any]: ...

    @property
    def version(self) -> int | None: ...

    @property
    def tiles(self) -> str: ...


def residents_map(
    city: City,
    layers: Sequence[Drawn],
    pins: Sequence[Mapping[str, Any]],
    *,
    spot: Mapping[str, Any] | None = None,
    shape: Mapping[str, Any] | None = None,
    form: str,
) -> MapParts:
    """The map, opened where the pins and the place are; without either on the city. See `geo.maps.FeaturePins`."""
    assets = Assets((static_url("dist/leaflet.js"), static_url("dist/map.js")))
    longitude, latitude = city.center
    corners = ((latitude - _REACH, longitude - _REACH), (latitude + _REACH, longitude + _REACH))
    drawn = [MapLayer(each.key, each.title, each.kind, each.style, each.version, shown=True) for each in layers]
    calls = [
        folium_layers.base_layer(city),
        *(folium_layers.overlay_from(layer, each.tiles) for layer, each in zip(drawn, layers, strict=True)),
        FeaturePins(pins=pins, spot=spot, shape=shape, form=form),
    ]
    city_map = make_map(assets, city.key, (latitude, longitude), corners, calls)
    first = [*pins[:_IN_VIEW], spot] if spot else pins
    if points := [(each["lat"], each["lon"]) for each in first]:
        low, high = [min(part) for part in zip(*points, strict=True)], [max(part) for part in zip(*points, strict=True)]
        city_map.add_child(FitBounds([low, high], padding=(48, 48), max_zoom=_CLOSEST if pins else _AROUND))
    return city_map.rendered().parts(csp_nonce())
