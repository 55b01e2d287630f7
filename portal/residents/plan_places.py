"""What the published layers of the map say of an address: the facts that need not be asked."""

import json
import re
from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from forms.catalogue.vocabulary import Fact, FactSource
from forms.routing import Facts, KnownFact
from forms.text.localized import note_untranslated
from geo import LayerLookup, LayerRule, ListedAddress, Selection, query_place
from geo.gazetteer import search_places
from geo.layer_rules import RuleKind
from geo.layers import is_public
from geo.place_names import PlaceName
from portal.core.tenancy import current_city, plane_of
from portal.core.text import current_language

_CHOME = re.compile("[0-9０-９一二三四五六七八九十]+丁目$")
_BOUNDARY = "city-boundary"
Point = tuple[float, float]
"""Longitude and latitude."""


def find(session: Session, words: str) -> list[PlaceName]:
    """The places of this city that an address, or the name of a town, may mean. No house: a plan knows no house number."""
    places = search_places(session, words, city=current_city().name) if words else []
    return [_in_japanese(place) for place in places if place.kind not in ("house", "block")]


def _in_japanese(place: PlaceName) -> PlaceName:
    """A place whose name the page marks as Japanese in other languages."""
    note_untranslated(place.name, current_language())
    return place


def around(session: Session, geometry: str) -> tuple[PlaceName, Point] | None:
    """The 丁目 or town around a point that was set on the map (GeoJSON), and the point; None outside the city."""
    try:
        drawn = json.loads(geometry)
        result = query_place(
            session,
            drawn,
            srid=plane_of(session).srid,
            rules=[LayerRule("inside", _BOUNDARY)],
            with_locality=True,
        )
    except ValueError:  # no GeoJSON, or none that can be measured
        return None
    [boundary] = result.rules
    if drawn["type"] != "Point" or result.locality is None or (boundary.layer_exists and not boundary.holds):
        return None
    named = (place for place in search_places(session, result.locality) if place.name == result.locality)
    place = next(named, None)
    return (_in_japanese(place), (result.facts["lon"], result.facts["lat"])) if place else None


def as_fact(place: PlaceName) -> KnownFact:
    """A place as an answer: its town, not the house number that was typed. A station or a facility says no town."""
    town = _CHOME.sub("", place.name) if place.kind in ("town", "chome") else ""
    return KnownFact({"label": place.name, "lon": place.lon, "lat": place.lat, "town": town})


def facts_at(session: Session, name: str, point: Point, address: str, vocabulary: Mapping[str, Fact]) -> Facts:
    """What the public layers say at the point that answers the fact `name`, and of its address.

    What a layer has nothing for is left to be asked.
    """
    sources = {
        other: fact.from_map
        for other, fact in vocabulary.items()
        if fact.from_map is not None and fact.from_map.at == name and is_public(session, fact.from_map.layer)
    }
    if not sources:
        return {}
    lookups = [_lookup(other, source, address) for other, source in sources.items() if source.property]
    within = {other: _rule(source) for other, source in sources.items() if source.property is None}
    result = query_place(
        session,
        {"type": "Point", "coordinates": list(point)},
        srid=plane_of(session).srid,
        lookups=lookups,
        rules=list(within.values()),
    )
    answers: dict[str, KnownFact] = {}
    for lookup in lookups:
        kind = int if vocabulary[lookup.name].type == "int" else str
        if isinstance(answer := result.facts.get(lookup.name), kind) and not isinstance(answer, bool):
            answers[lookup.name] = KnownFact(answer, "map", lookup.layer)
    for other, ruled in zip(within, result.rules, strict=True):
        if ruled.layer_exists:
            answers[other] = KnownFact(ruled.holds, "map", ruled.rule.layer)
    return answers


def _lookup(name: str, source: FactSource, address: str) -> LayerLookup:
    nearest = source.within is not None
    return LayerLookup(
        source.layer,
        source.property,
        name,
        "nearest" if nearest else "largest",
        source.within or 0,
        Selection(only=source.only),
        ListedAddress(source.law, address) if source.law and address else None,
    )


def _rule(source: FactSource) -> LayerRule:
    kind: RuleKind = "intersects" if source.within is None else "nearer"
    return LayerRule(kind, source.layer, source.within or 0, selection=Selection(only=source.only))


def answered_at(name: str, vocabulary: Mapping[str, Fact]) -> Iterator[str]:
    """The facts that a map answers at the place of this fact, which another place may answer otherwise."""
    return (other for other, fact in vocabulary.items() if fact.from_map is not None and fact.from_map.at == name)
