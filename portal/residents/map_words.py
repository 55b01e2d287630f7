"""Distances, directions, opening hours and days of collection in words for residents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.core.text import _, current_language, date_ja, listed, weekday_ja
from portal.maps import CollectionDays, OpeningHours, collection_days, hours_of, state_at

_NEXT_DAYS = 3


@dataclass(frozen=True, slots=True)
class OpenWords:
    """Whether something is open, in words. kind: open | closed | unsure | unknown; the last two are never said to be open."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class CollectionWords:
    """One kind of refuse at a place: what the zone says of it, and the next days where those can be worked out."""

    label: str
    says: str
    days: tuple[str, ...]
    is_today: bool


def direction(azimuth: float) -> str:
    """The direction from the place, one of eight."""
    names = (_("北"), _("北東"), _("東"), _("南東"), _("南"), _("南西"), _("西"), _("北西"))
    return names[round(azimuth / 45) % 8]


def distance(metres: float | None, azimuth: float | None) -> str:
    """約120 m(北東), 約1.2 km(南); where the place lies in it, that."""
    if metres is None:
        return ""
    if azimuth is None or metres < 1:
        return _("この場所です")
    near = max(10, round(metres, -1))
    length = f"{near:.0f} m" if near < 1000 else f"{metres / 1000:.1f} km"
    return _("約{length}({direction})", length=length, direction=direction(azimuth))


def open_words(properties: Mapping[str, Any], moment: datetime) -> OpenWords:
    """Whether a facility is open at a moment, as far as its columns tell."""
    hours = hours_of(properties)
    if hours is None:
        return OpenWords("unknown", _("時間の記載がありません"))
    state = state_at(hours, moment)
    if state.kind == "unsure":
        return OpenWords("unsure", _("今日は祝日か年末年始です。開いているか、電話で確かめてください"))
    if state.kind == "open":
        if state.until is None:
            return OpenWords("open", _("開いています(1日中)"))
        return OpenWords("open", _("開いています({time}まで)", time=clock(state.until)))
    if state.until is not None:
        return OpenWords("closed", _("閉まっています({time}から)", time=clock(state.until)))
    return OpenWords("closed", _("いまは閉まっています"))


def clock(minutes: int) -> str:
    """A time of day: 17:15, and 24:00 for midnight."""
    return f"{minutes // 60 or 24 * (minutes == 0)}:{minutes % 60:02}"


def hours_words(hours: OpeningHours | None) -> str:
    """The opening hours in words: 月・火、9:30〜20:00; "" without any."""
    if hours is None:
        return ""
    days = (
        _("毎日") if len(hours.days.weekdays) == 7 else listed(weekday_ja(day) for day in sorted(hours.days.weekdays))
    )
    if hours.days.holidays:
        days = listed([days, _("祝日")]) if len(hours.days.weekdays) < 7 else days
    times = _("1日中") if hours.is_all_day else f"{clock(hours.opens)}〜{clock(hours.closes)}"
    return f"{days} {times}"


def collection_words(label: str, value: str, today: date) -> CollectionWords | None:
    """What a column of a collection zone says; None for one that tells no days."""
    rule = collection_days(value)
    if rule is None:
        return None
    days = rule.next_days(today, _NEXT_DAYS)
    says = value if current_language() == "ja" else rule_words(rule)
    return CollectionWords(label, says, tuple(map(date_ja, days)), is_today=days[:1] == [today])


def rule_words(rule: CollectionDays) -> str:
    """Days of collection in the reader's language: Mon and Thu; 1st and 3rd Wed of the month."""
    ordinals = (_("第1"), _("第2"), _("第3"), _("第4"), _("第5"))
    says = [_("毎週{days}", days=listed(map(weekday_ja, sorted(rule.weekly))))] if rule.weekly else []
    for weekday in sorted({weekday for _week, weekday in rule.monthly}):
        weeks = listed(ordinals[week - 1] for week, day in sorted(rule.monthly) if day == weekday)
        says.append(_("{weeks}{weekday}(毎月)", weeks=weeks, weekday=weekday_ja(weekday)))
    return listed(says)
