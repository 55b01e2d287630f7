"""Search of place names for people who do not use the map: towns, 丁目, stations, facilities, and addresses as they are written."""

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from geo.address_points import point_at
from geo.addresses import Address, fold_address, municipality_of, parse_address
from geo.latin_names import written_in_japanese
from geo.place_names import LANDMARKS, Entry, PlaceName, place_names
from geo.postal_codes import postal_code_of, towns_of
from writing.folding import PLACE

MAX_RESULTS = 10
_LIKE_NAME, _LIKE_READING = 0.66, 0.8
"""How much of a misspelt town must agree (Ratcliff and Obershelp): one of three kanji may differ, one of five kana."""


def search_places(
    connection: Connection | Session, query: str, *, city: str | None = None, limit: int = MAX_RESULTS
) -> list[PlaceName]:
    """Places whose name, former name or reading contains the query, those that begin with it first, at most ten.

    An address finds its own point where the city has one (`geo.address_points`) and the facility that has it (`address` among its
    properties), else its 丁目, else its town; what is less exact than the address is `nearby`. A town that is misspelt, or written with a
    character that sounds alike, finds the one that is most like it, which then is `corrected`.
    `city`: the name of the city whose places these are; an address that names another one finds no town of the same name here.
    A postal code by itself finds the towns that have it.
    "曙町2-17", "ｱｹﾎﾞﾉﾁｮｳ" and "東京都立川市曙町二丁目17番地" find 曙町二丁目 and 曙町: every writing is folded.
    "Akebonocho 2-17" and "Tachikawa Station" find what is read so.
    """
    code = postal_code_of(query)
    if code is not None:
        return _of_postal_code(connection, code, city)[: min(limit, MAX_RESULTS)]
    folded = fold_address(query)
    if not folded:
        return []
    entries = place_names(connection)
    places = _containing(entries, PLACE(folded)) or _in_latin(connection, entries, query, city)
    if not places:
        address = _spelt(entries, parse_address(query))
        places = _found(connection, entries, address, folded) or _misspelt(connection, entries, address)
        if city and not is_in(query, city):
            places = [place for place in places if place.kind in LANDMARKS]
    return places[: min(limit, MAX_RESULTS)]


def facilities_named(connection: Connection | Session, names: Iterable[str]) -> dict[str, PlaceName]:
    """The facilities with exactly these names, by the name as it was written; one that is not among the place names is left out."""
    keys = {PLACE(fold_address(name)): name for name in names}
    if not keys:
        return {}
    entries = place_names(connection)
    return {keys[entry.name]: entry.place for entry in entries if entry.place.kind == "facility" and entry.name in keys}


def examples_of(connection: Connection | Session) -> tuple[str, str] | None:
    """An address that finds exactly its place, and a station, to show what can be looked for; None for a city whose place names have not both."""
    entries = place_names(connection)
    addresses = [
        f"{entry.address.town}{'-'.join(map(str, entry.address.all_numbers))}"
        for entry in entries
        if entry.address and entry.address.numbers
    ]
    stations = [entry.place.name for entry in entries if entry.place.kind == "station"]
    if not addresses or not stations:
        return None
    return min(addresses, key=lambda address: (len(address), address)), min(
        stations, key=lambda name: (len(name), name)
    )


def is_in(query: str, city: str) -> bool:
    """Whether an address, or a postal code, lies in that city, as far as it says: 曙町 and 立川市曙町 lie in 立川市, 八王子市曙町 does not."""
    towns = towns_of(postal_code_of(query) or "")
    if towns:
        return any(_is_of(town.city, city) for town in towns)
    municipality = municipality_of(query)
    return not municipality or _is_of(municipality, city)


def _is_of(municipality: str, city: str) -> bool:
    return municipality.startswith(fold_address(city))


def _of_postal_code(connection: Connection | Session, code: str, city: str | None) -> list[PlaceName]:
    """The towns of a postal code; a code of a whole city finds none."""
    towns = [town for town in towns_of(code) if town.town and (city is None or _is_of(town.city, city))]
    return [place for town in towns for place in search_places(connection, town.town)]


