"""The deadlines of a case: set when it enters a state, standing still while it is with the applicant."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from common.open_days import add_open_days
from forms import Definition, State
from forms.workflow import clock as clocks
from forms.workflow.clock import STANDARD, Clock
from portal.cases.models import Case
from portal.cases.rules import ANSWER_DAYS
from portal.cases.workflows import last_day_in_case
from portal.core.clock import today

#: Gives the day of a deadline's own expression.
LastDay = Callable[[str], date | None]


def at_first(state: State, standard: date, last_day: LastDay) -> dict[str, Any]:
    """The columns of a case that comes in: its clock, until when it is due, when something happens by itself."""
    return _columns(clocks.first_clock(standard), state, last_day, answer_by=None)


def enter(session: Session, case: Case, definition: Definition, state: State) -> None:
    """Set the deadlines of a case that enters a state. Its answer to a correction must be asked for before."""
    clock: Clock = case.clock or clocks.first_clock(case.due_on)
    columns = _columns(
        clock, state, lambda until: last_day_in_case(session, case, definition, until), answer_by=case.answer_by
    )
    case.clock, case.due_on, case.wake_on = columns["clock"], columns["due_on"], columns["wake_on"]
    if state.kind == "with_applicant" and state.deadline is not None:
        case.answer_by = clocks.due(case.clock, state.id)


def _columns(clock: Clock, state: State, last_day: LastDay, *, answer_by: date | None) -> dict[str, Any]:
    day = today()
    until = last_day(state.deadline.until) if state.deadline and state.deadline.until else None
    clock = clocks.entered(clock, state, day, until)
    own = clocks.due(clock, state.id)
    if state.kind == "with_applicant":
        # the city is due again when the applicant has answered; the day on which they should is the best guess
        back = own or answer_by or add_open_days(day, ANSWER_DAYS)
        waiting = [name for name in clock if name != STANDARD and clocks.stands_still(clock, name)]
        due_on: date | None = max(filter(None, (clocks.due(clock, name, back) for name in waiting or [STANDARD])))
    else:
        due_on = own if own and not state.final else clocks.due(clock, STANDARD, day)
    return {"clock": clock, "due_on": due_on, "wake_on": next_event(state, clock, after=day)}


def next_event(state: State, clock: Clock, *, after: date) -> date | None:
    """The next day on which something happens by itself. What lies before `after` is past, but for the move of the deadline."""
    last = clocks.due(clock, state.id)
    if state.deadline is None or last is None:
        return None
    events = list(clocks.events(state.deadline, last))
    return next((event.on for event in events if event.on > after or event.reminder is None), None)


def shift_clock(clock: Mapping[str, Mapping[str, Any]], shift: timedelta) -> dict[str, Any]:
    """A clock with all its days earlier, as sample data need it."""
    return {
        name: {**entry, "due": (date.fromisoformat(entry["due"]) - shift).isoformat()} for name, entry in clock.items()
    }
