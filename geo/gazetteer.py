"""Search of place names for people who do not use the map: towns, 丁目, stations, facilities, and addresses as they are written."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import TextClause

from geo.addresses import Address, fold_address, municipality_of, parse_address, without_district
from writing.folding import PLACE

PLACE_NAMES = "place-names"
"""The layer whose features are place names: points with `name`, `kana`, `kind` and, for a facility, `address`."""

MAX_RESULTS = 10
_LANDMARKS = frozenset({"station", "facility"})


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A named point. kind: town | chome | station | facility. `nearby`: the house number is not known, this is its town."""

    name: str
    kana: str
    kind: str
    lon: float
    lat: float
    nearby: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    """A place name with its name and reading folded for comparing."""

    place: PlaceName
    name: str
    kana: str
    address: Address | None


def search_places(
    connection: Connection | Session, query: str, *, city: str | None = None, limit: int = MAX_RESULTS
) -> list[PlaceName]:
    """Places whose name or reading contains the query, those that begin with it first, at most ten.

    An address finds the place that has it (`address` among its properties), else its 丁目, else its town, which then is `nearby`.
    `city`: the name of the city whose places these are; an address that names another one finds no town of the same name here.
    "曙町2-17", "ｱｹﾎﾞﾉﾁｮｳ" and "東京都立川市曙町二丁目17番地" find 曙町二丁目 and 曙町: every writing is folded.
    """
    folded = fold_address(query)
    if not folded:
        return []
    entries = [_entry(**row) for row in connection.execute(_statement(), {"layer": PLACE_NAMES}).mappings()]
    places = _containing(entries, PLACE(folded))
    if not places:
        address = _spelt(entries, parse_address(query))
        places = _at_address(entries, address) or _named(entries, address) or _in_town(entries, address, folded)
        if city and not is_in(query, city):
            places = [place for place in places if place.kind in _LANDMARKS]
    return places[: min(limit, MAX_RESULTS)]


def facilities_named(connection: Connection | Session, names: Iterable[str]) -> dict[str, PlaceName]:
    """The facilities with exactly these names, by the name as it was written; one that is not among the place names is left out."""
    keys = {PLACE(fold_address(name)): name for name in names}
    if not keys:
        return {}
    entries = (_entry(**row) for row in connection.execute(_statement(), {"layer": PLACE_NAMES}).mappings())
    return {keys[entry.name]: entry.place for entry in entries if entry.place.kind == "facility" and entry.name in keys}


def is_in(query: str, city: str) -> bool:
    """Whether an address lies in that city, as far as it says: 曙町 and 立川市曙町 lie in 立川市, 八王子市曙町 does not."""
    municipality = municipality_of(query)
    return not municipality or municipality.startswith(fold_address(city))


def _entry(*, address: str | None, **columns: Any) -> _Entry:
    place = PlaceName(**columns)
    name = PLACE(without_district(place.name))
    return _Entry(place, name, PLACE(place.kana), parse_address(address) if address else None)


def _spelt(entries: Iterable[_Entry], address: Address) -> Address:
    """The address with its town as it is spelt, where the town was typed by its reading."""
    reading = PLACE(address.town)
    names = (entry.place.name for entry in entries if reading and entry.kana == reading and entry.name != reading)
    return replace(address, town=next(names, address.town))


def _containing(entries: Iterable[_Entry], key: str) -> list[PlaceName]:
    """Places whose name or reading contains the key: an equal name first, then those that begin with it, short names before long ones."""
    matches = [entry for entry in entries if key and (key in entry.name or key in entry.kana)]
    matches.sort(
        key=lambda entry: (
            entry.name != key,
            not (entry.name.startswith(key) or entry.kana.startswith(key)),
            len(entry.place.name),
            entry.place.name,
        )
    )
    return [entry.place for entry in matches]


def _at_address(entries: Iterable[_Entry], address: Address) -> list[PlaceName]:
    """Places at exactly that address, then the 丁目 around them."""
    if not address.numbers:
        return []
    town = PLACE(address.town)
    exact = [
        entry.place
        for entry in entries
        if entry.address and PLACE(entry.address.town) == town and entry.address.all_numbers == address.all_numbers
    ]
    return exact + _containing(entries, PLACE(address.name)) if exact else []


def _named(entries: list[_Entry], address: Address) -> list[PlaceName]:
    """Places of the address's name; only its town, and nearby, where the address goes on with a number and has no 丁目."""
    name = PLACE(address.name)
    places = _containing(entries, name)
    if not address.numbers or address.chome is not None:
        return places
    town = [entry.place for entry in entries if entry.name == name]
    return [replace(place, nearby=True) for place in town or places]


def _in_town(entries: list[_Entry], address: Address, folded: str) -> list[PlaceName]:
    """The town of an address whose number is not known, else the longest name that the text begins with.

    A station or a facility is met in the midst of the text too: JR立川駅北口.
    """
    town = PLACE(address.town)
    matches = [entry for entry in entries if entry.name == town]
    matches = matches or [entry for entry in entries if town and entry.name.startswith(town)]
    if not matches:
        key = PLACE(folded)
        prefixes = [entry for entry in entries if _is_prefix(entry, town, key)]
        landmarks = [entry for entry in entries if entry.place.kind in _LANDMARKS and entry.name in key]
        matches = sorted(prefixes or landmarks, key=lambda entry: -len(entry.name))[:1]
    return [replace(entry.place, nearby=True) for entry in matches]


def _is_prefix(entry: _Entry, *texts: str) -> bool:
    return len(entry.name) > 1 and any(text.startswith(entry.name) for text in texts)


@cache
def _statement() -> TextClause:
    return text(files("geo").joinpath("sql", "gazetteer.sql").read_text(encoding="utf-8"))
