"""The time bar under the desk's map: how many of the cases under the other filters have days in each stretch of time."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from sqlalchemy.orm import Session

from portal.cases import day_counts
from portal.desk.listing import Listing

MAX_BARS = 60
STEPS = (1, 7, 28, 364, 3640)
"""Days of one bar: the shortest with which all fits into so many bars."""
_MARGIN = timedelta(days=366)
_FAR = timedelta(days=366 * 100)


Span = tuple[date | None, date | None]


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


def time_bar(session: Session, listing: Listing) -> TimeBar:
    """The bar for this list, its period left out: one statement, and at most two rows for each day that is told apart.

    Days further than a year from today and from the chosen period count as the last one that is not.
    """
    today = listing.filter.today
    period = _near(listing.filter.period[0], today), _near(listing.filter.period[1], today)
    days = [day for day in (today, *period) if day is not None]
    query = replace(listing, filter=replace(listing.filter, period=(None, None)), after=None)
    begins, ends = day_counts.count_days(session, query, earliest=min(days) - _MARGIN, latest=max(days) + _MARGIN)
    return _bars(begins, ends, today, period)


def _near(day: date | None, today: date) -> date | None:
    """A day that can be counted with; nothing was built in the year 1."""
    return None if day is None else min(max(day, today - _FAR), today + _FAR)


def _bars(begins: day_counts.Days, ends: day_counts.Days, today: date, period: Span) -> TimeBar:
    """Bars over all days that occur, over today and over the period; those of whole weeks begin on a Monday."""
    first, last = period
    days = [today, *begins, *ends, *(day for day in period if day is not None)]
    low, high = min(days), max(days)
    step = next(days_of_bar for days_of_bar in STEPS if (high - low).days < days_of_bar * (MAX_BARS - 1))
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


def _filled(days: day_counts.Days, start: date, step: int, count: int) -> tuple[int, ...]:
    bars = [0] * count
    for day, number in days.items():
        bars[(day - start).days // step] += number
    return tuple(bars)
