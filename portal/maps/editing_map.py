"""The map on which a layer's features are edited, made of folium's elements."""

from geo.catalogue import Entry
from geo.layer_features import bounds_of
from geo.maps import Assets, FeatureEditor, MapParts, make_map
from portal.core.assets import static_url
from portal.core.security import csp_nonce
from portal.core.tenancy import City
from portal.core.web import db
from portal.maps import folium_layers

_HALF_SIDE = 0.1  # degrees around the city in which a layer without features is begun
_CLOSEST = 18


def editor_map(city: City, entry: Entry, path: str, most: int) -> MapParts:
    """The map whose features are read and changed below `path`; it shows at most so many of them at once.

    It opens where the layer is, without features in the middle of the city.
    """
    longitude, latitude = city.center
    around = (longitude - _HALF_SIDE, latitude - _HALF_SIDE, longitude + _HALF_SIDE, latitude + _HALF_SIDE)
    west, south, east, north = bounds_of(db(), entry.key) or around
    assets = Assets(
        scripts=(static_url("dist/leaflet.js"), static_url("dist/map.js"), static_url("dist/edit.js")),
    )
    corners = (
        (min(south, around[1]), min(west, around[0])),
        (max(north, around[3]), max(east, around[2])),
    )
    opened = None if entry.features == 0 else [[south, west], [north, east]]
    editor = FeatureEditor(
        url=path, kind=entry.kind, most=most, bounds=opened, closest=_CLOSEST, meridian=city.plane.meridian
    )
    return (
        make_map(assets, city.key, (latitude, longitude), corners, [folium_layers.base_layer(city), editor])
        .rendered()
        .parts(csp_nonce())
    )
