"""A place and an address that a page asks for together: each fills in the other, as far as the map knows and nothing else was written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from common.geometry import GeoJson, GeometryError, middle_of
from forms import Step
from forms.fields.address import AddressField
from forms.text.addresses import PREFECTURES
from forms.text.localized import note_untranslated
from geo.near_names import in_other_district, town_and_number
from portal.core.tenancy import current_city
from portal.core.text import _, current_language, labelled
from portal.residents.definition_texts import label
from portal.residents.draft_application import DraftApplication


@dataclass(frozen=True)
class PlaceAddress:
    """The address of a place for the question `path`: its parts, and in one line."""

    path: str
    parts: Mapping[str, str]

    @property
    def line(self) -> str:
        """The address as it is written."""
        return "".join(self.parts.values())


def place_addresses(application: DraftApplication, step: Step, answers: Mapping[str, Any]) -> list[PlaceAddress]:
    """The address of the first place of a page, for the first question of that page which may ask for it."""
    geometry = next(_places(step, answers), None)
    question = next(_questions(application, step), None)
    if geometry is None or question is None:
        return []
    try:
        name = application.features.name_near(middle_of(geometry))
    except GeometryError:
        return []
    city = current_city()
    prefecture = PREFECTURES[int(city.code[:2]) - 1]  # 全国地方公共団体コード begins with its number
    town, number = town_and_number(name)
    parts = {"prefecture": prefecture, "city": city.name, "town": town, "block": number}
    if not town:
        return []
    address = PlaceAddress(question.id, {part: text for part, text in parts.items() if text})
    note_untranslated(address.line, current_language())
    return [address]


def places_elsewhere(application: DraftApplication) -> list[str]:
    """What to check where a page asks for a place and for its address in this city, and these are in different districts (町丁目).

    Sentences in the reader's language, each with its question. Both may be right, as names of places are those of what is nearest: nobody is
    kept from sending.
    """
    doubts = []
    for step in application.steps:
        for place in place_addresses(application, step, application.answers):
            question, typed = application.definition.fields[place.path], application.answers.get(place.path)
            if getattr(question, "in_city", None) is True and isinstance(typed, Mapping) and _apart(place.parts, typed):
                doubt = _(
                    "地図の場所は「{place}」で、書かれた住所と町がちがいます。場所か住所を確かめてください。",
                    place=place.line,
                )
                doubts.append(labelled(label(question), doubt))
    return doubts


def _apart(place: Mapping[str, str], typed: Mapping[str, Any]) -> bool:
    return in_other_district(*(f"{each.get('town') or ''}{each.get('block') or ''}" for each in (place, typed)))


def asks_both(application: DraftApplication, step: Step) -> bool:
    """Whether a page asks for a place and for an address that may be its own."""
    return any(field.is_place for field in step.fields) and next(_questions(application, step), None) is not None


def _places(step: Step, answers: Mapping[str, Any]) -> Iterator[GeoJson]:
    for field in step.fields:
        value = answers.get(field.id) if field.is_place else None
        if isinstance(value, Mapping):
            yield cast(GeoJson, value["geometry"])


def _questions(application: DraftApplication, step: Step) -> Iterator[AddressField]:
    """The addresses that a page asks for and that may be in this city, those that must be first."""
    addresses = [field for field in step.fields if isinstance(field, AddressField)]
    shown = [field for field in addresses if application.outcome.is_visible(field.id) and field.in_city is not False]
    yield from sorted(shown, key=lambda field: field.in_city is not True)
