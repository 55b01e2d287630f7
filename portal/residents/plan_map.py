"""Where a plan leads to: the offices to go to, numbered, with the procedures done there, for a map and in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition
from geo.gazetteer import facilities_named
from portal.core.tenancy import City
from portal.core.text import _, pick
from portal.identity import Department
from portal.residents.definition_texts import words

Position = tuple[float, float]


@dataclass
class Stop:
    """One place to go to: what it is called, its address as far as it is known, and what is done there: at which window, in the
    reader's language, and where in the building, in Japanese. The address is Japanese where it is the city hall's.
    """

    number: int
    name: str
    address: str
    position: Position
    is_hall: bool
    procedures: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def map_address(self) -> str:
        """The place on the map of the Geospatial Information Authority, for those without a script."""
        return f"https://maps.gsi.go.jp/#17/{self.position[1]}/{self.position[0]}/"


def stops(session: Session, city: City, visits: Iterable[tuple[Definition, Department | None]]) -> list[Stop]:
    """The places of these procedures in their order. What is done at a place that nobody has put on the map is left out.

    An office is where its definition says, else where the place names of the city have a facility of its name.
    """
    visits = list(visits)
    without = [
        office.name.for_language("ja")
        for definition, _department in visits
        for office in definition.offices_in(city.key)
        if office.position is None
    ]
    known = {name: (place.lon, place.lat) for name, place in facilities_named(session, without).items()}
    by_position: dict[Position, Stop] = {}
    for definition, department in visits:
        for position, name, address, window in _offices(city, definition, known):
            stop = by_position.setdefault(position, Stop(len(by_position) + 1, name, address, position, is_hall=False))
            stop.procedures.append((words(definition.title), window, ""))
        if not definition.offices_in(city.key) and department is not None and department.position is not None:
            longitude, latitude = department.position
            name, address = _("{name}役所", name=city.in_words), f"〒{city.postal_code} {city.address}"
            at = (longitude, latitude)
            stop = by_position.setdefault(at, Stop(len(by_position) + 1, name, address, at, is_hall=True))
            stop.procedures.append((words(definition.title), pick(department.title), department.place or ""))
    return list(by_position.values())


def as_features(places: Iterable[Stop]) -> dict[str, Any]:
    """The places as GeoJSON that the map scripts show with their numbers; nothing without a place."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": list(stop.position)},
            "properties": {"number": stop.number, "title": stop.name},
        }
        for stop in places
    ]
    return {"type": "FeatureCollection", "features": features}


def _offices(
    city: City, definition: Definition, known: Mapping[str, Position]
) -> Iterable[tuple[Position, str, str, str]]:
    """Position, name, address and window of each office of a procedure that is on the map."""
    for office in definition.offices_in(city.key):
        position = office.position or known.get(office.name.for_language("ja"))
        if position is not None:
            address = words(office.address) if office.address else ""
            yield position, words(office.name), address, words(office.window) if office.window else ""
