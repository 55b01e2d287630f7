"""Dates and times as people in Japan write them: 西暦 or 元号, any width, and back into words."""

import calendar
import re
from collections.abc import Mapping
from datetime import date

from forms.text.eras import Era, era_named, era_of, era_year
from forms.text.width import fold_code

#: Years a form takes. Earlier days have another calendar in Japan (until 1872); later ones are slips of the hand.
FIRST_YEAR, LAST_YEAR = 1868, 2199

_SEPARATED = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WITH_ERA = re.compile(
    r"(令和|平成|昭和|大正|明治|[令平昭大明RHSTMrhstm])\s*[-.]?\s*(\d{1,3}|元)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
)
_CLOCK = re.compile(r"(午前|午後)?\s*(\d{1,2})\s*(?::|時)\s*(?:(\d{1,2})\s*分?|(半))?")
_FOUR_DIGITS = re.compile(r"(\d{2})(\d{2})")
_WEEKDAYS = "月火水木金土日"
_WEEKDAYS_EASY = ("月(げつ)", "火(か)", "水(すい)", "木(もく)", "金(きん)", "土(ど)", "日(にち)")


class UnreadableDate(ValueError):
    """A text that is no date. `code` and `values` name the message that says how to mend it."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values: Mapping[str, str | int] = values


def parse_date(text: str) -> date:
    """Read 2026/11/23, 2026年11月23日, 20261123, 令和8年11月23日, R8.11.23, 元年 … of any width.

    Raises UnreadableDate: `date_format`, `date_none` (2月30日), `date_era` (昭和65年, with the right year), `date_year`.
    """
    folded = fold_code(text)
    western = _SEPARATED.fullmatch(folded) or _EIGHT_DIGITS.fullmatch(folded)
    if western:
        year, month, day = (int(part) for part in western.groups())
        return _existing(year, month, day)
    japanese = _WITH_ERA.fullmatch(folded)
    era = era_named(japanese[1]) if japanese else None
    if japanese is None or era is None:
        raise UnreadableDate("date_format")
    year_of_era = 1 if japanese[2] == "元" else int(japanese[2])
    return _in_era(era, year_of_era, int(japanese[3]), int(japanese[4]))


def _existing(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnreadableDate("date_year", first=FIRST_YEAR, last=LAST_YEAR)
    if not 1 <= month <= 12:
        raise UnreadableDate("date_month")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise UnreadableDate("date_none", year=year, month=month, last=last)
    return date(year, month, day)


def _in_era(era: Era, year: int, month: int, day: int) -> date:
    if year < 1:
        raise UnreadableDate("date_format")
    found = _existing(era.western(year), month, day)
    right = era_of(found)
    if right is None or right[0] is not era:
        raise UnreadableDate("date_era", written=f"{era.name}{year}年{month}月{day}日", right=era_year(found))
    return found


def parse_time(text: str) -> str:
    """Read 9:30, 9時30分, 午後2時半, 0930 of any width into `HH:MM`. Raises UnreadableDate(`time_format`)."""
    folded = fold_code(text)
    digits = _FOUR_DIGITS.fullmatch(folded)
    clock = _CLOCK.fullmatch(folded)
    if digits:
        hour, minute = int(digits[1]), int(digits[2])
    elif clock and not (clock[3] is None and clock[4] is None and folded.endswith(":")):
        hour, minute = int(clock[2]), 30 if clock[4] else int(clock[3] or 0)
        if clock[1] and hour > 12:
            raise UnreadableDate("time_format")
        if clock[1] == "午後" and hour < 12:
            hour += 12
        elif clock[1] == "午前" and hour == 12:
            hour = 0
    else:
        raise UnreadableDate("time_format")
    if hour > 23 or minute > 59:
        raise UnreadableDate("time_format")
    return f"{hour:02}:{minute:02}"


def iso_date(value: object) -> date | None:
    """The day of a canonical `YYYY-MM-DD`, or None for anything else (`20261123`, week dates, numbers)."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def show_date(day: date, language: str) -> str:
    """A day with its weekday: 2026年11月23日(月) / 23 November 2026 (Mon)."""
    weekday = day.weekday()
    if language == "en":
        return f"{day.day} {calendar.month_name[day.month]} {day.year} ({calendar.day_abbr[weekday]})"
    if language == "ja-easy":
        return f"{day.year}年(ねん){day.month}月(がつ){day.day}日(にち) {_WEEKDAYS_EASY[weekday]}曜日(ようび)"
    return f"{day.year}年{day.month}月{day.day}日({_WEEKDAYS[weekday]})"


def show_birthday(day: date, language: str) -> str:
    """A birthday with its era year: 1990年4月2日(平成2年)."""
    if language == "en":
        return f"{day.day} {calendar.month_name[day.month]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日({era_year(day)})"
