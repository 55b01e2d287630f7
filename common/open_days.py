"""Days on which the city hall is open: no Saturdays, Sundays or holidays, nor 29 December to 3 January (地方自治法 4条の2 and the cities' by-laws)."""

from datetime import date, timedelta
from functools import lru_cache

import jpholiday


@lru_cache(maxsize=4096)
def is_open(day: date) -> bool:
    """Whether the city hall is open on that day."""
    closing_days = (day.month == 12 and day.day >= 29) or (day.month == 1 and day.day <= 3)
    return day.weekday() < 5 and not closing_days and not jpholiday.is_holiday(day)


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
