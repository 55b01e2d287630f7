"""Decisions of staff, held back for a moment: until then nothing leaves the office, and the decision can be taken back.

What a member of staff decides is checked at once, under the case's lock, and carried out by the worker when its time has come
(`MADOGUCHI_DECISION_HOLD_SECONDS`; 0 carries it out at once). Moves that cause nothing outside the office are never held.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Exists, delete, exists, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import SQLColumnExpression

from portal.cases import moves
from portal.cases.events import of_case
from portal.cases.models import Case, CaseDecision
from portal.cases.versions import SeenVersion, refuse_outdated
from portal.cases.workflows import workflow_for
from portal.core.access import StaffIdentity
from portal.core.clock import now
from portal.core.config import settings
from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of
from portal.core.errors import Conflict, DomainError, Forbidden
from portal.core.events import Actor, record
from portal.core.jobs import enqueue
from portal.core.locking import lock_row
from portal.core.text import _
from portal.identity import read_staff

JOB = "cases.carry_out_decision"
GONE = "この決定は、もう実行されたか、取り消されています。いまの状態を確かめてください。"
ENCRYPTION_CONTEXT = b"decision"


@dataclass(frozen=True)
class Decision:
    """A decision that waits or that could not be carried out, opened. `failure` says why it could not."""

    id: int
    move: str
    title: str
    staff_id: int
    staff_name: str
    decided_at: datetime
    takes_effect_at: datetime | None
    inputs: moves.MoveInputs
    failure: str | None
    route: Sequence[Mapping[str, Any]] = ()
    signed: Sequence[Mapping[str, Any]] = ()

    @property
    def awaits_sign_off(self) -> bool:
        """Whether others are still to sign it off (決裁), see `sign_offs`."""
        return self.takes_effect_at is None and self.failure is None

    @property
    def seconds_left(self) -> int:
        """Whole seconds in which it can still be taken back, at least 0."""
        return max(0, int((self.takes_effect_at - now()).total_seconds())) if self.takes_effect_at else 0


def decide(
    session: Session,
    case_id: int,
    move_id: str,
    staff: StaffIdentity,
    inputs: moves.MoveInputs,
    *,
    seen: SeenVersion | None,
) -> bool:
    """Take a decision: check it now, carry it out when its time has come (at once when it causes nothing outside). Where its definition has
    others sign it off, it is drafted, and they come first.

    Whether it was carried out already; otherwise it waits.
    Raises Outdated when the case is no longer as it was seen, Conflict while a colleague's decision waits, Forbidden without
    the role, Invalid for missing or wrong inputs.
    """
    case = moves.lock_case(session, case_id)
    refuse_outdated(session, case, seen)
    _refuse_second(session, case)
    actor = Actor("staff", staff.id, staff.name)
    roles = moves.roles_in(staff, case)
    step = moves.prepare(session, case, move_id, actor, roles=roles, inputs=inputs)
    session.execute(delete(CaseDecision).where(CaseDecision.case_id == case.id, CaseDecision.failure.is_not(None)))
    route = [{"role": each.role, "deputy": each.deputy} for each in step.move.signed_off_by]
    if not route and not (settings().decision_hold_seconds and step.effects.leave_the_office):
        moves.perform(session, step)
        return True
    decision = CaseDecision(
        case_id=case.id,
        staff_id=staff.id,
        move=move_id,
        inputs=_sealed(session, inputs),
        expected_version=case.lock_version,
        decided_at=now(),
        route=route,
        signed=[],
    )
    session.add(decision)
    session.flush()
    if route:
        record(session, of_case(case.id), "case.decision_drafted", actor, move=move_id)
    else:
        schedule(session, decision)
    return False


def schedule(session: Session, decision: CaseDecision) -> None:
    """Let a decision take effect after the moment in which it can be taken back."""
    decision.takes_effect_at = now() + timedelta(seconds=settings().decision_hold_seconds)
    session.flush()
    enqueue(session, JOB, at=decision.takes_effect_at, decision_id=decision.id)


def take_back(session: Session, case_id: int, decision_id: int, staff: StaffIdentity) -> Decision:
    """Take a waiting decision back, or put one that failed out of sight; what had been decided.

    Raises Conflict when it was carried out already, Forbidden for somebody who could not have decided it.
    """
    case, row = lock(session, case_id, decision_id)
    if row is None:
        raise Conflict(_(GONE))
    decision = opened(session, case, row)
    if row.failure is None:
        _require_role(session, case, row, staff)
        record(
            session, of_case(case.id), "case.decision_taken_back", Actor("staff", staff.id, staff.name), move=row.move
        )
    elif row.staff_id != staff.id:
        staff.require("case.read_answers", case.department_id)
    session.delete(row)
    session.flush()
    return decision


def execute_now(session: Session, case_id: int, decision_id: int, staff: StaffIdentity) -> None:
    """Carry out a waiting decision before its time, for somebody at the counter who waits for it.

    Raises Conflict when it was carried out already, Forbidden for somebody who could not have decided it.
    """
    case, row = lock(session, case_id, decision_id)
    if row is None or row.failure is not None or row.takes_effect_at is None:
        raise Conflict(_(GONE))
    _require_role(session, case, row, staff)
    row.takes_effect_at = now()
    session.flush()
    execute(session, decision_id)


def _require_role(session: Session, case: Case, row: CaseDecision, staff: StaffIdentity) -> None:
    """Raise Forbidden unless this member of staff took part in the decision, or could have taken it."""
    roles = moves.roles_in(staff, case)
    allowed = workflow_for(session, case).moves_from(case.state, roles)
    took_part = {row.staff_id, *(signed["staff_id"] for signed in row.signed)}
    if staff.id not in took_part and all(move.id != row.move for move in allowed):
        raise Forbidden


def execute(session: Session, decision_id: int) -> bool:
    """Carry out a decision whose time has come, as the one who took it, with the rights they hold now.

    False when there is none: it was carried out or taken back. One that cannot be carried out any more (the case changed
    meanwhile, the role was taken away) stays with its reason, and the case is shown to its office as unread.
    """
    case_id = session.scalar(select(CaseDecision.case_id).where(CaseDecision.id == decision_id))
    if case_id is None:
        return False
    case, row = lock(session, case_id, decision_id)
    if row is None or row.failure is not None or row.takes_effect_at is None or row.takes_effect_at > now():
        return False
    staff = read_staff(session, row.staff_id)
    inputs = _unsealed(session, row.inputs)
    try:
        with session.begin_nested():
            if staff is None:
                raise Forbidden
            refuse_outdated(session, case, SeenVersion(row.expected_version, 0))
            actor = Actor("staff", staff.id, staff.name)
            roles = moves.roles_in(staff, case)
            moves.perform(session, moves.prepare(session, case, row.move, actor, roles=roles, inputs=inputs))
    except DomainError as error:
        row.failure, case.unread = error.message, True
    else:
        session.delete(row)
    session.flush()
    return True


def due(session: Session, *, overdue: timedelta = timedelta(0)) -> list[int]:
    """Ids of waiting decisions whose time came at least `overdue` ago."""
    query = select(CaseDecision.id).where(
        CaseDecision.failure.is_(None), CaseDecision.takes_effect_at <= now() - overdue
    )
    return list(session.scalars(query.order_by(CaseDecision.takes_effect_at)))


def decision_on(session: Session, case: Case) -> Decision | None:
    """The decision on a case that waits or failed."""
    row = session.scalar(select(CaseDecision).where(CaseDecision.case_id == case.id))
    return opened(session, case, row) if row else None


def is_waiting(case_id: SQLColumnExpression[int]) -> Exists:
    """Whether a decision on the case of a column waits, as an expression for a statement."""
    return exists().where(CaseDecision.case_id == case_id, CaseDecision.failure.is_(None))


def _refuse_second(session: Session, case: Case) -> None:
    waiting = decision_on(session, case)
    if waiting is not None and waiting.failure is None:
        raise Conflict(
            _(
                "{name}さんが、先に「{title}」を決めました。取り消されるまで、ほかの決定はできません。",
                name=waiting.staff_name,
                title=waiting.title,
            )
        )


def lock(session: Session, case_id: int, decision_id: int) -> tuple[Case, CaseDecision | None]:
    """The case first, then its decision: everybody locks in this order, so that nobody waits in a circle."""
    case = moves.lock_case(session, case_id)
    which = (CaseDecision.id == decision_id, CaseDecision.case_id == case_id)
    return case, lock_row(session, CaseDecision, *which)


def opened(session: Session, case: Case, row: CaseDecision) -> Decision:
    """A decision with what was written and chosen with it."""
    staff = read_staff(session, row.staff_id, active_only=False)
    workflow = workflow_for(session, case)
    title = next((move.title.for_language("ja") for move in workflow.moves if move.id == row.move), row.move)
    return Decision(
        id=row.id,
        move=row.move,
        title=title,
        staff_id=row.staff_id,
        staff_name=staff.name if staff else "",
        decided_at=row.decided_at,
        takes_effect_at=row.takes_effect_at,
        inputs=_unsealed(session, row.inputs),
        failure=row.failure,
        route=row.route,
        signed=row.signed,
    )


def _sealed(session: Session, inputs: moves.MoveInputs) -> bytes:
    values: dict[str, Any] = vars(inputs) | {"answer_by": inputs.answer_by and inputs.answer_by.isoformat()}
    return seal(city_of(session), json.dumps(values, ensure_ascii=False).encode(), ENCRYPTION_CONTEXT)


def _unsealed(session: Session, sealed: bytes) -> moves.MoveInputs:
    values: Mapping[str, Any] = json.loads(open_sealed(city_of(session), sealed, ENCRYPTION_CONTEXT))
    day = values["answer_by"]
    parts = values.get("refund_parts")
    if values.get("refund_amount") is not None:
        # Decided in an older version, by the amount alone: no charge has this number, so that somebody decides it by line.
        parts = {0: values["refund_amount"]}
    changed: dict[str, Any] = {
        "fields": tuple(values["fields"]),
        "conditions": tuple(values.get("conditions", ())),
        "answer_by": date.fromisoformat(day) if day else None,
        "refund_parts": {int(charge): yen for charge, yen in parts.items()} if parts is not None else None,
    }
    return moves.MoveInputs(**{**{name: values[name] for name in values if name != "refund_amount"}, **changed})
