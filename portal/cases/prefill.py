"""Once-only principle: answers that a signed-in resident gave in an earlier application prefill the same questions of a new one.

Only questions whose shared item is kept in the profile (`profile: true` in the vocabulary) are filled, and only from cases of
the same account; what was filled is marked until its page is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition
from forms.evaluation.evaluate import read_context
from forms.fields import FieldType
from forms.fields.applicant import ApplicantField
from forms.fields.base import ReadContext
from forms.fields.file import Files
from forms.fields.group import GroupField, rows_of
from portal.cases.answers import open_answers
from portal.cases.models import Case
from portal.cases.parties import applicant_from_items, item_answers
from portal.core.clock import today
from portal.core.database import city_of
from portal.core.tenancy import plane_of
from portal.identity import account_email
from portal.procedures import definition_of

MAX_CASES = 5
"""Newest cases that are read: a case that does not ask for the address does not hide the one before it."""

EMAIL = "person.email"


@dataclass(frozen=True)
class PriorAnswer:
    """An answer to a shared item, and how it was asked for."""

    item: str
    type: str
    answer: Any
    sealed: bool

    def matches(self, question: FieldType) -> bool:
        """Whether it answers another question: of the same item and type; an encrypted answer only a sensitive question."""
        return (question.item, question.type) == (self.item, self.type) and (question.sensitive or not self.sealed)


def prefilled_answers(session: Session, definition: Definition, account_id: int) -> dict[str, Any]:
    """Return answers from the account's earlier applications, by question; its verified e-mail address wins over a typed one."""
    shared = {name for name, item in definition.vocabulary.items.items() if item.profile}
    questions = [question for question in definition.fields.values() if question.item in shared]
    prior_answers = _prior_answers(session, account_id) if questions else []
    applicants = [question for question in questions if isinstance(question, ApplicantField)]
    if applicants or any(question.item == EMAIL for question in questions):
        address = account_email(session, account_id)
        prior_answers = [prior for prior in prior_answers if prior.item != EMAIL] + [
            PriorAnswer(EMAIL, "email", address, sealed=False)
        ]
    prefilled: dict[str, Any] = {}
    for question in questions:
        answer = next((prior.answer for prior in prior_answers if prior.matches(question)), None)
        if answer is None and isinstance(question, ApplicantField):
            by_item = {prior.item: prior.answer for prior in reversed(prior_answers) if not prior.sealed}
            answer = applicant_from_items(question, by_item)
        context = ReadContext(today(), plane=plane_of(session))
        answer = _as_asked(question, answer, context)
        if isinstance(question, GroupField):  # what its rows ask may follow from what they say
            context = read_context(definition, context, {}, {}, None)
        if answer is not None and not question.check(answer, context):
            prefilled[question.id] = answer
    return prefilled


def _shared(question: FieldType, answer: Any) -> Any:
    """An answer as other procedures understand it: rows by the shared items of their questions, what is sensitive, drawn or a file aside."""
    if not isinstance(question, GroupField):
        return answer
    return [
        {
            inner.item or inner.id: row[inner.id]
            for inner in question.fields
            if inner.id in row and not (inner.sensitive or inner.is_place or isinstance(inner, Files))
        }
        for row in rows_of(answer)
    ]


def _as_asked(question: FieldType, answer: Any, context: ReadContext) -> Any:
    """A shared answer as a question has it: rows of its own questions, without what those do not take."""
    if not isinstance(question, GroupField) or answer is None:
        return answer
    rows = [
        {
            inner.id: value
            for inner in question.fields
            if (value := row.get(inner.item or inner.id)) is not None and not inner.check(value, context)
        }
        for row in answer
    ]
    return [row for row in rows if row][: question.most] or None


def still_prefilled(
    carried: list[Any], before: Mapping[str, Any], after: Mapping[str, Any], sent: set[str]
) -> list[Any]:
    """Return the prefilled questions that were neither changed nor on a page that was `sent`."""
    return [field_id for field_id in carried if field_id not in sent and after.get(field_id) == before.get(field_id)]


def _prior_answers(session: Session, account_id: int) -> list[PriorAnswer]:
    """Return the answers to shared items in the account's newest cases, newest first."""
    query = (
        select(Case.version_id, Case.answers)
        .where(Case.account_id == account_id)
        .order_by(Case.submitted_at.desc())
        .limit(MAX_CASES)
    )
    prior_answers: list[PriorAnswer] = []
    for version_id, stored in session.execute(query).all():
        answers = open_answers(city_of(session), stored)
        questions = definition_of(session, version_id).fields.values()
        prior_answers += [
            PriorAnswer(question.item, question.type, _shared(question, answers[question.id]), question.sensitive)
            for question in questions
            if question.item and question.id in answers
        ]
        prior_answers += [
            PriorAnswer(item, part.type, answer, part.sensitive or question.sensitive)
            for question in questions
            for part, item, answer in item_answers(question, answers.get(question.id))
        ]
    return prior_answers
