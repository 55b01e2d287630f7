"""The days of a question that offers days as a page shows them: the next ones in a list, later ones in a calendar."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Standing = Literal["free", "full", "closed", "listed"]
_SUNDAY = 6


@dataclass(frozen=True)
class ListedDay:
    """A day in the list, with what stands below it. A full one cannot be chosen."""

    day: date
    note: str
    is_full: bool


@dataclass(frozen=True)
class CalendarDay:
    """A day in the calendar: to be chosen, full, not offered, or in the list already."""

    day: date
    standing: Standing


@dataclass(frozen=True)
class Month:
    """A month of the calendar: its weeks from Sunday on, None where a week has days of other months."""

    first: date
    weeks: Sequence[Sequence[CalendarDay | None]]


@dataclass(frozen=True)
class ShownDays:
    """The list, and the calendar of what comes after it: of whole months, empty where the list has every day."""

    listed: Sequence[ListedDay]
    months: Sequence[Month]

    def in_calendar(self, value: str) -> bool:
        """Whether a day can be chosen in the calendar."""
        return any(
            cell is not None and cell.standing == "free" and cell.day.isoformat() == value
            for month in self.months
            for week in month.weeks
            for cell in week
        )


def shown_days(
    offered: Sequence[date], show: int, full: Collection[str], notes: Mapping[str, str], chosen: str
) -> ShownDays:
    """The offered days, in their order: as many as are to be shown and free, with the full ones among them, then the calendar.

    `full` and `notes` are by the day as an answer has it. The day that was `chosen` before is the applicant's own and never full.
    """
    taken = {day for day in offered if day.isoformat() in full and day.isoformat() != chosen}
    listed: list[date] = []
    for day in offered:
        if sum(other not in taken for other in listed) == show:
            break
        listed.append(day)
    entries = [ListedDay(day, notes.get(day.isoformat(), ""), day in taken) for day in listed]
    if len(listed) == len(offered):
        return ShownDays(entries, ())
    standings: dict[date, Standing] = {day: "full" if day in taken else "free" for day in offered}
    standings |= dict.fromkeys((day for day in listed if day not in taken), "listed")
    firsts = sorted({day.replace(day=1) for day in offered[len(listed) :]})
    return ShownDays(entries, [_month(first, standings) for first in firsts])


def _month(first: date, standings: Mapping[date, Standing]) -> Month:
    days: list[CalendarDay | None] = [None] * ((first.weekday() - _SUNDAY) % 7)
    day = first
    while day.month == first.month:
        days.append(CalendarDay(day, standings.get(day, "closed")))
        day += timedelta(days=1)
    days += [None] * (-len(days) % 7)
    return Month(first, [days[start : start + 7] for start in range(0, len(days), 7)])
