"""Days on which refuse is collected, as a column of a layer of collection zones says them: 月・木, 毎週火曜日, 第2・第4水曜日."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from writing.folding import no_spaces, width

_WEEKDAYS = "月火水木金土日"
_BETWEEN = "[・,、と/]?"
_PART = re.compile(rf"((?:第[1-5]{_BETWEEN}(?:[1-5]{_BETWEEN})*)*)((?:[{_WEEKDAYS}]{_BETWEEN})+)")
_UP_TO = 62
"""Days to look ahead: a fifth Monday comes at least so often."""


@dataclass(frozen=True, slots=True)
class CollectionDays:
    """Weekdays (0 is Monday) of every week, and of single weeks of a month as (week from 1, weekday)."""

    weekly: frozenset[int]
    monthly: frozenset[tuple[int, int]]

    def includes(self, day: date) -> bool:
        """Whether it is collected on that day."""
        return day.weekday() in self.weekly or ((day.day - 1) // 7 + 1, day.weekday()) in self.monthly

    def next_days(self, start: date, count: int) -> list[date]:
        """The first days from `start` on, which may be one of them; at most so many."""
        return list(islice(self._from(start), count))

    def _from(self, start: date) -> Iterator[date]:
        days = (start + timedelta(days=n) for n in range(_UP_TO))
        return (day for day in days if self.includes(day))


def collection_days(value: object) -> CollectionDays | None:
    """The days that a value says; None where it says anything else (申込制, 月2回)."""
    text = no_spaces(width(value)) if isinstance(value, str) else ""
    for word in ("毎週", "毎月", "曜日", "曜"):
        text = text.replace(word, "")
    weekly: set[int] = set()
    monthly: set[tuple[int, int]] = set()
    at = 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            return None
        weekdays = [_WEEKDAYS.index(letter) for letter in part[2] if letter in _WEEKDAYS]
        weeks = [int(digit) for digit in part[1] if digit.isdecimal()]
        weekly.update(() if weeks else weekdays)
        monthly.update((week, weekday) for week in weeks for weekday in weekdays)
        at = part.end()
    return CollectionDays(frozenset(weekly), frozenset(monthly)) if weekly or monthly else None
