"""The time bar under the desk's map: how many of the cases under the other filters have days in each stretch of time."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any

from sqlalchemy import Date, Select, bindparam, func, select, tuple_
from sqlalchemy.orm import Session

from geo.filters import first_day, last_day, received
from portal.cases.models import CaseFile, CasePlace
from portal.desk.conditions import of_case, of_places, outline, values
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
    A case with several places has the days from its first to its last.
    Plan: the cases as the list finds them (open ones by their partial index), each joined to its places, by hash when they are many and
    by `ix_case_place_case_id` when they are few; then one pass for both days.
    """
    today = wanted.filter.today
    period = _near(wanted.filter.period[0], today), _near(wanted.filter.period[1], today)
    known = [one for one in (today, *period) if one is not None]
    reach = {"earliest": min(known) - _REACH, "latest": max(known) + _REACH}
    kind = outline(replace(wanted, filter=replace(wanted.filter, period=(None, None)), after=None))
    rows = session.execute(_days(kind), values(wanted) | reach).all()
    begins = {first: count for first, _last, count in rows if first is not None}
    ends = {last: count for _first, last, count in rows if last is not None}
    return _bars(begins, ends, today, period)


def _near(day: date | None, today: date) -> date | None:
    """A day that can be counted with; nothing was built in the year 1."""
    return None if day is None else min(max(day, today - _FAR), today + _FAR)


@lru_cache(maxsize=500)
def _days(kind: Listing) -> Select[Any]:
    """Kept, because putting it together takes long: how many cases begin on each day, and how many end."""
    earliest, latest = bindparam("earliest", type_=Date), bindparam("latest", type_=Date)
    places = of_places(kind)
    first = func.coalesce(func.min(first_day(CasePlace)), received(CaseFile))
    last = func.coalesce(func.max(last_day(CasePlace)), received(CaseFile))
    days = (
        select(
            func.greatest(func.least(first, latest), earliest).label("first"),
            func.greatest(func.least(last, latest), earliest).label("last"),
        )
        .select_from(CaseFile)
        .join(CasePlace, CasePlace.case_id == CaseFile.id, isouter=not places)
        .where(*of_case(kind), *places)
        .group_by(CaseFile.id)
        .subquery("days")
    )
    both = func.grouping_sets(tuple_(days.c.first), tuple_(days.c.last))
    return select(days.c.first, days.c.last, func.count()).group_by(both)


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
