"""Joining cases (統合) and separating them again. Each stays a case with a number and a page of its own; a follower goes along with its lead."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, or_, select
from sqlalchemy.orm import Session

from portal.cases.decisions import decision_on
from portal.cases.events import of_case
from portal.cases.join_models import CaseJoin
from portal.cases.models import Case
from portal.cases.moves import apply_transition
from portal.cases.related.rules import Joinable, join_obstacle, may_be_joined, move_to
from portal.cases.versions import SeenVersion, refuse_outdated
from portal.cases.workflows import workflow_for
from portal.core.access import StaffIdentity
from portal.core.clock import now
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, record
from portal.core.locking import lock_rows
from portal.procedures import definition_of

_MOST = 50


@dataclass(frozen=True)
class Joined:
    """The lead of a case (none: it leads itself, or is alone), and the followers of that lead."""

    lead: Case | None
    followers: list[Case]


def joined_with(session: Session, case: Case) -> Joined:
    """Return what a case is joined with; one statement. Plan: the key of `case_join` and `ix_case_join_lead_id`."""
    own = select(CaseJoin.lead_id).where(CaseJoin.case_id == case.id).scalar_subquery()
    group = or_(CaseJoin.lead_id == case.id, CaseJoin.lead_id == own)
    query = select(Case, CaseJoin.lead_id).outerjoin(CaseJoin, CaseJoin.case_id == Case.id)
    rows: Sequence[Row[Case, Any]] = session.execute(query.where(or_(group, Case.id == own)).order_by(Case.id)).all()
    lead = next((row for row, lead_id in rows if lead_id is None and row.id != case.id), None)
    return Joined(lead, [row for row, lead_id in rows if lead_id is not None])


def join(
    session: Session, lead_id: int, follower_ids: Collection[int], staff: StaffIdentity, *, seen: SeenVersion | None
) -> int:
    """Let cases follow a lead, and take up its state at once where they stand behind it; how many.

    Raises NotFound and Forbidden for cases that are not this person's, Outdated when the lead is not as it was seen, Invalid without a case
    (field `case`), Conflict with the sentence why one cannot be joined; then none is.
    """
    joining_ids = set(follower_ids) - {lead_id}
    if not joining_ids or len(joining_ids) > _MOST:
        sentence = "統合する案件を選んでください。" if not joining_ids else f"一度に統合できるのは{_MOST}件までです。"
        raise Invalid(sentence, {"case": sentence})
    rows = {
        case.id: case
        for case in lock_rows(session, Case, Case.id.in_({*joining_ids, lead_id}), order_by=[Case.id.asc()])
    }
    if rows.keys() != {*joining_ids, lead_id}:
        raise NotFound
    lead = rows[lead_id]
    for case in rows.values():
        staff.require("case.assign", case.department_id)
    refuse_outdated(session, lead, seen)
    if not may_be_joined(definition_of(session, lead.version_id)):
        raise Conflict("この手続きの案件は、1件ずつ決めるので、統合できません。")
    stands = _standing(session, rows)
    for case_id in sorted(joining_ids):
        obstacle = join_obstacle(stands[lead_id], stands[case_id])
        if obstacle is not None:
            raise Conflict(f"{rows[case_id].number}：{obstacle}")
    actor = Actor("staff", staff.id, staff.name)
    for case_id in sorted(joining_ids):
        _catch_up(session, rows[case_id], lead, staff, actor)
        session.add(CaseJoin(case_id=case_id, lead_id=lead_id, staff_id=staff.id, joined_at=now()))
        record(session, of_case(case_id), "case.joined", actor, lead_id=lead_id)
        record(session, of_case(lead_id), "case.lead_taken", actor, follower_id=case_id)
    session.flush()
    return len(joining_ids)


def _standing(session: Session, rows: dict[int, Case]) -> dict[int, Joinable]:
    joins = select(CaseJoin).where(or_(CaseJoin.case_id.in_(rows), CaseJoin.lead_id.in_(rows)))
    pairs = [(join.case_id, join.lead_id) for join in session.scalars(joins)]
    leading, following = {lead for _case, lead in pairs}, {case for case, _lead in pairs}
    standing = {}
    for case in rows.values():
        decision = decision_on(session, case)
        standing[case.id] = Joinable(
            case.procedure_key,
            case.department_id,
            case.state,
            closed=case.closed_at is not None,
            decided=decision is not None and decision.failure is None,
            leads=case.id in leading,
            follows=case.id in following,
        )
    return standing


def _catch_up(session: Session, case: Case, lead: Case, staff: StaffIdentity, actor: Actor) -> None:
    """Bring a case to where its lead stands: in one step, by a move that this person may take and that asks for nothing."""
    if case.state == lead.state:
        return
    roles = staff.roles.get(case.department_id, frozenset())
    move = move_to(workflow_for(session, case), case.state, lead.state, roles)
    if move is None or move.needs:
        raise Conflict(f"{case.number}：まとめる案件と状態がちがいます。先に、同じ状態まで進めてください。")
    apply_transition(session, case.id, move.id, actor, roles=roles)


def separate(session: Session, case_id: int, staff: StaffIdentity) -> None:
    """Let a follower go its own way from where it stands. Pressing twice is pressing once. Raises Forbidden without the right."""
    lead_id = session.scalar(select(CaseJoin.lead_id).where(CaseJoin.case_id == case_id))
    if lead_id is None:
        return
    rows = lock_rows(session, Case, Case.id.in_({case_id, lead_id}), order_by=[Case.id.asc()])
    for case in rows:
        staff.require("case.assign", case.department_id)
    gone = session.scalar(delete(CaseJoin).where(CaseJoin.case_id == case_id).returning(CaseJoin.lead_id))
    if gone is not None:
        actor = Actor("staff", staff.id, staff.name)
        record(session, of_case(case_id), "case.separated", actor, lead_id=gone)
