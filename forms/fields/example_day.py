"""A day as an example of how a question is answered: one that could be the answer."""

from datetime import date, timedelta
from typing import Final

from common.open_days import is_open
from forms.fields.bounds import months_later, resolve

#: Where today is not known, and for birthdays as long as they may lie so far back.
_SAMPLE: Final = date(2026, 11, 23)
_BIRTHDAY: Final = date(1990, 4, 12)
_WEEK: Final = timedelta(days=7)


def example_day(earliest: str | None, latest: str | None, today: date | None, *, open_days_only: bool = False) -> date:
    """A day between two bounds, near to today: some days off, so that nobody takes it for a proposal."""
    today = today or _SAMPLE
    first = resolve(earliest, today) if earliest is not None else date.min
    last = resolve(latest, today) if latest is not None else date.max
    near = last - _WEEK if last <= today else max(first, today) + _WEEK
    day = _between(first, near, last)
    while open_days_only and not is_open(day) and day < last:
        day += timedelta(days=1)
    return day


def example_birthday(earliest: str | None, latest: str | None, today: date | None, *, of_child: bool = False) -> date:
    """A birthday between two bounds: of somebody grown up, or where those bounds or the question are about the young, of six years ago."""
    today = today or _SAMPLE
    first = resolve(earliest, today) if earliest is not None else date.min
    last = resolve(latest, today) if latest is not None else date.max
    is_fit = first <= _BIRTHDAY <= last and not of_child
    return _BIRTHDAY if is_fit else _between(first, months_later(today, -72) - _WEEK, last)


def _between(first: date, day: date, last: date) -> date:
    return min(max(first, day), max(first, last))
