"""Acting on many cases together: they are chosen, read once more, acted on one by one by the worker, and told of case by case."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, any_, delete, func, insert, literal, select
from sqlalchemy.orm import Session

from portal.cases.assigning import colleagues
from portal.cases.bulk_models import BulkAction, BulkCase
from portal.cases.bulk_rules import RIGHTS, Chosen, Proposal, not_acceptable, obstacle, reason_words
from portal.cases.case_list import case_order, case_rows
from portal.cases.case_list_conditions import conditions, parameters
from portal.cases.case_list_query import CaseListQuery
from portal.cases.decisions import is_waiting
from portal.cases.join_models import is_joined
from portal.cases.messages import readable_message
from portal.cases.models import Case
from portal.cases.standard_words import refuse_unknown
from portal.cases.workflows import workflow_of_case
from portal.core.access import StaffIdentity
from portal.core.clock import now
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.jobs import enqueue
from portal.core.locking import lock_row
from portal.procedures import definition_of

__all__ = [
    "ACT_IN_BULK",
    "MAX_CASES",
    "RIGHTS",
    "RUNNING",
    "BulkAction",
    "Chosen",
    "Outlook",
    "Proposal",
    "accept_obstacle",
    "bulk_of",
    "case_ids_of",
    "case_rows",
    "choose_listed",
    "choose_ticked",
    "colleagues",
    "forget_old",
    "outcomes",
    "outlook",
    "propose",
    "read_chosen",
    "readable_message",
    "reason_words",
    "report",
    "start",
    "stop",
    "take_back",
]

ACT_IN_BULK = "cases.act_in_bulk"
MAX_CASES = 5000
"""Of one action: what a worker does in some minutes, and a person can answer for."""
KEPT_FOR = timedelta(days=30)
WRITING = frozenset({"message", "transfer"})
"""Acts that send a text to the applicants."""
RUNNING = frozenset({"running", "undoing"})
"""States in which the worker acts."""


@dataclass(frozen=True)
class Outlook:
    """What would be done: how many cases, which are left out with their reasons, and how many applicants cannot be mailed."""

    count: int
    left_out: Sequence[tuple[Chosen, str]]
    without_mail: int


def choose_listed(session: Session, query: CaseListQuery, staff: StaffIdentity) -> BulkAction:
    """Choose every case of a list. Raises Invalid for none, and for more than `MAX_CASES`."""
    shape = query.shape()
    rows = select(Case.id).where(*conditions(shape)).order_by(*case_order(shape)).limit(MAX_CASES + 1)
    return _chosen(session, list(session.scalars(rows, parameters(query))), staff)


def choose_ticked(session: Session, case_ids: Collection[int], staff: StaffIdentity) -> BulkAction:
    """Choose these cases, as far as this person sees them. Raises Invalid like `choose_listed`."""
    seen = select(Case.id).where(_among(case_ids), Case.department_id.in_(staff.departments("case.see")))
    visible = set(session.scalars(seen))
    return _chosen(session, [case_id for case_id in dict.fromkeys(case_ids) if case_id in visible], staff)


def _chosen(session: Session, case_ids: list[int], staff: StaffIdentity) -> BulkAction:
    if not case_ids:
        raise Invalid("案件を1件以上選んでください。")
    if len(case_ids) > MAX_CASES:
        raise Invalid(f"一度に扱えるのは{MAX_CASES:,}件までです。条件で絞ってください。")
    bulk = BulkAction(staff_id=staff.id, chosen_at=now())
    session.add(bulk)
    session.flush()
    order = func.array_position(case_ids, Case.id)
    rows = select(literal(bulk.id), order, Case.id, Case.assignee_id, Case.lock_version).where(_among(case_ids))
    names = ("bulk_id", "position", "case_id", "seen_assignee", "seen_version")
    session.execute(insert(BulkCase).from_select(names, rows))
    return bulk


def _among(case_ids: Collection[int]) -> ColumnElement[bool]:
    """One array, so that the text of the statement is the same for two cases and for five thousand."""
    return Case.id == any_(literal(list(case_ids), ARRAY(BigInteger)))


def bulk_of(session: Session, bulk_id: int, staff: StaffIdentity, *, lock: bool = False) -> BulkAction:
    """What this person chose. Raises NotFound for what somebody else did, and for what is forgotten."""
    mine = (BulkAction.id == bulk_id, BulkAction.staff_id == staff.id)
    row = lock_row(session, BulkAction, *mine) if lock else session.scalar(select(BulkAction).where(*mine))
    if row is None:
        raise NotFound(f"まとめて扱った記録は見つかりません。{KEPT_FOR.days}日で消えます。")
    return row


def outlook(session: Session, bulk: BulkAction, proposal: Proposal, staff: StaffIdentity) -> Outlook:
    """What an action would do now."""
    rows = read_chosen(session, bulk.id)
    able: dict[int, Collection[int]] = {}
    if proposal.assignee is not None:
        able = {department: colleagues(session, department) for department in {row.department_id for row in rows}}
    accepting = _accepting(session, bulk.id, staff) if proposal.act == "accept" else {}
    left_out, count = [], 0
    for chosen in rows:
        department = chosen.department_id
        reason = obstacle(proposal, staff, chosen, able.get(department, ()), accepting.get(chosen.case_id))
        count += reason is None
        left_out += [(chosen, reason)] if reason else []
    unmailed = select(func.count()).select_from(BulkCase).join(Case, Case.id == BulkCase.case_id)
    unmailed = unmailed.where(BulkCase.bulk_id == bulk.id, Case.account_id.is_(None), Case.contact_email.is_(None))
    return Outlook(count, left_out, session.scalar(unmailed) or 0 if proposal.act != "assign" else 0)


def _accepting(session: Session, bulk_id: int, staff: StaffIdentity) -> dict[int, str | None]:
    """Why each of the chosen cases cannot be accepted, or None, by the case's id."""
    query = select(Case).join(BulkCase, BulkCase.case_id == Case.id).where(BulkCase.bulk_id == bulk_id)
    return {case.id: accept_obstacle(session, case, staff) for case in session.scalars(query)}


