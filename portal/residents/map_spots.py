"""The place around which somebody looks at the map: named in the address of the page by its town or facility, no more exactly.

A house number, and where somebody stands, are kept with the visit alone, encrypted, for an hour after it was said.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import session as visit
from sqlalchemy.orm import Session

from common.geometry import Position
from geo.gazetteer import search_places
from geo.place_names import PlaceName
from portal.core.clock import now
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.residents import plan_places

_SPOT, _WORDS = "map_spot", "map_words"
_KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: `name` as addresses of pages carry it, `label` as this person said it, and where it is.

    `source` says how it was given as an exact point (`forms.fields.place.Source`); "" for a town, which is about there.
    """

    name: str
    label: str
    lon: float
    lat: float
    source: str = ""

    @property
    def position(self) -> Position:
        """Longitude and latitude."""
        return self.lon, self.lat


def spot_named(session: Session, name: str) -> Spot | None:
    """The place of a page's address, as exactly as this visit knows it; None for a name that the city does not have."""
    if not name:
        return None
    kept = _kept(_SPOT)
    if kept and kept["name"] == name:
        return Spot(name, kept["label"], kept["lon"], kept["lat"], kept["source"])
    places = search_places(session, name, city=current_city().name)
    place = next((place for place in places if place.name == name), None)
    return Spot(name, name, place.lon, place.lat) if place else None


def keep_point(session: Session, position: Position, label: str, source: str) -> Spot | None:
    """A point, kept for this visit and named by the 丁目 or town around it; None outside the city."""
    around = plan_places.around(session, json.dumps({"type": "Point", "coordinates": list(position)}))
    if around is None:
        return None
    place, (lon, lat) = around
    _keep(_SPOT, {"name": place.name, "label": label, "lon": lon, "lat": lat, "source": source})
    return Spot(place.name, label, lon, lat, source)


def keep_place(session: Session, place: PlaceName) -> Spot | None:
    """A place that a search gave: a house is kept as a point, any other by its name alone."""
    if place.kind in ("house", "block"):
        return keep_point(session, (place.lon, place.lat), place.name, "address")
    visit.pop(_SPOT, None)
    return Spot(place.name, place.name, place.lon, place.lat)


def is_exactly(place: PlaceName) -> bool:
    """Whether it is what was looked for, and not something about there or spelt like it."""
    return not place.nearby and not place.corrected


def keep_words(words: str) -> None:
    """What is looked for, while its answers are chosen from: it may be an address."""
    _keep(_WORDS, {"words": words})


def kept_words() -> str:
    """The same; "" when nothing was looked for in the last hour."""
    kept = _kept(_WORDS)
    return str(kept["words"]) if kept else ""


def keep_unnamed(session: Session, position: Position, *, is_here: bool) -> Spot | None:
    """A point that nobody named: where the person stands, or a press on the map. None outside the city."""
    if is_here:
        return keep_point(session, position, _("いまいるところ"), "device")
    return keep_point(session, position, _("地図で選んだところ"), "drawn")


def _keep(key: str, value: dict[str, Any]) -> None:
    visit[key] = value | {"until": (now() + _KEPT).isoformat()}


def _kept(key: str) -> dict[str, Any] | None:
    kept = visit.get(key)
    if kept is None or datetime.fromisoformat(kept["until"]) < now():
        visit.pop(key, None)
        return None
    return dict(kept)
