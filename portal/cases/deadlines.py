"""The deadlines of a case: set when it enters a state, standing still while it is with the applicant."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from common.open_days import add_open_days
from forms import Definition, State
from forms.evaluation.chosen_days import last_chosen_day, tells_days
from forms.workflow import clock as clocks
from forms.workflow.clock import STANDARD, Clock
from portal.cases.answer_days import latest_answer
from portal.cases.answers import open_answers
from portal.cases.models import Case
from portal.cases.rules import ANSWER_DAYS, due_on
from portal.cases.workflows import last_day_in_case, workflow_of_case
from portal.core.clock import today
from portal.core.database import city_of

#: Gives the day of a deadline's own expression.
LastDay = Callable[[str], date | None]


def at_first(state: State, standard: date, last_day: LastDay, *, not_before: date | None) -> dict[str, Any]:
    """The columns of a case that comes in: its clock, until when it is due, when something happens by itself.

    `standard` is the last day of the standard time, `not_before` the day that was chosen for something to happen on.
    """
    clock = _entered(clocks.first_clock(standard), state, last_day)
    return _columns(clock, state, answer_by=None, not_before=not_before)


def enter(session: Session, case: Case, definition: Definition, state: State, *, reopened: bool = False) -> None:
    """Set the deadlines of a case that enters a state. Its answer to a correction must be asked for before.

    The time of one that was closed was over with its decision: reopened, it has all deadlines again, from today.
    """
    former = clocks.first_clock(due_on(definition, today())) if reopened else _clock(case)
    clock = _entered(former, state, lambda until: last_day_in_case(session, case, definition, until))
    _set(session, case, definition, state, clock)
    if state.kind == "with_applicant" and state.deadline is not None:
        until, latest = clocks.due(case.clock, state.id), latest_answer(session, case, definition)
        case.answer_by = min(filter(None, (until, latest)), default=None)


def days_of_deadlines(session: Session, case: Case, definition: Definition) -> dict[str, date]:
    """The days that the expressions of the deadlines that run give with the answers as they are, by state."""
    states = workflow_of_case(case, definition).states
    deadlines = {name: states[name].deadline for name in _clock(case) if name in states}
    days = {
        name: last_day_in_case(session, case, definition, deadline.until)
        for name, deadline in deadlines.items()
        if deadline is not None and deadline.until is not None
    }
    return {name: day for name, day in days.items() if day is not None}


def follow_answers(session: Session, case: Case, definition: Definition, before: Mapping[str, date]) -> None:
    """Let the deadlines of a case whose answers were replaced follow them: by as many days as the days of `days_of_deadlines` moved.

    `before` is what those were with the former answers. When the case is due follows the chosen days too.
    """
    clock = _clock(case)
    for name, day in days_of_deadlines(session, case, definition).items():
        if name in before:
            clock = clocks.moved(clock, name, day - before[name])
    _set(session, case, definition, workflow_of_case(case, definition).states[case.state], clock)


def _clock(case: Case) -> Clock:
    return case.clock or clocks.first_clock(case.due_on)


def _entered(clock: Clock, state: State, last_day: LastDay) -> Clock:
    until = last_day(state.deadline.until) if state.deadline and state.deadline.until else None
    return clocks.entered(clock, state, today(), until)


def _set(session: Session, case: Case, definition: Definition, state: State, clock: Clock) -> None:
    chosen = None
    if tells_days(definition):
        chosen = last_chosen_day(definition, open_answers(city_of(session), case.answers))
    columns = _columns(clock, state, answer_by=case.answer_by, not_before=chosen)
    case.clock, case.due_on, case.wake_on = columns["clock"], columns["due_on"], columns["wake_on"]


def _columns(clock: Clock, state: State, *, answer_by: date | None, not_before: date | None) -> dict[str, Any]:
    day = today()
    own = clocks.due(clock, state.id)
    if state.kind == "with_applicant":
        # the city is due again when the applicant has answered; the day on which they should is the best guess
        back = own or answer_by or add_open_days(day, ANSWER_DAYS)
        waiting = [name for name in clock if name != STANDARD and clocks.stands_still(clock, name)]
        lasts = [clocks.due(clock, name, back) for name in waiting or [STANDARD]]
    else:
        lasts = [own if own and not state.final else clocks.due(clock, STANDARD, day)]
    last = max(filter(None, (*lasts, not_before)), default=None)
    return {"clock": clock, "due_on": last, "wake_on": next_event(state, clock, after=day)}


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
