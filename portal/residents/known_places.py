"""Places that are known of who applies: addresses in this application, the place of their plan, addresses that they let the city keep, and
places of earlier cases.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from sqlalchemy.orm import Session

from common.geometry import GeoJson, GeometryError, middle_of
from forms import Definition
from forms.fields import FieldType
from forms.fields.address import AddressField
from forms.fields.composite import CompositeField
from forms.fields.shown import ShownPlace
from geo.gazetteer import is_in, search_places
from portal.cases import open_answers
from portal.core.database import city_of
from portal.core.tenancy import current_city
from portal.core.text import _, current_language
from portal.procedures import definition_of
from portal.profiles import profile_items
from portal.residents import plan_visit, visitor_access
from portal.residents.definition_texts import words
from portal.residents.place_finding import shown

_PARTS = ("prefecture", "city", "town", "block")
_CASES = 3
"""Newest cases whose places are offered."""
_MOST = 5


def known_places(session: Session, definition: Definition, answers: Mapping[str, Any]) -> list[ShownPlace]:
    """At most five places in the city, each once: the address in this application first."""
    places: dict[tuple[float, float], ShownPlace] = {}
    for place in (*_answered(session, definition, answers), *_planned(), *_kept(session), *_earlier(session)):
        places.setdefault((round(place.lon, 5), round(place.lat, 5)), place)
    return list(places.values())[:_MOST]


def _answered(session: Session, definition: Definition, answers: Mapping[str, Any]) -> Iterator[ShownPlace]:
    for question in definition.fields.values():
        for address, label in _addresses(question, answers.get(question.id)):
            yield from _placed(session, address, _("この手続きに書いた「{label}」", label=label))


def _addresses(question: FieldType, value: Any) -> Iterator[tuple[Mapping[str, str], str]]:
    """The addresses in an answer, with what each is called."""
    if isinstance(question, AddressField) and isinstance(value, Mapping):
        yield question.texts(value), question.label_in(current_language())
    if isinstance(question, CompositeField):
        for part, answer in question.answered(value):
            yield from _addresses(part, answer)


def _planned() -> Iterator[ShownPlace]:
    for name, (longitude, latitude) in plan_visit.places():
        yield ShownPlace(name, _("計画で答えた場所"), longitude, latitude)


def _kept(session: Session) -> Iterator[ShownPlace]:
    account_id = visitor_access.account_id()
    if account_id is None:
        return
    for item in profile_items(session, account_id):
        if item.type == "address" and not item.sensitive and isinstance(item.answer, Mapping):
            yield from _placed(session, item.answer, _("登録してある住所"))


def _earlier(session: Session) -> Iterator[ShownPlace]:
    for case in visitor_access.cases(session)[:_CASES]:
        definition = definition_of(session, case.version_id)
        for place in definition.places_in(open_answers(city_of(session), case.answers)).values():
            value = place.value
            if not isinstance(value, Mapping) or not isinstance(value.get("label"), str):
                continue
            try:
                longitude, latitude = middle_of(cast(GeoJson, value["geometry"]))
            except GeometryError:
                continue
            note = _("前の手続きの場所({title})", title=words(definition.title))
            yield ShownPlace(str(value["label"]), note, longitude, latitude)


def _placed(session: Session, address: Mapping[str, Any], note: str) -> Iterator[ShownPlace]:
    """Where an address is, as exactly as the city knows it; nothing for one elsewhere."""
    text = "".join(str(address.get(part, "")) for part in _PARTS)
    city = current_city().name
    places = search_places(session, text, city=city, limit=1) if text and is_in(text, city) else []
    for place in places:
        if not place.corrected:
            yield shown(place, note)
