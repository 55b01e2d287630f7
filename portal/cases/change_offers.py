"""A shared answer that was corrected in one case of a bundle is offered to the offices of the others, which take it over or say why not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition
from forms.fields import FieldType
from forms.fields.base import ReadContext
from forms.fields.file import Files
from portal.cases.answers import open_answers
from portal.cases.bundle_models import OFFER_CHANGES, CaseChangeOffer
from portal.cases.events import of_case
from portal.cases.messages import send_message
from portal.cases.models import Case
from portal.cases.revised_answers import revise_answers
from portal.cases.revisions import revisions_of
from portal.core.clock import now
from portal.core.database import city_of
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.events import SYSTEM, Actor, record
from portal.core.jobs import enqueue
from portal.core.locking import lock_row
from portal.core.tenancy import plane_of
from portal.core.text import _
from portal.procedures import definition_of

OPEN, ACCEPTED, DECLINED = "open", "accepted", "declined"
_DECIDERS = frozenset({"clerk", "decider"})


@dataclass(frozen=True)
class OfferedChange:
    """An offer as the office sees it: from which case, and each question with the answer there is and the one that is offered."""

    id: int
    number: str
    title: str
    answers: Sequence[tuple[FieldType, Any, Any]]


def announce_correction(session: Session, case: Case, revision: int) -> None:
    """Have a correction offered to the other cases of the bundle once it is kept: each is locked in a transaction of its own, because
    somebody may be deciding there, or correcting from the other side. `revision` is the number of what the correction replaced.
    """
    if case.bundle_id is not None:
        enqueue(session, OFFER_CHANGES, case_id=case.id, revision=revision)


def open_sisters(session: Session, case_id: int) -> list[int]:
    """The ids of the other cases of the bundle that are not closed."""
    of_bundle = select(Case.bundle_id).where(Case.id == case_id).scalar_subquery()
    which = (Case.bundle_id == of_bundle, Case.id != case_id, Case.closed_at.is_(None))
    return list(session.scalars(select(Case.id).where(*which).order_by(Case.id)))


def offer_changes(session: Session, case_id: int, revision: int, sister_id: int) -> None:
    """Offer to one case what a correction of another changed of the answers that both had given alike. Safe to repeat.

    A later correction renews an offer that nobody has answered, and takes back what it makes needless.
    """
    sister = lock_row(session, Case, Case.id == sister_id, Case.closed_at.is_(None))
    case = session.get_one(Case, case_id)
    replaced = {row.number: row.answers for row in revisions_of(session, case_id)}
    if sister is None or revision not in replaced or case.erased_at is not None:
        return
    after = open_answers(city_of(session), case.answers)
    shared = _corrected(
        definition_of(session, case.version_id), replaced[revision], replaced.get(revision + 1, after), after
    )
    row = session.scalar(select(CaseChangeOffer).where(*_open_from(sister.id, case.id)))
    waiting = dict(row.changes) if row is not None else {}
    current = open_answers(city_of(session), sister.answers)
    offered = waiting | dict(_changed(session, sister, shared, current, waiting))
    offered = {name: value for name, value in offered.items() if current.get(name) != value}
    if offered and offered != waiting:
        _offer(session, sister, case, row, offered)
    elif row is not None and not offered:
        session.delete(row)
    session.flush()


def _corrected(
    definition: Definition, before: Mapping[str, Any], after: Mapping[str, Any], latest: Mapping[str, Any]
) -> dict[str, tuple[FieldType, Any, Any]]:
    """The shared questions whose answers a correction changed, with what was said before and what is said now."""
    return {
        question.item: (question, before.get(question.id), latest[question.id])
        for question in definition.fields.values()
        if question.item
        and not isinstance(question, Files)
        and before.get(question.id) != after.get(question.id)
        and latest.get(question.id) is not None
    }


def _changed(
    session: Session,
    sister: Case,
    shared: Mapping[str, tuple[FieldType, Any, Any]],
    current: Mapping[str, Any],
    waiting: Mapping[str, Any],
) -> Iterator[tuple[str, Any]]:
    """The questions of another case that mean the same and said the same, with what they would say now."""
    context = ReadContext(sister.submitted_on, plane=plane_of(session))
    for question in definition_of(session, sister.version_id).fields.values():
        if question.item is None or question.item not in shared:
            continue
        corrected, before, value = shared[question.item]
        if corrected.type != question.type or (corrected.sensitive and not question.sensitive):
            continue
        said_the_same = question.id in current and current[question.id] == before
        if (said_the_same or question.id in waiting) and not question.check(value, context):
            yield question.id, value


def _offer(
    session: Session, sister: Case, source: Case, row: CaseChangeOffer | None, answers: Mapping[str, Any]
) -> None:
    if row is None:
        row = CaseChangeOffer(
            case_id=sister.id, from_case_id=source.id, status=OPEN, changes=dict(answers), offered_at=now()
        )
        session.add(row)
    else:
        row.changes, row.offered_at = dict(answers), now()
    sister.unread = True
    session.flush()
    record(
        session,
        of_case(sister.id),
        "case.change_offered",
        SYSTEM,
        offer_id=row.id,
        fields=sorted(answers),
        from_case=source.id,
    )


def offered_changes(session: Session, case: Case, definition: Definition) -> list[OfferedChange]:
    """The offers that a case has not answered, oldest first; no statement for a case that was sent alone."""
    if case.bundle_id is None:
        return []
    query = (
        select(CaseChangeOffer, Case.number, Case.title)
        .join(Case, Case.id == CaseChangeOffer.from_case_id)
        .where(CaseChangeOffer.case_id == case.id, CaseChangeOffer.status == OPEN)
        .order_by(CaseChangeOffer.id)
    )
    current = open_answers(city_of(session), case.answers)
    return [
        OfferedChange(
            row.id,
            number,
            title,
            [
                (definition.fields[name], current.get(name), value)
                for name, value in row.changes.items()
                if name in definition.fields
            ],
        )
        for row, number, title in session.execute(query)
    ]


def accept_change(session: Session, case: Case, offer_id: int, actor: Actor, *, roles: frozenset[str]) -> None:
    """Take an offered change over: a revision of the answers, judged as a correction is. The case's row must be locked.

    Raises Conflict when it was answered already or the case is closed, Forbidden without a role, Invalid where the answers would not be sound.
    """
    row = _answerable(session, case, offer_id, roles)
    definition = definition_of(session, case.version_id)
    answers = open_answers(city_of(session), case.answers) | dict(row.changes)
    revise_answers(session, case, definition, answers, actor)
    fields = sorted(row.changes)
    _close(row, ACCEPTED, actor)
    record(session, of_case(case.id), "case.change_accepted", actor, offer_id=row.id, fields=fields)
    case.advance()
    session.flush()


def decline_change(
    session: Session, case: Case, offer_id: int, reason: str, actor: Actor, *, roles: frozenset[str]
) -> None:
    """Leave the answers as they are, and tell the applicant why. The case's row must be locked.

    Raises what `accept_change` raises, Invalid without a reason.
    """
    row = _answerable(session, case, offer_id, roles)
    if not reason.strip():
        sentence = _("入れない理由を、申請した人に伝わるように書いてください。")
        raise Invalid(sentence, {"reason": sentence})
    send_message(session, case, actor, reason)
    _close(row, DECLINED, actor)
    record(session, of_case(case.id), "case.change_declined", actor, offer_id=row.id)
    case.advance()
    session.flush()


def _answerable(session: Session, case: Case, offer_id: int, roles: frozenset[str]) -> CaseChangeOffer:
    if not roles & _DECIDERS:
        raise Forbidden
    row = lock_row(session, CaseChangeOffer, CaseChangeOffer.id == offer_id, CaseChangeOffer.case_id == case.id)
    if row is None or row.status != OPEN:
        raise Conflict(_("この変更は、もう返事が済んでいます。いまの内容を確かめてください。"))
    if case.closed_at is not None:
        raise Conflict(_("この案件は終わっているので、内容を変えられません。"))
    return row


def _close(row: CaseChangeOffer, status: str, actor: Actor) -> None:
    """What was offered is in the answers now, or is not to be: nothing of it is kept beside them."""
    row.status, row.staff_id, row.decided_at, row.changes = status, actor.id, now(), {}


def _open_from(case_id: int, from_case_id: int) -> tuple[Any, ...]:
    return (
        CaseChangeOffer.case_id == case_id,
        CaseChangeOffer.from_case_id == from_case_id,
        CaseChangeOffer.status == OPEN,
    )