def _in_latin(connection: Connection | Session, entries: list[Entry], query: str, city: str | None) -> list[PlaceName]:
    """The places of a name in Latin letters, each once."""
    names = written_in_japanese(entries, query)[:MAX_RESULTS]
    return list(dict.fromkeys(place for name in names for place in search_places(connection, name, city=city)))


def _found(
    connection: Connection | Session, entries: list[Entry], address: Address, folded: str = ""
) -> list[PlaceName]:
    """The places of an address, the most exact first."""
    point = point_at(connection, address)
    known = _at_address(entries, address) or _named(entries, address) or _in_town(entries, address, folded)
    return [*([point] if point else []), *known]


def _spelt(entries: Iterable[Entry], address: Address) -> Address:
    """The address with its town as it is spelt, where the town was typed by its reading."""
    reading = PLACE(address.town)
    names = (entry.place.name for entry in entries if reading and entry.kana == reading and entry.name != reading)
    return replace(address, town=next(names, address.town))


def _misspelt(connection: Connection | Session, entries: list[Entry], address: Address) -> list[PlaceName]:
    """The places of the address with the town that is most like the one that was typed; none where two are alike it."""
    typed = PLACE(address.town)
    towns = {
        name: entry for entry in entries if entry.place.kind == "town" for name in (entry.name, entry.kana) if name
    }
    close = [
        *get_close_matches(typed, [entry.name for entry in towns.values()], n=3, cutoff=_LIKE_NAME),
        *get_close_matches(typed, [entry.kana for entry in towns.values()], n=3, cutoff=_LIKE_READING),
    ]
    likely = {towns[name].place.name for name in close if name in towns}
    if len(likely) != 1:
        return []
    spelt = replace(address, town=likely.pop())
    return [replace(place, corrected=True) for place in _found(connection, entries, spelt)]


def _containing(entries: Iterable[Entry], key: str) -> list[PlaceName]:
    """Places whose name or reading contains the key: an equal name first, then those that begin with it, short names before long ones."""
    matches = [entry for entry in entries if key and any(key in name for name in entry.names)]
    matches.sort(
        key=lambda entry: (
            entry.name != key,
            not any(name.startswith(key) for name in entry.names),
            len(entry.place.name),
            entry.place.name,
        )
    )
    return [entry.place for entry in matches]


def _at_address(entries: Iterable[Entry], address: Address) -> list[PlaceName]:
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


def _named(entries: list[Entry], address: Address) -> list[PlaceName]:
    """Places of the address's name: only nearby where the address goes on with a number, and only its town where it has no 丁目."""
    name = PLACE(address.name)
    places = _containing(entries, name)
    if not address.numbers:
        return places
    exactly = [entry.place for entry in entries if entry.name == name] if address.chome is None else []
    return [replace(place, nearby=True) for place in exactly or places]


def _in_town(entries: list[Entry], address: Address, folded: str) -> list[PlaceName]:
    """The town of an address whose number is not known, or has changed since with the name of the town, else the longest name that the text
    begins with.

    A station or a facility is met in the midst of the text too: JR立川駅北口.
    """
    town = PLACE(address.town)
    matches = [entry for entry in entries if town and town in (entry.name, *entry.former)]
    matches = matches or [entry for entry in entries if town and entry.name.startswith(town)]
    if not matches:
        key = PLACE(folded)
        prefixes = [entry for entry in entries if _is_prefix(entry, town, key)]
        landmarks = [entry for entry in entries if entry.is_landmark and entry.name in key]
        matches = sorted(prefixes or landmarks, key=lambda entry: -len(entry.name))[:1]
    return [replace(entry.place, nearby=True) for entry in matches]


def _is_prefix(entry: Entry, *texts: str) -> bool:
    return len(entry.name) > 1 and any(text.startswith(entry.name) for text in texts)
