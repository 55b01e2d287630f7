"""Opening hours as the municipal open data standard writes them (自治体標準オープンデータセット: 利用可能曜日, 開始時間, 終了時間).

Columns are typed by people, so that days and times come in many writings. What is not read for certain is no hours at all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import jpholiday

from writing.folding import no_spaces, width

DAYS, OPENS, CLOSES, REMARK = "利用可能曜日", "開始時間", "終了時間", "利用可能日時特記事項"
OLDER_REMARKS = ("利用可能時間特記事項", "利用可能曜日特記事項")
MINUTES_OF_DAY = 24 * 60

_WEEKDAYS = "月火水木金土日"
_HOLIDAY = "祝"
_EVERY_DAY = frozenset({"毎日", "全日", "無休", "年中無休"})
_SPAN = re.compile(rf"([{_WEEKDAYS}])(?:~([{_WEEKDAYS}]))?")
_DAYS = re.compile(rf"(?:(?:平日|祝日?|[{_WEEKDAYS}](?:~[{_WEEKDAYS}])?)[、,・/;]?)+")
_TO = re.compile(r"[〜～~‐-―−－]|から|(?<=[月火水木金土日])-")
_TIME = re.compile(r"(午前|午後|AM|PM)?(\d{1,2})(?:[::時](?:(\d{1,2})分?|(半))?)(?::\d{2})?")
_FOUR_DIGITS = re.compile(r"([0-2]\d)([0-5]\d)")


@dataclass(frozen=True, slots=True)
class OpenDays:
    """`weekdays` from 0, Monday, to 6, Sunday; `holidays`: whether it is open on national holidays, None where nothing says so."""

    weekdays: frozenset[int]
    holidays: bool | None


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Days, and minutes of the day: a closing time that is not after the opening time is that of the next day.

    `is_reserved`: a remark speaks of holidays or of the turn of the year, so that nothing is certain on these days.
    """

    days: OpenDays
    opens: int
    closes: int
    is_reserved: bool = False

    @property
    def is_all_day(self) -> bool:
        """Whether it never closes on a day on which it is open."""
        return self.opens == 0 and self.closes in (0, MINUTES_OF_DAY - 1, MINUTES_OF_DAY)

    @property
    def end(self) -> int:
        """The closing time in minutes from the beginning of the day on which it opens."""
        if self.is_all_day:
            return MINUTES_OF_DAY
        return self.closes if self.closes > self.opens else self.closes + MINUTES_OF_DAY


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether something is open. `unsure`: by its weekday it would be, but today is a holiday of which nothing is said.

    `until` are minutes of the day at which it closes (of `open` alone), or at which it opens later today (of `closed`).
    """

    kind: Literal["open", "closed", "unsure"]
    until: int | None = None


def hours_of(properties: Mapping[str, Any]) -> OpeningHours | None:
    """The opening hours of a feature; None where its columns do not tell days, opening and closing time, each of them readable."""
    days, opens, closes = (
        days_of(properties.get(DAYS)),
        minutes_of(properties.get(OPENS)),
        minutes_of(properties.get(CLOSES)),
    )
    if days is None or opens is None or closes is None:
        return None
    remarks = "".join(str(properties.get(name) or "") for name in (REMARK, *OLDER_REMARKS))
    return OpeningHours(days, opens, closes, is_reserved="祝" in remarks or "年末" in remarks or "年始" in remarks)


def days_of(value: object) -> OpenDays | None:
    """月火水木金, 月〜金, 火・木, 平日, 土日祝, 毎日; None for anything else."""
    text = _TO.sub("~", no_spaces(width(value))).replace("曜日", "").replace("曜", "") if isinstance(value, str) else ""
    if text in _EVERY_DAY:
        return OpenDays(frozenset(range(7)), holidays=True)
    if not _DAYS.fullmatch(text):
        return None
    weekdays = set(range(5)) if "平日" in text else set()
    for first, last in _SPAN.findall(text.replace("平日", "").replace("祝日", _HOLIDAY)):
        begin = _WEEKDAYS.index(first)
        weekdays.update((begin + n) % 7 for n in range((_WEEKDAYS.index(last or first) - begin) % 7 + 1))
    holidays = True if _HOLIDAY in text else False if "平日" in text else None
    return OpenDays(frozenset(weekdays), holidays)


def minutes_of(value: object) -> int | None:
    """A time of day in minutes: 9:00, 09:00:00, 9時30分, 午後5時, 0900, 24:00, or the part of a day that a spreadsheet keeps; else None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if not isinstance(value, str):
        return round(value * MINUTES_OF_DAY) if 0 <= value <= 1 else None
    text = no_spaces(width(value)).upper()
    if digits := _FOUR_DIGITS.fullmatch(text):
        hours, minutes = int(digits[1]), int(digits[2])
    elif time := _TIME.fullmatch(text):
        half, hour, minute, and_half = time.groups()
        hours, minutes = int(hour), 30 if and_half else int(minute or 0)
        hours += 12 if half in {"午後", "PM"} and hours < 12 else 0
    else:
        return None
    total = hours * 60 + minutes
    return total if minutes < 60 and total <= MINUTES_OF_DAY else None


def state_at(hours: OpeningHours, moment: datetime) -> OpenState:
    """Whether it is open at a moment in the city's time: by the hours that began today, or yesterday where they go past midnight."""
    minute = moment.hour * 60 + moment.minute
    unsure = False
    for day, passed in ((moment.date(), minute), (moment.date() - timedelta(days=1), minute + MINUTES_OF_DAY)):
        opens_then = _is_open_on(hours, day)
        if hours.opens <= passed < hours.end and opens_then is not False:
            if opens_then:
                return OpenState("open", hours.end % MINUTES_OF_DAY if not hours.is_all_day else None)
            unsure = True
    if unsure:
        return OpenState("unsure")
    later = minute < hours.opens and _is_open_on(hours, moment.date())
    return OpenState("closed", hours.opens if later else None)


def _is_open_on(hours: OpeningHours, day: date) -> bool | None:
    """None on a holiday, or at the turn of the year, of which nothing certain is said."""
    days, on_weekday = hours.days, day.weekday() in hours.days.weekdays
    if jpholiday.is_holiday(day):
        is_open = days.holidays if days.holidays is not None else None if on_weekday else False
    elif (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3):
        is_open = on_weekday and (days.holidays or None)
    else:
        return on_weekday
    return None if is_open and hours.is_reserved else is_open
