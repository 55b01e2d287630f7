"""Rows of a file placed by their addresses."""

from collections.abc import Iterable

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from geo.gazetteer import is_in, search_places
from geo.place_names import PlaceName
from geo.reading import Places

_EXACT = frozenset({"house", "block"})


def place_rows(connection: Connection | Session, rows: Iterable[tuple[int, str]], *, city: str) -> Places:
    """The points of rows, by their number and address, in the city of that name. An address of another city is unknown.

    One look-up for each address that is written differently from those before it.
    """
    points: dict[int, tuple[float, float, str | None]] = {}
    unknown: set[int] = set()
    known: dict[str, PlaceName | None] = {}
    for number, address in rows:
        if address not in known:
            places = search_places(connection, address, city=city, limit=1) if is_in(address, city) else []
            known[address] = places[0] if places else None
        if (place := known[address]) is None:
            unknown.add(number)
        else:
            points[number] = (place.lon, place.lat, _code(place))
    return Places(points, frozenset(unknown))


def _code(place: PlaceName) -> str | None:
    if place.corrected:
        return "address_corrected"
    return None if place.kind in _EXACT and not place.nearby else "address_rough"
