"""The place names of a city: the features of one layer, folded once for comparing and kept until the layer changes."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import TextClause

from geo.addresses import Address, parse_address, without_district
from writing.folding import PLACE
from writing.words import reading_of, short_sounds

PLACE_NAMES = "place-names"
"""The layer whose features are place names: points with `name`, `kana`, `kind`, for a town `former` (names that it had, with 、 between
them), and for a facility `address`.
"""
LANDMARKS = frozenset({"station", "facility", "crossing"})
_MAX_KEPT = 32
_BETWEEN = re.compile("[、,，/／]")


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A named point. kind: house | block | chome | town | station | facility | crossing, which says how exact it is.

    `nearby`: what was asked for is more exact than what is known, and lies about here. `corrected`: what was asked for is not known as it
    was written, and this is most like it.
    """

    name: str
    kana: str
    kind: str
    lon: float
    lat: float
    nearby: bool = False
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A place name with its name, reading and former names folded for comparing; `latin` is the reading as far as Latin letters tell it."""

    place: PlaceName
    name: str
    kana: str
    latin: str
    former: tuple[str, ...]
    address: Address | None

    @property
    def names(self) -> tuple[str, ...]:
        """What it is found by."""
        return (self.name, self.kana, *self.former)

    @property
    def is_landmark(self) -> bool:
        """Whether people say it where they mean something beside it."""
        return self.place.kind in LANDMARKS


_kept: WeakKeyDictionary[Engine, OrderedDict[tuple[int, ...], list[Entry]]] = WeakKeyDictionary()
_lock = Lock()


def place_names(connection: Connection | Session) -> list[Entry]:
    """Every place name of a city. A version of the layer never changes, so its names are read and folded once in a process."""
    version = tuple(connection.execute(_statement("place_names_version"), {"layer": PLACE_NAMES}).one())
    engine = connection.get_bind().engine if isinstance(connection, Session) else connection.engine
    with _lock:
        kept = _kept.setdefault(engine, OrderedDict())
        if version in kept:
            kept.move_to_end(version)
            return kept[version]
    rows = connection.execute(_statement("place_names"), {"layer": PLACE_NAMES}).mappings()
    entries = [_entry(**row) for row in rows]
    with _lock:
        kept[version] = entries
        while len(kept) > _MAX_KEPT:
            kept.popitem(last=False)
    return entries


def _entry(*, address: str | None, former: str, **columns: Any) -> Entry:
    place = PlaceName(**columns)
    name = PLACE(without_district(place.name))
    names = tuple(PLACE(without_district(part.strip())) for part in _BETWEEN.split(former) if part.strip())
    return Entry(
        place,
        name,
        PLACE(place.kana),
        short_sounds(reading_of(place.kana)),
        names,
        parse_address(address) if address else None,
    )


@cache
def _statement(name: str) -> TextClause:
    return text(files("geo").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8"))
