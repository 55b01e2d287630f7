"""The list of the residents' map: features of a need, the nearest first, and what layers say at the place itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from forms.text.ruby import without_readings
from geo.near import PlacedFeature, features_around, features_in_order, features_near
from geo.source_near import source_near
from portal.core.clock import TOKYO
from portal.core.tenancy import plane_of
from portal.core.text import _, pick
from portal.maps import NEEDS, PublicMapLayer, Told, hazard_words, meant_for
from portal.residents.map_needs import MapNeeds, ShownLayer, WorksLayer
from portal.residents.map_spots import Spot
from portal.residents.map_words import CollectionWords, OpenWords, collection_words, distance, open_words

PAGE = 20
"""Lines of the list; on the map as many numbers are told apart."""
READ = 400
"""Features that are read to choose lines from: those that are open, or meant for a disaster, may lie far apart."""


@dataclass(frozen=True)
class Line:
    """A feature in the list."""

    number: int
    href: str
    name: str
    layer: str
    address: str
    distance: str
    lon: float
    lat: float
    opening: OpenWords | None
    hazards: tuple[str, ...]
    facts: tuple[Told, ...]

    @property
    def pin(self) -> dict[str, Any]:
        """What the map shows of it."""
        return {
            "lon": self.lon,
            "lat": self.lat,
            "number": self.number,
            "title": without_readings(self.name),
            "href": self.href,
        }


@dataclass(frozen=True)
class Listing:
    """At most PAGE lines. `silent` is how many of those that were read say no hours, and so are not among those that are open now."""

    lines: Sequence[Line]
    has_more: bool
    silent: int = 0


@dataclass(frozen=True)
class Answer:
    """What a layer says at a place: the feature's name (and what names are called, where the department says so), its values, and days of
    collection. Without a feature the place is not in any.
    """

    layer: str
    name: str = ""
    name_label: str = ""
    facts: tuple[Told, ...] = ()
    collection: tuple[CollectionWords, ...] = ()
    lies_in: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What is looked for: a need, the disaster of a refuge ("" for all), only what is open now, and how many lines."""

    need: str = ""
    hazard: str = ""
    open_now: bool = False
    lines: int = PAGE

    def address(self, spot: Spot | None, path: str = "/map", **others: object) -> str:
        """The address of a page for this choice: deep links, pages before and after, and the same in a list."""
        settings = {
            "need": self.need,
            "hazard": self.hazard,
            "open": "1" if self.open_now else "",
            "place": spot.name if spot else "",
            "lines": "" if self.lines == PAGE else self.lines,
        } | others
        query = urlencode({name: value for name, value in settings.items() if value not in ("", None)})
        return f"{path}?{query}" if query else path


def choice_of(texts: Mapping[str, str]) -> Choice:
    """What is looked for, as the address of a page or a form says it; what makes no sense counts as not said."""
    need = texts.get("need", "") if texts.get("need") in NEEDS else ""
    hazard = texts.get("hazard", "") if need == "shelter" and texts.get("hazard") in hazard_words() else ""
    lines = texts.get("lines", "")
    count = min(READ, max(PAGE, int(lines))) if lines.isascii() and lines.isdecimal() and len(lines) < 4 else PAGE
    return Choice(need, hazard, need == "facility" and texts.get("open") == "1", count)


def listing(session: Session, needs: MapNeeds, choice: Choice, spot: Spot | None, moment: datetime) -> Listing:
    """The features of the need near the place, or without one in the order of the layers."""
    near = [layer for layer in needs.of(choice.need) if not layer.is_about_places]
    layers: dict[str, ShownLayer] = {layer.key: layer for layer in near}
    srid = plane_of(session).srid
    ids = [layer.entry.id for layer in near]
    features = _catalogued(session, ids, spot, srid)
    if choice.need == "works":
        for each in needs.works:
            layers[each.key] = each
            features += source_near(
                session, each.layer.source, each.key, spot.position if spot else None, srid=srid, most=READ
            )
    if spot is not None:
        features.sort(key=lambda feature: (feature.metres or 0, feature.key, feature.id))
    lines = [_line(layers[feature.key], feature, choice, spot, moment) for feature in features]
    silent = (
        sum(line.opening is not None and line.opening.kind == "unknown" for line in lines) if choice.open_now else 0
    )
    if choice.open_now:
        lines = [line for line in lines if line.opening is not None and line.opening.kind == "open"]
    if choice.hazard:
        lines = [line for line in lines if hazard_words()[choice.hazard] in line.hazards]
    shown = [replace(line, number=n) for n, line in enumerate(lines[: choice.lines], start=1)]
    return Listing(shown, len(lines) > choice.lines, silent)


def _catalogued(session: Session, layers: Sequence[int], spot: Spot | None, srid: int) -> list[PlacedFeature]:
    if spot is None:
        return features_in_order(session, layers, most=READ)
    return features_near(session, layers, spot.position, srid=srid, most=READ)


def answers_at(session: Session, needs: MapNeeds, need: str, spot: Spot, moment: datetime) -> list[Answer]:
    """What the areas of a need say at the place, layer by layer."""
    layers = [layer for layer in needs.of(need) if layer.is_about_places]
    features = features_around(session, [layer.entry.id for layer in layers], spot.position)
    answers: list[Answer] = []
    for layer in layers:
        inside = [feature for feature in features if feature.key == layer.key]
        answers += [_answer(layer, feature, moment) for feature in inside] or [Answer(layer.title)]
    return answers


def _answer(layer: PublicMapLayer, feature: PlacedFeature, moment: datetime) -> Answer:
    told = list(layer.told(feature.properties))
    days: list[CollectionWords] = []
    if layer.need == "collection":
        today = moment.astimezone(TOKYO).date()
        read = {each.column: collection_words(each.label, str(feature.properties[each.column]), today) for each in told}
        days = [words for words in read.values() if words is not None]
        told = [each for each in told if read[each.column] is None]
    label = pick(layer.use.labels.get(layer.name_column))
    return Answer(layer.title, layer.name_of(feature.properties), label, tuple(told), tuple(days), lies_in=True)


def _line(layer: ShownLayer, feature: PlacedFeature, choice: Choice, spot: Spot | None, moment: datetime) -> Line:
    words = hazard_words()
    hazards = tuple(words[key] for key in meant_for(feature.properties)) if choice.need == "shelter" else ()
    return Line(
        number=0,
        href=choice.address(spot, f"/map/features/{layer.key}/{feature.id}"),
        name=layer.name_of(feature.properties),
        layer=layer.title,
        address=layer.address_of(feature.properties),
        distance=distance(feature.metres, feature.azimuth),
        lon=feature.lon,
        lat=feature.lat,
        opening=open_words(feature.properties, moment.astimezone(TOKYO)) if choice.need == "facility" else None,
        hazards=hazards,
        facts=tuple(each for each in layer.told(feature.properties) if each.column.endswith("_on"))
        if isinstance(layer, WorksLayer)
        else (),
    )


def nothing_words(choice: Choice, spot: Spot | None) -> str:
    """What is said where the list is empty."""
    if choice.open_now:
        return _("いま開いているとわかる施設はありません")
    if choice.hazard:
        return _("この災害のための避難場所は、地図にありません")
    if choice.need == "works":
        return _("いま地図に出ている工事はありません")
    return _("この近くには、何もありません") if spot else _("まだ何もありません")
