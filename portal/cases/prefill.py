"""Once-only principle: what a resident let the city keep fills in the same questions of their next application.

Nothing is read of earlier applications here; what is kept, its owner chose (`portal.profiles`).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition
from forms.fields import FieldType
from forms.fields.applicant import ApplicantField
from forms.fields.base import ReadContext
from forms.fields.group import GroupField
from portal.cases.carried import SIGN_IN, Carried
from portal.cases.parties import applicant_from_items, joint_questions
from portal.core.clock import local_date, today
from portal.core.tenancy import plane_of
from portal.identity import account_email
from portal.profiles import ProfileItem, as_question_has_it, profile_items

EMAIL = "person.email"


def prefilled_answers(session: Session, definition: Definition, account_id: int) -> dict[str, Carried]:
    """What the account keeps, by the question that it answers. An e-mail address is always the one with which they signed in."""
    shared = {name for name, item in definition.vocabulary.items.items() if item.profile}
    questions = [question for question in definition.fields.values() if question.item in shared]
    joint = {group.id: who for group, who in joint_questions(definition) if who.item in shared}
    if not questions and not joint:
        return {}
    known = list(_known(session, [*questions, *joint.values()], account_id))
    plain = ReadContext(today(), plane=plane_of(session))
    prefilled: dict[str, Carried] = {}
    for question in questions:
        carried = _carried(question, known)
        if carried is None:
            continue
        answer = as_question_has_it(question, carried.answer, plain)
        if answer is not None and (isinstance(question, GroupField) or not question.check(answer, plain)):
            prefilled[question.id] = Carried(answer, carried.source, carried.items)
    for group_id, who in joint.items():  # of several applicants the first is who is signed in
        carried = _carried(who, known)
        if carried is not None and not who.check(carried.answer, plain):
            prefilled[group_id] = Carried([{who.id: carried.answer}], carried.source, carried.items)
    return prefilled


def _carried(question: FieldType, known: Sequence[tuple[str, str, Carried]]) -> Carried | None:
    """What is known of a question's item; of the applicant, a person made of what is known of them."""
    carried = next((each for item, type_, each in known if (item, type_) == (question.item, question.type)), None)
    if carried is None and isinstance(question, ApplicantField):
        return _applicant(question, [(item, each) for item, _type, each in known])
    return carried


def _known(session: Session, questions: Sequence[FieldType], account_id: int) -> Iterator[tuple[str, str, Carried]]:
    """Item, type and answer of everything that may be filled in; what a sensitive question was answered only where all that ask are sensitive."""
    asks_email = any(question.item == EMAIL or isinstance(question, ApplicantField) for question in questions)
    if asks_email and (address := account_email(session, account_id)):
        yield EMAIL, "email", Carried(address, SIGN_IN)
    for kept in profile_items(session, account_id):
        asking = [question for question in questions if question.item == kept.item]
        if not kept.sensitive or (asking and all(question.sensitive for question in asking)):
            yield kept.item, kept.type, Carried(kept.answer, _source(kept), (kept.item,))


def _source(kept: ProfileItem) -> dict[str, str]:
    return {"from": "profile", "on": local_date(kept.changed_at).isoformat()}


def _applicant(question: ApplicantField, known: Sequence[tuple[str, Carried]]) -> Carried | None:
    """A person as the applicant, made of what is known of them."""
    by_item = {item: each.answer for item, each in known}
    answer: Any = applicant_from_items(question, by_item)
    if answer is None:
        return None
    kept = [each for _item, each in known if each.items]
    newest = max((each.source for each in kept), key=lambda source: source["on"], default=SIGN_IN)
    return Carried(answer, newest, tuple(item for each in kept for item in each.items if item.startswith("person.")))
