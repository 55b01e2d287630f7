"""The worker acts on chosen cases: each in a transaction of its own, under its lock, by what acts on a single one."""

from collections.abc import Callable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.cases.assigning import colleagues, reassign
from portal.cases.bulk import RUNNING, read_chosen
from portal.cases.bulk_models import BulkAction, BulkCase
from portal.cases.bulk_rules import obstacle
from portal.cases.messages import send_message
from portal.cases.moves import lock_case
from portal.cases.standard_words import filled_words
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
        state = bulk.state
    before, handle = ("waiting", _act) if state == "running" else ("done", _take_back)
    _each(city, bulk_id, before, handle)
    with city_session(city) as session:
        ended = {"running": "done", "undoing": "undone"}[state]
        which = update(BulkAction).where(BulkAction.id == bulk_id, BulkAction.state == state)
        session.execute(which.values(state=ended, ended_at=now(), body=""))


def _each(city: str, bulk_id: int, before: str, handle: Callable[[Session, BulkAction, BulkCase], None]) -> None:
    with city_session(city) as session:
        query = select(BulkCase.position, BulkCase.case_id).where(BulkCase.bulk_id == bulk_id)
        waiting = session.execute(query.where(BulkCase.outcome == before).order_by(BulkCase.position)).all()
    for position, case_id in waiting:
        with city_session(city) as session:
            lock_case(session, case_id)  # before the row is read: another worker may have acted on it
            row = session.get(BulkCase, (bulk_id, position))
            if row is not None and row.outcome == before:
                handle(session, session.get_one(BulkAction, bulk_id), row)


def _act(session: Session, bulk: BulkAction, row: BulkCase) -> None:
    staff = read_staff(session, bulk.staff_id)
    act = bulk.act or ""
    chosen = read_chosen(session, bulk.id, BulkCase.position == row.position)[0]
    if staff is None:
        row.outcome, row.reason = "left_out", "forbidden"
        return
    able = colleagues(session, chosen.department_id) if bulk.assignee_id is not None else ()
    row.reason = obstacle(act, staff, chosen, bulk.assignee_id, able)
    if row.reason is None:
        wrong = "no_value" if act == "message" else "not_colleague"
        row.reason = _tried(session, lambda: _done(session, bulk, chosen.case_id, chosen.seen_assignee, staff), wrong)
    row.outcome = "done" if row.reason is None else "left_out"


def _done(session: Session, bulk: BulkAction, case_id: int, seen: int | None, staff: StaffIdentity) -> None:
    if bulk.act == "assign":
        reassign(session, case_id, bulk.assignee_id, staff, seen=seen, despite_absence=True)
        return
    case = lock_case(session, case_id)
    staff.require("case.message", case.department_id)
    body = filled_words(session, case, bulk.body, field="body")
    send_message(session, case, Actor("staff", staff.id, staff.name), body)


def _take_back(session: Session, bulk: BulkAction, row: BulkCase) -> None:
    staff = read_staff(session, bulk.staff_id)
    back = row.seen_assignee
    if staff is None:
        row.outcome, row.reason = "kept", "forbidden"
        return
    row.reason = _tried(
        session, lambda: reassign(session, row.case_id, back, staff, seen=bulk.assignee_id, despite_absence=True)
    )
    row.outcome = "undone" if row.reason is None else "kept"


def _tried(session: Session, act: Callable[[], object], wrong: str = "not_colleague") -> str | None:
    """Act within a savepoint; the reason why it was refused (`wrong` for what does not fit the case), or None."""
    try:
        with session.begin_nested():
            act()
    except Forbidden:
        return "forbidden"
    except Conflict:
        return "reassigned"
    except Invalid:
        return wrong
    return None
