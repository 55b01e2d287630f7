"""Dates and times as people in Japan write them: 西暦 or 元号, any width, and back into words."""

import calendar
import re
from collections.abc import Mapping
from datetime import date

from forms.text.eras import Era, era_named, era_of, era_year
from writing.folding import CODE
from writing.numerals import arabic

#: Years a form takes. Earlier days have another calendar in Japan (until 1872); later ones are slips of the hand.
FIRST_YEAR, LAST_YEAR = 1868, 2199

_BETWEEN = r"\s*[-/.年\s]\s*"
_DAY_END = r"\s*[日.]?"
_SEPARATED = re.compile(rf"(?:西暦\s*)?(\d{{4}}){_BETWEEN}(\d{{1,2}})\s*[-/.月\s]\s*(\d{{1,2}}){_DAY_END}")
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[/月]\s*(\d{1,2})\s*日?[\s,]+(\d{4})\s*年?")
_ERA = r"(令和|平成|昭和|大正|明治|(?i:reiwa|heisei|showa|taisho|meiji)|[令平昭大明RHSTMrhstm])\s*[-.]?\s*"
_WITH_ERA = re.compile(rf"{_ERA}(\d{{1,3}}|元){_BETWEEN}(\d{{1,2}})\s*[-/.月\s]\s*(\d{{1,2}}){_DAY_END}")
_ERA_SIX_DIGITS = re.compile(rf"{_ERA}(\d{{2}})(\d{{2}})(\d{{2}})")
_WEEKDAY = re.compile(
    r"\s*(?:\(\s*([月火水木金土日])(?:曜日?)?[^()]{0,3}\)|([月火水木金土日])曜日?|\(\s*([月火水木金土日])\s*\)曜日?)$"
)
_ERA_BEHIND = re.compile(r"\s*\(((?:令和|平成|昭和|大正|明治)(?:\d{1,3}|元)年)\)$")
_DOTS = re.compile(r"(?<=\d)\s*[・、]\s*(?=\d)")
_BEHIND = re.compile(r"\s*(?:\((?:祝日?|休日?|振替休日)\)|生まれ|生)$")
_READINGS = re.compile(r"\([ぁ-ゖー]+\)")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_ENGLISH_WEEKDAY = re.compile(
    r"^\(?(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\)?,?\s+|,?\s*\(?(mon|tue|wed|thu|fri|sat|sun)[a-z]*\)?$"
)
_ENGLISH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([a-z]+)\.?,?\s+(\d{4})")
_ENGLISH_MONTH_FIRST = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_CLOCK = re.compile(
    r"(午前|午後|am|pm)?\s*(\d{1,2})\s*(?:[:時]\s*(?:(\d{1,2})\s*(?:分|:00|分00秒)?|(半))?)?\s*(am|pm)?"
)
_DIGITS_ONLY = re.compile(r"(\d{1,2})(\d{2})")
_ENGLISH_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAYS = "月火水木金土日"
_WEEKDAYS_EASY = ("月(げつ)", "火(か)", "水(すい)", "木(もく)", "金(きん)", "土(ど)", "日(にち)")


