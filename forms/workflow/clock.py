"""How long a case may stay in its states: deadlines that run, stand still while the case is with the applicant, and go on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from common.open_days import add_open_days, is_open, open_day_from
from forms.definition.states import Reminder, StateDeadline
from forms.fields.bounds import months_later
from forms.workflow.preset import State

#: Under this name runs the standard time of the whole procedure; states have their own ids.
STANDARD: Final = ""
#: What is stored with a case: for each deadline its last day (`due`), how it counts (`open`: in open days), and while it
#: stands still what was left of it.
Clock = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Event:
    """Something that happens by itself: a reminder, or with `reminder` None the move of a deadline."""

    on: date
    reminder: Reminder | None


def first_clock(standard: date) -> Clock:
    """The clock of a case that comes in, by the last day of the standard time."""
    return {STANDARD: {"due": standard.isoformat(), "open": True}}


def entered(clock: Clock, state: State, today: date, until: date | None = None) -> Clock:
    """The clock after a case came into a state; `until` is what the state's own expression gives.

    A state comes back to what was left of its deadline; the applicant has the whole time again each time.
    """
    waits = state.kind == "with_applicant"
    entries: dict[str, Mapping[str, Any]] = {}
    for name, entry in clock.items():
        if waits and "left" not in entry:
            entries[name] = {**entry, "left": _left(entry, today)}
        elif not waits and "left" in entry:
            entries[name] = _going_on(entry, today)
        else:
            entries[name] = entry
    last = last_day_of(state.deadline, today, until) if state.deadline else None
    if last is not None and state.deadline is not None and (waits or state.id not in clock):
        entries[state.id] = {"due": last.isoformat(), "open": state.deadline.working_days is not None}
    return entries


def last_day_of(deadline: StateDeadline, today: date, until: date | None) -> date | None:
    """The last day of a deadline that begins today, which is not counted (民法 140条).

    One of days or months does not end on a day on which the city hall is closed (民法 142条); the day of an expression stands as it is.
    """
    if deadline.working_days is not None:
        return add_open_days(today, deadline.working_days)
    if deadline.days is not None:
        return open_day_from(today + timedelta(days=deadline.days))
    if deadline.months is not None:
        return open_day_from(months_later(today, deadline.months))
    return until


def due(clock: Clock, name: str, today: date | None = None) -> date | None:
    """The last day of a deadline; of one that stands still, its last day if it went on `today`."""
    entry = clock.get(name)
    if entry is None:
        return None
    if "left" in entry and today is not None:
        entry = _going_on(entry, today)
    return date.fromisoformat(entry["due"])


def moved(clock: Clock, name: str, by: timedelta) -> Clock:
    """The clock with the last day of one deadline moved, and what is left of it while it stands still."""
    entry = clock[name]
    days = {"due": (date.fromisoformat(entry["due"]) + by).isoformat()}
    left = {"left": entry["left"] + by.days} if "left" in entry else {}
    return {**clock, name: {**entry, **days, **left}}


def stands_still(clock: Clock, name: str) -> bool:
    """Whether a deadline waits for the applicant."""
    return "left" in clock.get(name, {})


def events(deadline: StateDeadline, last: date) -> Iterator[Event]:
    """What happens by itself because of a deadline, in its order: reminders, then on the day after it the move."""
    for reminder in sorted(deadline.remind, key=lambda reminder: -reminder.days_before):
        yield Event(last - timedelta(days=reminder.days_before), reminder)
    if deadline.move is not None:
        yield Event(last + timedelta(days=1), None)


def _left(entry: Mapping[str, Any], today: date) -> int:
    """Days that are left, open ones where they are counted; below zero, the days it is late."""
    last = date.fromisoformat(entry["due"])
    if last <= today or not entry["open"]:
        return (last - today).days
    return sum(is_open(today + timedelta(days=number)) for number in range(1, (last - today).days + 1))


def _going_on(entry: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    left = entry["left"]
    last = add_open_days(today, left) if entry["open"] and left > 0 else today + timedelta(days=left)
    return {"due": last.isoformat(), "open": entry["open"]}
