"""The worker acts on chosen cases: each in a transaction of its own, under its lock, by what acts on a single one."""

from collections.abc import Callable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.cases.allocation import hold_departments, transfer
from portal.cases.assigning import colleagues, reassign
from portal.cases.bulk import RUNNING, accept_obstacle, read_chosen
from portal.cases.bulk_models import BulkAction, BulkCase
from portal.cases.bulk_rules import Chosen, Proposal, accepting_move, obstacle
from portal.cases.decisions import decide
from portal.cases.messages import send_message
from portal.cases.models import Case
from portal.cases.moves import MoveInputs, lock_case
from portal.cases.standard_words import filled_words
from portal.cases.versions import Outdated, SeenVersion
from portal.cases.workflows import workflow_for
from portal.core.access import StaffIdentity
from portal.core.clock import now
from portal.core.database import city_session
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.events import Actor
from portal.identity import read_staff


def run(city: str, bulk_id: int) -> None:
    """Act on what waits, or take back what was done. It may be begun again: each case says what became of it."""
    with city_session(city) as session:
        bulk = session.get(BulkAction, bulk_id)
        if bulk is None or bulk.state not in RUNNING:
            return
        state, to_department = bulk.state, bulk.to_department
    _each(city, bulk_id, state, to_department)
    with city_session(city) as session:
        ended = {"running": "done", "undoing": "undone"}[state]
        which = update(BulkAction).where(BulkAction.id == bulk_id, BulkAction.state == state)
        session.execute(which.values(state=ended, ended_at=now(), body=""))


def _each(city: str, bulk_id: int, state: str, to_department: int | None) -> None:
    before, handle = ("waiting", _act) if state == "running" else ("done", _take_back)
    with city_session(city) as session:
        query = select(BulkCase.position, BulkCase.case_id).where(BulkCase.bulk_id == bulk_id)
        waiting = session.execute(query.where(BulkCase.outcome == before).order_by(BulkCase.position)).all()
    for position, case_id in waiting:
        with city_session(city) as session:
            if to_department is not None:
                hold_departments(session, case_id, to_department)
            lock_case(session, case_id)  # before the row is read: another worker may have acted on it
            row, bulk = session.get(BulkCase, (bulk_id, position)), session.get(BulkAction, bulk_id)
            if bulk is None or bulk.state != state:
                return  # somebody had it stop
            if row is not None and row.outcome == before:
                handle(session, bulk, row)


def _act(session: Session, bulk: BulkAction, row: BulkCase) -> None:
    staff = read_staff(session, bulk.staff_id)
    chosen = read_chosen(session, bulk.id, BulkCase.position == row.position)[0]
    if staff is None:
        row.outcome, row.reason = "left_out", "forbidden"
        return
    proposal = Proposal(bulk.act or "", bulk.assignee_id, bulk.to_department, bulk.body)
    able = colleagues(session, chosen.department_id) if proposal.assignee is not None else ()
    case = session.get_one(Case, chosen.case_id)
    accepting = accept_obstacle(session, case, staff) if proposal.act == "accept" else None
    row.reason = obstacle(proposal, staff, chosen, able, accepting)
    if row.reason is None:
        row.reason = _tried(session, lambda: _ACTS[proposal.act](session, proposal, chosen, staff), proposal.act)
    row.outcome = "done" if row.reason is None else "left_out"


def _assign(session: Session, proposal: Proposal, chosen: Chosen, staff: StaffIdentity) -> None:
    reassign(
        session, chosen.case_id, proposal.assignee, staff, expected_version=chosen.seen_assignee, despite_absence=True
    )


def _message(session: Session, proposal: Proposal, chosen: Chosen, staff: StaffIdentity) -> None:
    case = lock_case(session, chosen.case_id)
    staff.require("case.message", case.department_id)
    body = filled_words(session, case, proposal.body, field="body")
    send_message(session, case, Actor("staff", staff.id, staff.name), body)


def _accept(session: Session, _proposal: Proposal, chosen: Chosen, staff: StaffIdentity) -> None:
    case = lock_case(session, chosen.case_id)
    move = accepting_move(workflow_for(session, case), case, staff.roles.get(case.department_id, ()))
    if move is None:
        raise Outdated
    decide(session, case.id, move.id, staff, MoveInputs(), seen=SeenVersion(chosen.seen_version, 0))


def _transfer(session: Session, proposal: Proposal, chosen: Chosen, staff: StaffIdentity) -> None:
    seen = SeenVersion(chosen.seen_version, 0)
    transfer(session, chosen.case_id, proposal.department or 0, proposal.body, staff, seen=seen)


_ACTS = {"assign": _assign, "message": _message, "accept": _accept, "transfer": _transfer}
_REFUSED = {
    "assign": ("reassigned", "not_colleague"),
    "message": ("changed", "no_value"),
    "accept": ("changed", "one_by_one"),
    "transfer": ("department_closed", "no_value"),
}
"""Why an act was refused: by what has happened since the check (Conflict), and by what does not fit the case (Invalid)."""


def _take_back(session: Session, bulk: BulkAction, row: BulkCase) -> None:
    staff = read_staff(session, bulk.staff_id)
    back = row.seen_assignee
    if staff is None:
        row.outcome, row.reason = "kept", "forbidden"
        return
    row.reason = _tried(
        session,
        lambda: reassign(session, row.case_id, back, staff, expected_version=bulk.assignee_id, despite_absence=True),
        "assign",
    )
    row.outcome = "undone" if row.reason is None else "kept"


def _tried(session: Session, act: Callable[[], object], name: str) -> str | None:
    """Act within a savepoint; the reason why it was refused, or None."""
    outdated, wrong = _REFUSED[name]
    try:
        with session.begin_nested():
            act()
    except Forbidden:
        return "forbidden"
    except Outdated:
        return "changed"
    except Conflict:
        return outdated
    except Invalid:
        return wrong
    return None