class UnreadableDate(ValueError):
    """A text that is no date. `code` and `values` name the message that says how to fix it."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values: Mapping[str, str | int] = values


def parse_date(text: str) -> date:
    """Read 2026/11/23, 2026年11月23日(月), 20261123, 令和8年11月23日, R8.11.23, R081123, 元年, 二十三日, 23 November 2026 … of any width.

    Whatever `show_date` and `show_birthday` write is read too. Raises UnreadableDate: `date_format`, `date_none` (2月30日),
    `date_era` (昭和65年, with the right year), `date_weekday` (not a Tuesday), `date_year`.
    """
    folded = _DOTS.sub("/", arabic(_READINGS.sub("", CODE(text[:200]))))
    folded, weekday = _split_weekday(_BEHIND.sub("", folded))
    era_behind = _ERA_BEHIND.search(folded)
    day = _day_of(folded[: era_behind.start()] if era_behind else folded)
    if era_behind and era_behind[1].replace("1年", "元年") != era_year(day) != era_behind[1]:
        raise UnreadableDate("date_era", written=era_behind[1], right=era_year(day))
    if weekday is not None and weekday != day.weekday():
        raise UnreadableDate("date_weekday", year=day.year, month=day.month, day=day.day)
    return day


def _day_of(folded: str) -> date:
    western = _SEPARATED.fullmatch(folded) or _EIGHT_DIGITS.fullmatch(folded)
    if western:
        year, month, day = (int(part) for part in western.groups())
        return _existing(year, month, day)
    year_last = _YEAR_LAST.fullmatch(folded)
    if year_last:
        month, day, year = (int(part) for part in year_last.groups())
        return _existing(year, month, day)
    english = _ENGLISH.fullmatch(folded.lower())
    month_first = _ENGLISH_MONTH_FIRST.fullmatch(folded.lower())
    if english and english[2] in _MONTHS:
        return _existing(int(english[3]), _MONTHS[english[2]], int(english[1]))
    if month_first and month_first[1] in _MONTHS:
        return _existing(int(month_first[3]), _MONTHS[month_first[1]], int(month_first[2]))
    japanese = _WITH_ERA.fullmatch(folded) or _ERA_SIX_DIGITS.fullmatch(folded)
    era = era_named(japanese[1]) if japanese else None
    if japanese is None or era is None:
        raise UnreadableDate("date_format")
    year_of_era = 1 if japanese[2] == "元" else int(japanese[2])
    return _in_era(era, year_of_era, int(japanese[3]), int(japanese[4]))


def _split_weekday(folded: str) -> tuple[str, int | None]:
    """The date without the weekday that stands with it, and which one that is, Monday being 0."""
    japanese = _WEEKDAY.search(folded)
    if japanese:
        return folded[: japanese.start()].rstrip(), _WEEKDAYS.index(next(filter(None, japanese.groups())))
    english = _ENGLISH_WEEKDAY.search(folded.lower())
    if english:
        rest = (folded[: english.start()] + folded[english.end() :]).strip()
        return rest, _ENGLISH_WEEKDAYS.index(next(filter(None, english.groups())))
    return folded, None


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
    meant = _existing(era.western(year), month, day)
    right = era_of(meant)
    if right is None or right[0] is not era:
        written = f"{era.name}{'元' if year == 1 else year}年{month}月{day}日"
        raise UnreadableDate("date_era", written=written, right=era_year(meant))
    return meant


def parse_time(text: str) -> str:
    """Read 9:30, 9時30分, 午後2時半, 二時, 正午, 2:00 PM, 0930 of any width into `HH:MM`. Raises UnreadableDate(`time_format`)."""
    folded = arabic(_READINGS.sub("", CODE(text[:200]))).lower()
    folded = re.sub(r"([ap])\.?\s?m\.?(?=\s|\d|$)", r"\1m", folded).replace("正午", "12:00").replace("noon", "12:00")
    digits = _DIGITS_ONLY.fullmatch(folded)
    clock = _CLOCK.fullmatch(folded)
    if digits:
        hour, minute = int(digits[1]), int(digits[2])
    elif clock and (clock[1] is None or clock[5] is None) and _says_hour(clock, folded):
        hour, minute = int(clock[2]), 30 if clock[4] else int(clock[3] or 0)
        half = clock[1] or clock[5]
        if (half and hour > 12) or (half in {"am", "pm"} and not hour):
            raise UnreadableDate("time_format")
        if half in {"午後", "pm"} and hour < 12:
            hour += 12
        elif half in {"午前", "am"} and hour == 12:
            hour = 0
    else:
        raise UnreadableDate("time_format")
    if hour > 23 or minute > 59:
        raise UnreadableDate("time_format")
    return f"{hour:02}:{minute:02}"


def _says_hour(clock: re.Match[str], folded: str) -> bool:
    """Whether a number is a time: 9時, 9:00 and 9 am are, 9 and 9: are not."""
    return "時" in folded or clock[3] is not None or clock[1] in {"am", "pm"} or clock[5] is not None


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
