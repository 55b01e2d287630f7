"""When each step of a case is to be expected: the standard time of the procedure, shared among the steps of the office in open days."""

from collections.abc import Sequence
from datetime import date, timedelta

from common.open_days import add_open_days, is_open
from forms import State
from forms.workflow.clock import last_day_of

Step = tuple[State, str]


def expected_days(steps: Sequence[Step], today: date, end: date) -> dict[str, date]:
    """The day of each step still to come, by the state's id; `steps` are those of the progress bar, `end` is when the city decides.

    A step with a term of its own takes that. No two steps have the same day by accident: where the time is too short to tell them
    apart, only the later one has a day. What depends on when the applicant pays or comes has none, and nothing has one that is past.
    """
    coming = [(state, tense) for state, tense in steps if tense != "done"]
    work = [state for state, _tense in coming if state.kind == "open"]
    last_work = max((n for n, (state, _tense) in enumerate(coming) if state.kind == "open"), default=-1)
    waits_after = any(state.kind in ("awaiting_payment", "with_applicant") for state, _tense in coming[last_work + 1 :])
    ends = [state for state, _tense in coming if state.final and not waits_after]
    if end < today or not (work or ends):
        return {}
    days: dict[str, date] = {}
    day, left = today, len(work)
    for state in work:
        own = last_day_of(state.deadline, day, None) if state.deadline else None
        day = own or add_open_days(day, round(_open_days(day, end) / left))
        left -= 1
        days[state.id] = day
    if ends:
        days[ends[0].id] = max(end, day)
    return _told_apart(days)


def _open_days(first: date, last: date) -> int:
    """Open days after `first` until `last`, this one counted."""
    return sum(is_open(first + timedelta(days=number)) for number in range(1, (last - first).days + 1))


def _told_apart(days: dict[str, date]) -> dict[str, date]:
    """Of steps with the same day only the last."""
    latest = {day: state for state, day in days.items()}
    return {state: day for state, day in days.items() if latest[day] == state}
