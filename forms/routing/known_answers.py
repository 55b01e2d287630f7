"""What was answered for the plan, as answers to the questions of its procedures: asked once, filled in there."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from forms.definition.procedure import Definition
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

    Only what the person said; what the map said of their address is for the map to say again.
    """
    answers: dict[str, Any] = {}
    for question in definition.fields.values():
        known = facts.get(question.id)
        if known is None or known.source == "map" or question.type not in _TYPES.get(type(known.value), ()):
            continue
        answer = _canonical(known)
        if not question.check(answer, context):
            answers[question.id] = answer
    return answers


def _canonical(known: KnownFact) -> Any:
    return known.value.isoformat() if isinstance(known.value, date) else known.value
