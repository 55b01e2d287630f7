"""What happens with cases by itself, day by day: reminders before deadlines, and the moves of deadlines that have passed."""

from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from forms import Definition, workflow_of
from forms.text.localized import Text
from forms.workflow import clock as clocks
from portal.cases.deadlines import next_event
from portal.cases.events import of_case
from portal.cases.messages import send_message
from portal.cases.models import Case, CaseDecision
from portal.cases.moves import apply_transition, available
from portal.cases.notices import notify
from portal.cases.workflows import filled_text
from portal.core.clock import today
from portal.core.events import SYSTEM, record
from portal.core.locking import lock_row
from portal.procedures import definition_of

_BATCH = 500


def overdue_cases(session: Session) -> list[int]:
    """The ids of cases with which something is to happen by itself, longest waiting first."""
    query = select(Case.id).where(Case.wake_on <= today()).order_by(Case.wake_on, Case.id).limit(_BATCH)
    return list(session.scalars(query))


def wake(session: Session, case_id: int) -> bool:
    """Do what is due with a case by itself: the move of its deadline, or else the last reminder. Safe to repeat and to race.

    False where nothing was due any more, or a decision is just being held.
    """
    case = lock_row(session, Case, Case.id == case_id)
    if case is None or case.wake_on is None or case.wake_on > today():
        return False
    held = exists().where(CaseDecision.case_id == case.id, CaseDecision.failure.is_(None))
    if session.scalar(select(held)):
        return False
    definition = definition_of(session, case.version_id)
    state = workflow_of(definition).states[case.state]
    last = clocks.due(case.clock, state.id)
    since, case.wake_on = case.wake_on, None
    if state.deadline is None or last is None:
        return False
    due = [event for event in clocks.events(state.deadline, last) if since <= event.on <= today()]
    if due and due[-1].reminder is None:
        _move_by_itself(session, case, state.deadline.move or "")
        return True
    case.wake_on = next_event(state, case.clock, after=today())
    if due and due[-1].reminder:
        _remind(session, case, definition, due[-1].reminder.message, last)
    session.flush()
    return bool(due)


def _move_by_itself(session: Session, case: Case, move_id: str) -> None:
    """The move of a deadline. Where a condition forbids it, the office sees the case as unread."""
    definition = definition_of(session, case.version_id)
    if all(option.id != move_id for option in available(case, definition, ("system",))):
        case.unread = True
        session.flush()
        return
    apply_transition(session, case.id, move_id, SYSTEM, roles=("system",))
    case.unread = True
    session.flush()


def _remind(session: Session, case: Case, definition: Definition, message: Text | None, last: date) -> None:
    if message is not None:
        send_message(session, case, SYSTEM, filled_text(session, case, definition, message), by_mail=False)
    record(session, of_case(case.id), "case.reminded", SYSTEM, until=str(last))
    notify(session, case, "deadline_reminder", until=last)
