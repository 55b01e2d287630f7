"""Cases that belong together: what follows an earlier case, and what one application opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, func, or_, select
from sqlalchemy.orm import Session

from forms import Definition, Evaluation
from forms.fields import ReadContext
from forms.fields.file import Files
from forms.text.localized import Text
from forms.workflow.settling import openings
from portal.cases.answers import open_answers
from portal.cases.models import Case, Draft
from portal.core import tenancy
from portal.core.clock import today
from portal.core.database import city_of
from portal.core.errors import Conflict
from portal.core.locking import lock_row
from portal.core.tenancy import plane_of
from portal.core.text import _
from portal.procedures import Offer, definition_of, offers


@dataclass(frozen=True)
class Link:
    """Another case of the chain: the `earlier` one that this follows or by which it was opened, or one that came of this."""

    case: Case
    definition: Definition
    earlier: bool


def chain_of(session: Session, case: Case) -> list[Link]:
    """The cases next to this one in its chain, the earlier one first."""
    near = or_(Case.origin_case_id == case.id, Case.id == case.origin_case_id)
    cases = session.scalars(select(Case).where(near).order_by(Case.id))
    return [Link(other, definition_of(session, other.version_id), other.id == case.origin_case_id) for other in cases]


def follow_up_count(case_id: int) -> ScalarSelect[int]:
    """The number of cases that came of a case, as part of a statement."""
    return select(func.count()).where(Case.origin_case_id == case_id).scalar_subquery()


def follow_ups(session: Session, case: Case) -> list[Offer]:
    """The procedures with which somebody can go on from this case as it stands."""
    return [offer for offer in offers(session) if follows(offer.definition, case)]


def follows(definition: Definition, case: Case) -> bool:
    """Whether a procedure can be begun on this case."""
    based_on = definition.based_on
    return based_on is not None and based_on.procedure == case.procedure_key and case.state in based_on.states


def answers_from(session: Session, earlier: Case, definition: Definition) -> dict[str, Any]:
    """The answers of an earlier case to questions that have the same id and type here and still take them; no files."""
    before = definition_of(session, earlier.version_id)
    context = ReadContext(today(), plane=plane_of(session))
    answers = open_answers(city_of(session), earlier.answers)
    return {
        question.id: answers[question.id]
        for question in definition.fields.values()
        if question.id in answers
        and question.id in before.fields
        and before.fields[question.id].type == question.type
        and (question.sensitive or not before.fields[question.id].sensitive)
        and not isinstance(question, Files)
        and not question.check(answers[question.id], context)
    }


def refuse_without_earlier(session: Session, draft: Draft, definition: Definition) -> None:
    """Raise Conflict for an application that must follow an earlier case, which is not there or has gone on meanwhile."""
    if definition.based_on is None:
        return
    earlier = lock_row(session, Case, Case.id == draft.origin_case_id) if draft.origin_case_id else None
    if earlier is None:
        raise Conflict(_("この手続きは、もとの手続きのページから始めてください。"))
    if not follows(definition, earlier):
        raise Conflict(
            _("もとの手続きの状態が変わったため、この手続きは送れません。もとの手続きのページを確かめてください。")
        )


def titles_of_openings(session: Session, definition: Definition, outcome: Evaluation, *, day: date) -> list[Text]:
    """What the other procedures are called of which these answers open a case, if they were sent on that day."""
    if not definition.opens:
        return []
    city = tenancy.city(city_of(session))
    opened = openings(definition, outcome.answers, outcome.facts, submitted_on=day, city=city)
    titles = {offer.key: offer.definition.title for offer in offers(session)}
    return [titles[opening.procedure] for opening in opened if opening.procedure in titles]


def mapped(answers: Mapping[str, Any], mapping: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that an application gives to another procedure that it opens."""
    return {there: answers[here] for there, here in mapping.items() if here in answers} | dict(values)
