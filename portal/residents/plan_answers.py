"""What was answered for the plan, as answers to the questions of its procedures: asked once, filled in there."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from forms import Definition
from forms.fields.base import ReadContext
from forms.routing import Facts, KnownFact
from portal.core.clock import today
from portal.core.tenancy import plane_of
from portal.core.web import db

_TYPES: Mapping[type, str] = {bool: "yes_no", int: "integer", str: "choice", date: "date"}
"""Which type of question takes a fact of a type."""


def answers_from_facts(definition: Definition, facts: Facts) -> dict[str, Any]:
    """The answers to the questions that have the name of a fact (as deadlines name them too) and take what is known of it.

    Only what the person said; what the map said of their address is for the map to say again.
    """
    context = ReadContext(today(), plane=plane_of(db()))
    answers: dict[str, Any] = {}
    for question in definition.fields.values():
        known = facts.get(question.id)
        if known is None or known.source == "map" or _TYPES.get(type(known.value)) != question.type:
            continue
        answer = _canonical(known)
        if not question.check(answer, context):
            answers[question.id] = answer
    return answers


def _canonical(known: KnownFact) -> Any:
    return known.value.isoformat() if isinstance(known.value, date) else known.value
