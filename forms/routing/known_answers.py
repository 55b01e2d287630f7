"""What was answered for the plan, as answers to the questions of its procedures: asked once, filled in there."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from common.geometry import geojson
from forms.catalogue.vocabulary import Vocabulary
from forms.definition.procedure import Definition
from forms.evaluation.city import City, city_values
from forms.fields.base import ReadContext
from forms.routing.facts import Facts, KnownFact

_TYPES: Mapping[type, frozenset[str]] = {
    bool: frozenset({"yes_no"}),
    int: frozenset({"integer"}),
    str: frozenset({"choice"}),
    date: frozenset({"date", "birthday"}),
}
"""Which types of question take a fact of a type."""


def answers_from_facts(definition: Definition, facts: Facts, context: ReadContext) -> dict[str, Any]:
    """The answers to the questions that have the name of a fact (as deadlines name them too) and take what is known of it.

    Only what the person said; what the map said of their address is for the map to say again. A question of where an address is begins with
    the place of it.
    """
    answers = _places(definition, facts, context)
    for question in definition.fields.values():
        known = facts.get(question.id)
        if known is None or known.source == "map" or question.type not in _TYPES.get(type(known.value), ()):
            continue
        answer = _canonical(known)
        if not question.check(answer, context):
            answers[question.id] = answer
    return answers


def _places(definition: Definition, facts: Facts, context: ReadContext) -> dict[str, Any]:
    """The points that are the `place_of` an address which a place of the plan `fills`: its town, or what was named."""
    vocabulary = definition.vocabulary
    answers: dict[str, Any] = {}
    for name, known in facts.items():
        address = vocabulary.facts[name].fills if name in vocabulary.facts else None
        if address is None or not isinstance(known.value, Mapping):
            continue
        place = {
            "geometry": geojson("Point", [(known.value["lon"], known.value["lat"])]),
            "source": "address",
            "label": known.value["label"],
        }
        answers |= {
            question.id: place
            for question in definition.fields.values()
            if question.type == "point"
            and question.item is not None
            and question.item in vocabulary.items
            and vocabulary.items[question.item].place_of == address
            and not question.check(place, context)
        }
    return answers


def begun_from_facts(
    definition: Definition, facts: Facts, vocabulary: Vocabulary, city: City
) -> dict[str, dict[str, str]]:
    """The parts of addresses that a place of the plan says (`fills`), by question: it knows the town and no house number.

    An item that asks the same where both are asked (`same_as`) begins with it too.
    """
    begun: dict[str, dict[str, str]] = {}
    for name, known in facts.items():
        item = vocabulary.facts[name].fills if name in vocabulary.facts else None
        if item is None or not isinstance(known.value, Mapping):
            continue
        parts = {"prefecture": city_values(city)["city.prefecture"], "city": city.name, "town": known.value.get("town")}
        texts = {part: text for part, text in parts.items() if isinstance(text, str) and text}
        same = {item} | {other for other, entry in vocabulary.items.items() if entry.same_as == item}
        begun |= {
            question.id: texts
            for question in definition.fields.values()
            if question.type == "address" and question.item in same
        }
    return begun


def _canonical(known: KnownFact) -> Any:
    return known.value.isoformat() if isinstance(known.value, date) else known.value
