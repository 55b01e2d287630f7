"""What the layers over the staff map have at a spot: the attributes of their features, with the source and the date of each layer."""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request

from geo import PlaceError
from geo.catalogue import Entry, entries
from geo.dossier import layers_at
from geo.layer_features import name_of
from geo.style import LayerStyle
from portal.core.access import STAFF, allow
from portal.core.errors import Invalid
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.desk.layer_doors import sight
from portal.desk.map_state import read_layers
from portal.maps import column_labels

MOST = 5
"""Features of a layer that are shown; the layer's own page has all of them."""
_REACH = 6
"""Pixels around a press that count as it: a line is two pixels wide."""
_METRES_OF_PIXEL = 156_543.034
"""At zoom 0 on the equator, in tiles of 256 pixels (Web Mercator, EPSG:3857)."""
_METRES_OF_DEGREE = 111_320.0
_AT = re.compile(r"(\d{1,2}(?:\.\d{1,4})?)/(-?\d{1,2}(?:\.\d{1,8})?)/(-?\d{1,3}(?:\.\d{1,8})?)", re.ASCII)
"""Zoom, latitude and longitude."""

bp = Blueprint("desk_map_features", __name__, url_prefix="/desk/map")


@dataclass(frozen=True)
class FeatureTold:
    """One feature: its name, the class of the legend it is in, and its attributes by the labels of their columns."""

    id: int
    name: str
    colour: str | None
    in_legend: str
    attributes: list[tuple[str, str]]


@dataclass(frozen=True)
class LayerTold:
    """A layer with the features at the spot; `number` of them in all."""

    entry: Entry
    number: int
    features: list[FeatureTold]


@bp.get("/features")
@allow(STAFF)
def features() -> str:
    """The features of the layers `layers` (from the top) at the spot `at` (zoom/latitude/longitude) that this person sees."""
    at = _AT.fullmatch(request.args.get("at", ""))
    if at is None:
        raise Invalid(_("地図の場所がわかりません。地図をもう一度押してください。"))
    zoom, lat, lon = map(float, at.groups())
    layers = _layers_told(list(read_layers(request.args.get("layers", ""))), zoom, lat, lon)
    return render_template("desk/_map_features.html", layers=layers, most=MOST)


def _layers_told(keys: Collection[str], zoom: float, lat: float, lon: float) -> list[LayerTold]:
    visible = sight()
    shown = {entry.key: entry for entry in entries(db()) if entry.key in keys and entry.in_use and visible.sees(entry)}
    spot = _spot(zoom, lat, lon)
    try:
        here = {at.key: at for at in layers_at(db(), spot, srid=current_city().plane.srid, most=MOST)} if shown else {}
    except PlaceError as error:
        raise Invalid(_("地図の場所がわかりません。地図をもう一度押してください。")) from error
    told = [(shown[key], here[key]) for key in keys if key in shown and key in here]
    return [
        LayerTold(entry, at.number, [_feature(entry, feature) for feature in at.features])
        for entry, at in told
        if _is_drawn(entry, zoom)
    ]


def _is_drawn(entry: Entry, zoom: float) -> bool:
    style = LayerStyle.stored(entry.style)
    return (style.min_zoom or 0) <= zoom and (style.max_zoom is None or zoom <= style.max_zoom)


def _feature(entry: Entry, feature: Mapping[str, Any]) -> FeatureTold:
    properties, labels, style = feature["properties"], column_labels(entry), LayerStyle.stored(entry.style)
    colour = style.class_colour(properties) if style.by else None
    words = {each.colour: each.text or _("そのほか") for each in style.legend()}
    return FeatureTold(
        id=feature["id"],
        name=str(name_of(properties)),
        colour=colour,
        in_legend=words.get(colour, "") if colour else "",
        attributes=[
            (labels.get(name, name), _in_words(value)) for name, value in properties.items() if value not in (None, "")
        ],
    )


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _spot(zoom: float, lat: float, lon: float) -> dict[str, Any]:
    """A square of so many pixels around a spot, as GeoJSON."""
    metres = _REACH * _METRES_OF_PIXEL * math.cos(math.radians(lat)) / 2**zoom
    north = metres / _METRES_OF_DEGREE
    east = north / math.cos(math.radians(lat))
    ring = [(lon + east * x, lat + north * y) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    return {"type": "Polygon", "coordinates": [[list(corner) for corner in ring]]}
