"""The days on which a city is closed besides holidays, and the hours of its windows besides those of weekdays, as its row keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from common.open_days import ExtraHours
from portal.core.text import _, listed, weekday_ja


@dataclass(frozen=True)
class ClosedDay:
    """A day on which the whole city hall is closed, with the name of it by language, Japanese always."""

    day: date
    name: Mapping[str, str]


@dataclass(frozen=True)
class WindowHours:
    """Hours of a window, whose name is by language, Japanese always."""

    window: Mapping[str, str]
    hours: ExtraHours


def time_of(clock: str) -> time:
    """The time of day that is written as 8:30."""
    hour, _colon, minute = clock.partition(":")
    return time(int(hour), int(minute))


def clock_of(moment: time) -> str:
    """A time of day as it is written: 8:30."""
    return f"{moment.hour}:{moment.minute:02}"


def hours_in_words(hours: ExtraHours) -> str:
    """Hours in the reader's language: 毎週水 17:15〜20:00, 第2・第4土(毎月) 9:00〜12:00."""
    weekday = weekday_ja(hours.weekday)
    if hours.weeks:
        ordinals = (_("第1"), _("第2"), _("第3"), _("第4"), _("第5"))
        days = _("{weeks}{weekday}(毎月)", weeks=listed(ordinals[week - 1] for week in hours.weeks), weekday=weekday)
    else:
        days = _("毎週{days}", days=weekday)
    return f"{days} {clock_of(hours.opens)}〜{clock_of(hours.closes)}"


def closed_days_from(kept: Sequence[Mapping[str, Any]]) -> tuple[ClosedDay, ...]:
    """The closed days of a row."""
    return tuple(ClosedDay(date.fromisoformat(entry["day"]), entry["name"]) for entry in kept)


def kept_closed_days(days: Sequence[ClosedDay]) -> list[dict[str, Any]]:
    """Closed days as the row keeps them, in their order."""
    ordered = sorted(days, key=lambda entry: entry.day)
    return [{"day": entry.day.isoformat(), "name": dict(entry.name)} for entry in ordered]


def window_hours_from(kept: Sequence[Mapping[str, Any]]) -> tuple[WindowHours, ...]:
    """The hours of windows of a row."""
    return tuple(
        WindowHours(
            entry["window"],
            ExtraHours(entry["weekday"], tuple(entry["weeks"]), time_of(entry["opens"]), time_of(entry["closes"])),
        )
        for entry in kept
    )


def kept_window_hours(windows: Sequence[WindowHours]) -> list[dict[str, Any]]:
    """Hours of windows as the row keeps them, by weekday and time."""
    ordered = sorted(windows, key=lambda entry: (entry.hours.weekday, entry.hours.opens, entry.hours.weeks))
    return [
        {
            "window": dict(entry.window),
            "weekday": entry.hours.weekday,
            "weeks": list(entry.hours.weeks),
            "opens": clock_of(entry.hours.opens),
            "closes": clock_of(entry.hours.closes),
        }
        for entry in ordered
    ]
