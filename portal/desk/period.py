"""The time bar under the desk's map: how many of the cases under the other filters have days in each stretch of time."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any

from sqlalchemy import Date, Integer, Select, bindparam, cast, func, select, tuple_
from sqlalchemy.orm import Session

from portal.cases.case_filter import first_day, last_day
from portal.cases.models import Case
from portal.desk.conditions import conditions, filter_shape, parameters
from portal.desk.listing import Listing

MOST_BARS = 60
STEPS = (1, 7, 28, 364, 3640)
"""Days of one bar: the shortest with which all fits into so many bars."""
_REACH = timedelta(days=366)
_FAR = timedelta(days=366 * 100)


Span = tuple[date | None, date | None]
Days = dict[date, int]


@dataclass(frozen=True)
class TimeBar:
    """Bars of `step` days from `start` on. In bar n `begins[n]` cases have their first day, `ends[n]` their last.

    `chosen` are the bars of the period, from the first up to and without the last; `count` is how many cases have a day in it.
    """

    start: date
    step: int
    begins: tuple[int, ...]
    ends: tuple[int, ...]
    chosen: tuple[int, int]
    count: int

    @property
    def heights(self) -> list[int]:
        """How many cases have a day in each bar."""
        return [
            begun - ended for begun, ended in zip(accumulate(self.begins), accumulate((0, *self.ends)), strict=False)
        ]

    @property
    def tallest(self) -> int:
        """What the bars are measured by; the outermost hold all that lies beyond them, and may be cut."""
        return max(self.heights[1:-1], default=0) or max(self.heights, default=0) or 1


def time_bar(session: Session, wanted: Listing) -> TimeBar:
    """The bar for this list, its period left out: one statement, and at most two rows for each day that is told apart.

    Days further than a year from today and from the chosen period count as the last one that is not.
    Plan: of every status, Index Only Scan on `ix_case_file_department_newest`, which holds all columns of the filter; of open cases the
    rows that the partial indexes name; then pairs of days are hashed and added up by each. A drawn area starts from the index of places.
    """
    today = wanted.filter.today
    period = _near(wanted.filter.period[0], today), _near(wanted.filter.period[1], today)
    known = [one for one in (today, *period) if one is not None]
    reach = {"earliest": min(known) - _REACH, "latest": max(known) + _REACH}
    shape = filter_shape(replace(wanted, filter=replace(wanted.filter, period=(None, None)), after=None))
    rows = session.execute(_days(shape), parameters(wanted) | reach).all()
    begins = {first: count for first, _last, count in rows if first is not None}
    ends = {last: count for _first, last, count in rows if last is not None}
    return _bars(begins, ends, today, period)


def _near(day: date | None, today: date) -> date | None:
    """A day that can be counted with; nothing was built in the year 1."""
    return None if day is None else min(max(day, today - _FAR), today + _FAR)


@lru_cache(maxsize=500)
def _days(shape: Listing) -> Select[Any]:
    """Kept, because putting it together takes long: how many cases begin on each day, and how many end."""
    earliest, latest = bindparam("earliest", type_=Date), bindparam("latest", type_=Date)
    first = func.greatest(func.least(first_day(Case), latest), earliest).label("first")
    last = func.greatest(func.least(last_day(Case), latest), earliest).label("last")
    # Pairs first: grouping every case by both days at once would sort them all.
    pairs = (
        select(first, last, func.count().label("n")).where(*conditions(shape)).group_by(first, last).subquery("pairs")
    )
    both = func.grouping_sets(tuple_(pairs.c.first), tuple_(pairs.c.last))
    return select(pairs.c.first, pairs.c.last, cast(func.sum(pairs.c.n), Integer)).group_by(both)


def _bars(begins: Days, ends: Days, today: date, period: Span) -> TimeBar:
    """Bars over all days that occur, over today and over the period; those of whole weeks begin on a Monday."""
    first, last = period
    known = [today, *begins, *ends, *(one for one in period if one is not None)]
    low, high = min(known), max(known)
    step = next(one for one in STEPS if (high - low).days < one * (MOST_BARS - 1))
    start = low if step == 1 else low - timedelta(days=low.weekday())
    count = (high - start).days // step + 1
    begun = sum(number for day, number in begins.items() if last is None or day <= last)
    ended = sum(number for day, number in ends.items() if first is not None and day < first)
    return TimeBar(
        start=start,
        step=step,
        begins=_filled(begins, start, step, count),
        ends=_filled(ends, start, step, count),
        chosen=((first - start).days // step if first else 0, (last - start).days // step + 1 if last else count),
        count=begun - ended,
    )


def _filled(days: Days, start: date, step: int, count: int) -> tuple[int, ...]:
    bars = [0] * count
    for day, number in days.items():
        bars[(day - start).days // step] += number
    return tuple(bars)
