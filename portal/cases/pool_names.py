"""What limited places are called: the label of their rule, with the answers by which they are counted."""

import json

from sqlalchemy.orm import Session

from forms import Definition
from forms.evaluation.capacity import wish_questions
from forms.fields import FieldType, GroupField, ReadContext
from forms.fields.offering import OffersOptions
from portal.bookings import CapacityClaim, Pool
from portal.cases.feature_options import CityFeatures
from portal.core.clock import today
from portal.core.tenancy import plane_of
from portal.core.text import aside, current_language, dot


def pool_name(session: Session, definition: Definition, pool: Pool) -> str:
    """定員(陶芸): the rule's label with what it counts by, a question's answer as it is shown."""
    rule = next((rule for rule in definition.capacity if rule.id == pool.rule), None)
    if rule is None:  # of a version that had this rule still
        return pool.rule
    questions = wish_questions(definition, rule)
    parts = [
        _part(session, questions.get(text), value) for text, value in zip(rule.by, json.loads(pool.key), strict=False)
    ]
    label = rule.label.for_language(current_language())
    return label + aside(dot().join(parts)) if parts else label


def entry_name(definition: Definition, claim: CapacityClaim, name: str) -> str:
    """The name of places that one row of an application has or wishes for: which row (お子さん 2)."""
    rule = next((rule for rule in definition.capacity if rule.id == claim.rule), None)
    group = definition.fields.get(rule.each) if rule and rule.each else None
    if claim.entry_row is None or not isinstance(group, GroupField):
        return name
    row = group.row.for_language(current_language()) if group.row else group.label_in(current_language())
    return f"{row} {claim.entry_row + 1} {name}"


def _part(session: Session, question: FieldType | None, value: str) -> str:
    if question is None:
        return value
    if isinstance(question, OffersOptions):
        of_layer = question.source is not None and question.source.layer is not None
        context = ReadContext(today(), plane=plane_of(session))
        option = CityFeatures(session).find(question, value) if of_layer else question.find(value, context)
        return option.label.for_language(current_language()) if option else value
    return question.show(value, current_language()) or value
