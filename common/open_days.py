"""Days on which a city hall is open: no Saturdays, Sundays or holidays, nor 29 December to 3 January (地方自治法 4条の2 and the cities'
by-laws), nor a day on which the city in which one works is closed besides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache

import jpholiday


@dataclass(frozen=True)
class ExtraHours:
    """Hours at which some window is open although the city hall as a whole is not: on a weekday (Monday is 0), of the `weeks` of the
    month alone (1 to 5) or, without any, of each week.
    """

    weekday: int
    weeks: tuple[int, ...]
    opens: time
    closes: time

    def come_on(self, day: date) -> bool:
        """Whether these are hours of that day. On holidays, at the end of the year and where the city is closed there are none."""
        of_week = not self.weeks or (day.day - 1) // 7 + 1 in self.weeks
        return day.weekday() == self.weekday and of_week and not _is_holiday(day) and day not in calendar().closed


@dataclass(frozen=True)
class Calendar:
    """What a city says of its days besides the law: those on which it is closed, and hours besides those of weekdays."""

    closed: frozenset[date] = frozenset()
    extra: tuple[ExtraHours, ...] = ()


_LAW_ALONE = Calendar()
_sources: list[Callable[[], Calendar]] = []


def read_calendar_from(source: Callable[[], Calendar]) -> None:
    """Take the calendar from here from now on. Whoever knows cities says which of them this work is for."""
    _sources[:] = [source]


def calendar() -> Calendar:
    """The calendar of the city in which one works; that of the law outside any."""
    return _sources[0]() if _sources else _LAW_ALONE


@lru_cache(maxsize=4096)
def _is_holiday(day: date) -> bool:
    at_the_end_of_the_year = (day.month == 12 and day.day >= 29) or (day.month == 1 and day.day <= 3)
    return at_the_end_of_the_year or bool(jpholiday.is_holiday(day))


def is_open_by_law(day: date) -> bool:
    """Whether city halls are open on that day, whatever a single city says."""
    return day.weekday() < 5 and not _is_holiday(day)


def is_open(day: date) -> bool:
    """Whether the city hall is open on that day."""
    return is_open_by_law(day) and day not in calendar().closed


def receives_visitors(day: date) -> bool:
    """Whether the city hall is open on that day, or a window of it has hours of its own then."""
    return is_open(day) or any(hours.come_on(day) for hours in calendar().extra)


def open_day_from(day: date) -> date:
    """That day, or the next on which the city hall is open (a period that ends on a closed day: 民法 142条).

    The last days of the calendar have no next one and come back as they are.
    """
    while not is_open(day) and day < date.max:
        day += timedelta(days=1)
    return day


def open_day_until(day: date) -> date:
    """That day, or the last one before it on which the city hall is open: for what must be done before an event."""
    while not is_open(day) and day > date.min:
        day -= timedelta(days=1)
    return day


def add_open_days(start: date, count: int) -> date:
    """The `count`-th open day after `start`, which itself is not counted (民法 140条)."""
    day = start
    for _ in range(count):
        day = open_day_from(day + timedelta(days=1))
    return open_day_from(day)