def accept_obstacle(session: Session, case: Case, staff: StaffIdentity) -> str | None:
    """Why this person cannot accept a case together with others (a name in `bulk_rules.REASONS`), or None."""
    workflow = workflow_of_case(case, definition_of(session, case.version_id))
    return not_acceptable(workflow, case, staff.roles.get(case.department_id, ()))


def propose(session: Session, bulk_id: int, proposal: Proposal, staff: StaffIdentity) -> None:
    """Keep what would be done with chosen cases, to be read once more. Raises Invalid for a text that cannot be sent."""
    bulk = bulk_of(session, bulk_id, staff, lock=True)
    if bulk.state == "chosen":
        _keep(bulk, proposal, _readable(proposal))


def start(session: Session, bulk_id: int, proposal: Proposal, staff: StaffIdentity) -> None:
    """Have the worker act on the cases; pressing twice is pressing once.

    Raises Forbidden without the right anywhere, Invalid for a text that cannot be sent, Conflict when all would be left out.
    """
    if proposal.act not in RIGHTS or not staff.may(RIGHTS[proposal.act]):
        raise Forbidden
    bulk = bulk_of(session, bulk_id, staff, lock=True)
    if bulk.state != "chosen":
        return
    body = _readable(proposal)
    if not outlook(session, bulk, proposal, staff).count:
        raise Conflict("選んだ案件は、すべて対象から外れました。案件を選びなおしてください。")
    _keep(bulk, proposal, body)
    bulk.state, bulk.begun_at = "running", now()
    session.flush()
    enqueue(session, ACT_IN_BULK, lock=f"bulk-{bulk.id}", bulk_id=bulk.id)


def _keep(bulk: BulkAction, proposal: Proposal, body: str) -> None:
    bulk.act, bulk.assignee_id, bulk.to_department, bulk.body = (
        proposal.act,
        proposal.assignee,
        proposal.department,
        body,
    )


def stop(session: Session, bulk_id: int, staff: StaffIdentity) -> None:
    """Have the worker leave off: what it has done stays, the rest is not done. Pressing twice, or too late, changes nothing."""
    bulk = bulk_of(session, bulk_id, staff, lock=True)
    if bulk.state == "running":
        bulk.state, bulk.ended_at, bulk.body = "stopped", now(), ""


def _readable(proposal: Proposal) -> str:
    """The text that goes to the applicants, without one where none does."""
    if proposal.act not in WRITING:
        return ""
    text = readable_message(proposal.body)
    refuse_unknown(text, field="body")
    return text


def take_back(session: Session, bulk_id: int, staff: StaffIdentity) -> None:
    """Have the worker put cases back on the desks from which they were taken; pressing twice is pressing once."""
    bulk = bulk_of(session, bulk_id, staff, lock=True)
    if bulk.act != "assign" or bulk.state not in {"done", "stopped"}:
        return
    bulk.state, bulk.ended_at = "undoing", None
    session.flush()
    enqueue(session, ACT_IN_BULK, lock=f"bulk-{bulk.id}", bulk_id=bulk.id)


def outcomes(session: Session, bulk_id: int) -> Counter[str]:
    """How many cases have which outcome."""
    query = select(BulkCase.outcome, func.count()).where(BulkCase.bulk_id == bulk_id).group_by(BulkCase.outcome)
    counts: Counter[str] = Counter()
    for outcome, count in session.execute(query):
        counts[outcome] = count
    return counts


def case_ids_of(session: Session, bulk_id: int) -> list[int]:
    """The cases, in the order in which they were chosen."""
    query = select(BulkCase.case_id).where(BulkCase.bulk_id == bulk_id).order_by(BulkCase.position)
    return list(session.scalars(query))


def read_chosen(session: Session, bulk_id: int, *which: ColumnElement[bool]) -> list[Chosen]:
    """The chosen cases beside how they are now: all, or those for which conditions on `BulkCase` hold."""
    query = (
        select(
            BulkCase.position, Case.id, Case.number, Case.procedure_key, Case.title, Case.department_id, Case.assignee_id,
            Case.lock_version, Case.erased_at.is_not(None), Case.closed_at.is_not(None), is_waiting(Case.id), is_joined(Case.id),
            BulkCase.seen_assignee, BulkCase.seen_version,
        )
        .join(Case, Case.id == BulkCase.case_id)
        .where(BulkCase.bulk_id == bulk_id, *which)
        .order_by(BulkCase.position)
    )  # fmt: skip
    rows: Sequence[Any] = session.execute(query).all()
    return [Chosen(*row) for row in rows]


def report(session: Session, bulk_id: int, *, after: int, limit: int) -> list[tuple[Chosen, str, str | None]]:
    """What became of the cases after a position: each with its outcome and the reason, at most so many."""
    which = (BulkCase.position > after, BulkCase.position <= after + limit)
    ends = select(BulkCase.position, BulkCase.outcome, BulkCase.reason).where(BulkCase.bulk_id == bulk_id, *which)
    by_position = {position: (outcome, reason) for position, outcome, reason in session.execute(ends)}
    return [(chosen, *by_position[chosen.position]) for chosen in read_chosen(session, bulk_id, *which)]


def forget_old(session: Session) -> None:
    """Forget what was done long ago; the histories of the cases keep it."""
    session.execute(delete(BulkAction).where(BulkAction.chosen_at < now() - KEPT_FOR))
