"""決裁: a decision that its definition has others sign off waits for them, one after another, and then takes effect like any decision.

Who drafted it (起案) is not among those who sign off, and nobody signs off twice. Where a step names a deputy, somebody of that role may sign
off in the place of the first (代決), and says why. What they write are notes for colleagues; the applicant learns nothing before the last of them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition
from portal.cases import decisions, moves
from portal.cases.decisions import GONE, Decision
from portal.cases.effects import Effects, effects_of
from portal.cases.events import of_case
from portal.cases.models import Case, CaseDecision
from portal.cases.notes import add_note
from portal.cases.partial_grants import Grant, due_by, read_grant
from portal.cases.standard_words import filled_words, readable_conditions
from portal.cases.versions import SeenVersion, refuse_outdated
from portal.cases.workflows import workflow_for, workflow_of_case
from portal.core.access import StaffIdentity
from portal.core.clock import now
from portal.core.config import settings
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.events import Actor, record
from portal.core.text import _

FIELD = "remark"


@dataclass(frozen=True)
class WaitingDraft:
    """A decision that waits to be signed off, and whether the one who asks may do so now."""

    case: Case
    decision: Decision
    may_sign: bool
    is_own: bool


def sign_off(
    session: Session, case_id: int, decision_id: int, staff: StaffIdentity, *, remark: str, seen: SeenVersion | None
) -> bool:
    """Sign a drafted decision off. With the last step it takes effect, after the moment in which it can be taken back.

    Whether that was the last step. Raises Conflict for one that does not wait any more, Outdated when the case is not as it was seen or
    drafted, Forbidden for who may not sign it off now, Invalid for a deputy who does not say why.
    """
    case, row = _waiting(session, case_id, decision_id)
    step = row.route[len(row.signed)]
    role = _role_of(row, staff, moves.roles_in(staff, case))
    if role is None:
        raise Forbidden
    refuse_outdated(session, case, seen)
    refuse_outdated(session, case, SeenVersion(row.expected_version, 0))
    by_deputy = role != step["role"]
    if by_deputy and not remark.strip():
        _refuse("代決する理由を書いてください。")
    actor = Actor("staff", staff.id, staff.name)
    if remark.strip():
        add_note(session, case, actor, remark)
    signed = {"staff_id": staff.id, "name": staff.name, "at": now().isoformat(), "deputy": by_deputy}
    row.signed = [*row.signed, signed]
    record(
        session, of_case(case.id), "case.decision_signed_off", actor, move=row.move, role=step["role"], deputy=by_deputy
    )
    if len(row.signed) < len(row.route):
        session.flush()
        return False
    decisions.schedule(session, row)
    if settings().decision_hold_seconds == 0:
        decisions.execute(session, row.id)
    return True


def return_draft(session: Session, case_id: int, decision_id: int, staff: StaffIdentity, *, remark: str) -> None:
    """Give a drafted decision back to who drafted it (差戻し), with a remark; what they wrote is kept for them.

    Raises like `sign_off`, and Invalid without a remark.
    """
    case, row = _waiting(session, case_id, decision_id)
    if _role_of(row, staff, moves.roles_in(staff, case)) is None:
        raise Forbidden
    if not remark.strip():
        _refuse("差し戻す理由を書いてください。")
    actor = Actor("staff", staff.id, staff.name)
    add_note(session, case, actor, remark)
    row.failure = f"{staff.name}さんが差し戻しました。理由は、やりとりの「職員のメモ」にあります。"
    case.unread = True
    session.flush()
    record(session, of_case(case.id), "case.decision_returned", actor, move=row.move)


def may_sign(staff: StaffIdentity, case: Case, decision: Decision) -> str | None:
    """The role in which this person may sign a waiting decision off now; None for who may not."""
    return _role_of(decision, staff, moves.roles_in(staff, case)) if decision.awaits_sign_off else None


def words_of(session: Session, case: Case, decision: Decision) -> tuple[str, Sequence[str]]:
    """What the applicant would read with the decision: the words and the conditions, filled in for the case."""
    inputs = decision.inputs
    note = filled_words(session, case, inputs.note, field="note", deadline=inputs.answer_by) if inputs.note else ""
    return note, readable_conditions(session, case, inputs.conditions)


def grant_of(session: Session, case: Case, definition: Definition, decision: Decision) -> Grant | None:
    """What a drafted decision grants where that is only a part; None where it grants everything, or nothing."""
    move = next((move for move in workflow_for(session, case).moves if move.id == decision.move), None)
    if move is None or decision.inputs.granted is None:
        return None
    try:
        return read_grant(session, case, move, definition, decision.inputs.granted, decision.inputs.not_granted)
    except Invalid:  # the answers changed since it was drafted: carrying it out will say so
        return None


def effects_of_part(
    case: Case, definition: Definition, decision: Decision, grant: Grant, *, refundable: int
) -> Effects:
    """What a drafted decision causes that grants only a part; `refundable` yen could be refunded."""
    workflow = workflow_of_case(case, definition)
    move = workflow.move(case.state, decision.move)
    due = due_by(case, grant)
    return effects_of(workflow, case, move, by_applicant=False, has_note=False, refundable=refundable, due=due)


def waiting_drafts(session: Session, staff: StaffIdentity, limit: int) -> list[WaitingDraft]:
    """Decisions that wait to be signed off where this person works, the longest waiting first: theirs to sign, then those they drafted."""
    query = (
        select(Case, CaseDecision)
        .join(CaseDecision, CaseDecision.case_id == Case.id)
        .where(
            CaseDecision.takes_effect_at.is_(None),
            CaseDecision.failure.is_(None),
            Case.department_id.in_(staff.departments("case.see")),
        )
        .order_by(CaseDecision.decided_at, CaseDecision.id)
    )
    drafts = []
    for case, row in session.execute(query):
        signs = _role_of(row, staff, staff.roles.get(case.department_id, ())) is not None
        if signs or row.staff_id == staff.id:
            drafts.append((signs, case, row))
    drafts.sort(key=lambda draft: not draft[0])
    return [
        WaitingDraft(case, decisions.opened(session, case, row), signs, row.staff_id == staff.id)
        for signs, case, row in drafts[:limit]
    ]


def _waiting(session: Session, case_id: int, decision_id: int) -> tuple[Case, CaseDecision]:
    case, row = decisions.lock(session, case_id, decision_id)
    if row is None or row.failure is not None or row.takes_effect_at is not None:
        raise Conflict(_(GONE))
    return case, row


def _role_of(draft: CaseDecision | Decision, staff: StaffIdentity, roles: Collection[str]) -> str | None:
    """The role in which somebody may take the next step: its own before its deputy's; None for the drafter and who has signed."""
    step = draft.route[len(draft.signed)]
    if staff.id == draft.staff_id or any(signed["staff_id"] == staff.id for signed in draft.signed):
        return None
    return next((role for role in (step["role"], step["deputy"]) if role in roles), None)


def _refuse(sentence: str) -> None:
    raise Invalid(sentence, {FIELD: sentence})
