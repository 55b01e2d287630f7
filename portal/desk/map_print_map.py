"""The map on which the ground of a printed map is chosen: the sheet lies in its middle, with the layers that may be printed."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from geo.catalogue import Entry
from geo.maps import Assets, MapCall, MapParts, make_map
from geo.paper import PAPERS, SCALES, Sheet
from portal.core.assets import static_url
from portal.core.security import csp_nonce
from portal.core.tenancy import City
from portal.core.text import pick
from portal.desk.map_print_form import PrintForm
from portal.maps import MapLayer, folium_layers, style_of

_HALF_SIDE = 0.1


class SheetFrame(MapCall):
    """The outline of the paper in the middle of the map; `frames` are the sides of the map on each paper in millimetres, by paper and way.

    The fields of the form on the page say which of them it is, at which scale; its middle is written into them.
    """

    function = "sheetFrame"

    def __init__(self, frames: Mapping[str, Sequence[float]], meridian: float) -> None:
        super().__init__(frames={name: list(sides) for name, sides in frames.items()}, meridian=meridian)


def print_map(city: City, form: PrintForm, layers: Sequence[Entry], shown: Mapping[str, float]) -> MapParts:
    """The map with every layer that may be printed, the first of them on top; `shown` are those that are on, with how much of each is seen."""
    centre = _centre(city, form)
    frames = {
        f"{paper}-{'landscape' if landscape else 'portrait'}": (frame.width, frame.height)
        for paper, landscape in product(PAPERS, (True, False))
        for frame in [Sheet(SCALES[0], centre, city.plane, paper, landscape).frame]
    }
    overlays: list[Any] = [
        folium_layers.overlay(
            MapLayer(
                entry.key,
                pick(entry.title, "ja"),
                entry.kind,
                style_of(entry.kind, entry.style),
                entry.version,
                shown=entry.key in shown,
                opacity=shown.get(entry.key, 1),
            ),
            f"/desk/map/layers/{entry.key}",
            height,
        )
        for height, entry in enumerate(reversed(layers), start=1)
    ]
    assets = Assets((static_url("dist/leaflet.js"), static_url("dist/map.js")))
    lon, lat = city.center
    corners = (
        (min(lat, centre[1]) - _HALF_SIDE, min(lon, centre[0]) - _HALF_SIDE),
        (max(lat, centre[1]) + _HALF_SIDE, max(lon, centre[0]) + _HALF_SIDE),
    )
    calls = [folium_layers.base_layer(city), *overlays, SheetFrame(frames, city.plane.meridian)]
    return make_map(assets, city.key, (centre[1], centre[0]), corners, calls).rendered().parts(csp_nonce())


def _centre(city: City, form: PrintForm) -> tuple[float, float]:
    try:
        lon, lat = float(form.lon.data), float(form.lat.data)
    except ValueError:
        return city.center
    return (lon, lat) if city.plane.covers(lon, lat) else city.center
