"""Dates and times as people in Japan write them: 西暦 or 元号, any width, with or without the weekday, and as readers of Chinese and Korean write them."""

import calendar
import re
from collections.abc import Mapping
from datetime import date, timedelta

from forms.text.eras import ERAS, Era, era_named, era_of, era_year
from writing.folding import CODE, hiragana
from writing.numerals import arabic

#: Years a form takes. Earlier days have another calendar in Japan (until 1872); later ones are slips of the hand.
FIRST_YEAR, LAST_YEAR = 1868, 2199

_AFTER_YEAR, _AFTER_MONTH = r"\s*[-/.,年\s]\s*", r"\s*[-/.,月\s]\s*"
_MONTH_AND_DAY = rf"(\d{{1,2}}){_AFTER_MONTH}(\d{{1,2}})\s*[日.]?"
_ERA = r"(令和|平成|昭和|大正|明治|(?i:reiwa|heisei|showa|taisho|meiji)|[令平昭大明RHSTMrhstm])\s*[-.]?\s*"
_WESTERN = re.compile(rf"(?:西暦\s*)?(\d{{4}}){_AFTER_YEAR}{_MONTH_AND_DAY}")
_WITH_ERA = re.compile(rf"{_ERA}(\d{{1,3}}|元){_AFTER_YEAR}{_MONTH_AND_DAY}")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ERA_SIX_DIGITS = re.compile(rf"{_ERA}(\d{{2}})(\d{{2}})(\d{{2}})")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[/月]\s*(\d{1,2})\s*日?[\s,]+(\d{4})\s*年?")
_DAY_OR_MONTH_FIRST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4})")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_ENGLISH_DAY, _ENGLISH_MONTH = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<month>[a-z]+)\.?"
_ENGLISH = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_ENGLISH_DAY}[\s-]*(?:of\s+)?{_ENGLISH_MONTH},?[\s-]*(?P<year>\d{{4}})",
        rf"{_ENGLISH_MONTH}\s+{_ENGLISH_DAY},?\s+(?P<year>\d{{4}})",
        rf"(?P<year>\d{{4}})[\s,-]+{_ENGLISH_MONTH}[\s-]+{_ENGLISH_DAY}",
    )
)
_WITHOUT_YEAR = (
    re.compile(rf"(?P<month>\d{{1,2}}){_AFTER_MONTH}(?P<day>\d{{1,2}})\s*[日.]?"),
    re.compile(rf"{_ENGLISH_DAY}[\s-]*(?:of\s+)?{_ENGLISH_MONTH}"),
    re.compile(rf"{_ENGLISH_MONTH}[\s-]*{_ENGLISH_DAY}"),
)
#: Days by how far they are from today, in the words of each language, kana for kanji in Japanese too.
_FROM_TODAY = {
    -2: ("一昨日", "おととい", "day before yesterday", "the day before yesterday", "前天", "그저께", "그제"),
    -1: ("昨日", "きのう", "yesterday", "昨天", "어제"),
    0: ("今日", "きょう", "本日", "today", "今天", "오늘"),
    1: ("明日", "あした", "あす", "tomorrow", "明天", "내일"),
    2: ("明後日", "あさって", "day after tomorrow", "the day after tomorrow", "后天", "後天", "모레"),
}
_SPOKEN_DAYS = {word: days for days, words in _FROM_TODAY.items() for word in words}
_WEEKDAYS = "月火水木金土日"
_ENGLISH_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(
    r"[\s、,]*(?:\((?:祝日?|休日?)?[\s・、,/]*([月火水木金土日])(?:曜日?)?[^()]{0,3}\)"
    r"|([月火水木金土日])曜日?|\(([月火水木金土日])\)曜日?|(?<=日)\s+([月火水木金土日])|(?<=\d)\s+([月火水木金土]))$"
    r"|^\(([月火水木金土日])(?:曜日?)?\)\s*|^([月火水木金土日])曜日?[\s、,]*"
)
_ENGLISH_WEEKDAY = re.compile(
    r"^\(?(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\)?,?\s+|,?\s*\(?(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\)?$"
)
# The year in the other count, in brackets: 2026年11月23日(令和8年), 令和8年(2026年)11月23日, 2026(令和8)年11月23日.
_OTHER_YEAR = re.compile(
    r"\s*\(\s*(?:(?P<era>(?:令和|平成|昭和|大正|明治)\s*(?:\d{1,3}|元))|(?:西暦\s*)?(?P<year>\d{4}))\s*年?\s*\)\s*(?=年|\d|$)"
)
_BEHIND = re.compile(r"\s*(?:\((?:祝日?|休日?|振替休日)\)|祝日|休日|生まれ|生れ|生|(?<=\d)[T\s]0{1,2}:00(?::00)?)$")
_READINGS = re.compile(r"\([ぁ-ゖー]+\)")
_DOTS = re.compile(r"(?<=\d)\s*[・、]\s*(?=\d)")
_BRACKETS = str.maketrans("[]【】〔〕〈〉", "()()()()")
# 周一, 星期一 is Monday; its number is no number of a day.
_CHINESE_WEEKDAY = re.compile(r"(?:周|週|星期|礼拜)([一二三四五六日天])")
_CHINESE_WEEKDAYS = dict(zip("一二三四五六日天", "月火水木金土日日", strict=True))
_OLD_NUMERALS = {"廿": "二十", "卄": "二十", "卅": "三十", "丗": "三十"}
_SPOKEN = {"ねん": "年", "がつ": "月", "にち": "日", "号": "日"}
_SPOKEN |= {
    "요일": "曜日",
    "년": "年",
    "월": "月",
    "일": "日",
    "화": "火",
    "수": "水",
    "목": "木",
    "금": "金",
    "토": "土",
}
_SPOKEN |= {era.korean: era.name for era in ERAS}
_SPOKEN |= {"れいわ": "令和", "へいせい": "平成", "しょうわ": "昭和", "たいしょう": "大正", "めいじ": "明治"}
_HALF_OF_DAY = re.compile(r"([ap])\.?\s?m\.?(?=\s|\d|$)")
_NOON = re.compile(r"(?:12(?::00)?\s*)?noon|正午")
_MIDNIGHT = re.compile(r"(?:12(?::00)?\s*)?midnight")
_DOT = re.compile(r"(?<=\d)\.(?=\d\d(?!\d))")
_SPOKEN_TIMES = {
    "午后": "午後",
    "上午": "午前",
    "下午": "午後",
    "点": "時",
    "时": "時",
    "오전": "午前",
    "오후": "午後",
    "정오": "正午",
    "시": "時",
    "분": "分",
    "반": "半",
    "ごぜん": "午前",
    "ごご": "午後",
    "じはん": "時半",
    "じ": "時",
    "ふん": "分",
    "ぷん": "分",
}
_CLOCK = re.compile(
    r"(午前|午後|am|pm)?\s*(\d{1,2})\s*(?:[:時]\s*(?:(\d{1,2})\s*(?:分|:00|分00秒)?|(半))?)?\s*(am|pm)?"
)
_DIGITS_ONLY = re.compile(r"(\d{1,2})(\d{2})")


class UnreadableDate(ValueError):
    """A text that is no date. `code` and `values` name the message that says how to fix it."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values: Mapping[str, str | int] = values


def parse_date(text: str) -> date:
    """Read 2026/11/23, 2026年11月23日(月), 20261123, 令和8年11月23日, R8.11.23, R081123, 元年, 二十三日, 23 November 2026 … of any width.

    Whatever `Ways` writes in any language is read too, and a year in both counts, 令和8年(2026年)11月23日. Raises
    UnreadableDate: `date_format`, `date_none` (2月30日), `date_era` (昭和65年, with the right year), `date_weekday` (not a
    Tuesday), `date_year`, `date_order` (3/4/2026, which can be read in two ways).
    """
    folded = _DOTS.sub("/", arabic(_plain(text[:200])))
    folded, weekday = _split_weekday(_BEHIND.sub("", folded))
    folded = _BEHIND.sub("", folded)
    other_year = _OTHER_YEAR.search(folded)
    day = _day_of(_OTHER_YEAR.sub("", folded, count=1) if other_year else folded)
    if other_year:
        _check_other_year(other_year, day)
    if weekday is not None and weekday != day.weekday():
        raise UnreadableDate("date_weekday", year=day.year, month=day.month, day=day.day)
    return day


def near_date(text: str, today: date, earliest: date | None = None, latest: date | None = None) -> date | None:
    """The day of a text that leaves its year open: 昨日, yesterday, 11月29日, 12/20(日), 3 March; None for any other text.

    Of the years about today it is the one whose day lies between `earliest` and `latest`, the nearest of several; outside them the
    nearest of all, so that what is objected to is a day that was meant. A weekday that is not that day's leaves open what was meant.
    """
    spoken = _SPOKEN_DAYS.get(hiragana(CODE(_READINGS.sub("", text[:200]))).strip().lower())
    if spoken is not None:
        return today + timedelta(days=spoken)
    folded, weekday = _split_weekday(_BEHIND.sub("", arabic(_plain(text[:200]))))
    folded = _BEHIND.sub("", folded).lower()
    written = next(filter(None, (pattern.fullmatch(folded) for pattern in _WITHOUT_YEAR)), None)
    if written is None:
        return None
    named = written["month"]
    month = int(named) if named.isdecimal() else _MONTHS.get(named)
    if month is None:
        return None
    days = [day for year in range(-1, 2) if (day := _day_or_none(today.year + year, month, int(written["day"])))]
    within = [day for day in days if (earliest or day) <= day <= (latest or day)]
    nearest = min(within or days, key=lambda day: abs(day - today), default=None)
    return nearest if nearest is not None and weekday in (None, nearest.weekday()) else None


def _day_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return _existing(year, month, day)
    except UnreadableDate:
        return None


def _plain(text: str) -> str:
    """The text in one writing of width, brackets and kana, without readings."""
    folded = _READINGS.sub("", CODE(text).translate(_BRACKETS))
    folded = (
        _CHINESE_WEEKDAY.sub(lambda weekday: f"({_CHINESE_WEEKDAYS[weekday[1]]})", folded)
        .replace("((", "(")
        .replace("))", ")")
    )
    for old, usual in _OLD_NUMERALS.items():
        folded = folded.replace(old, usual)
    spoken = hiragana(folded)
    for reading, kanji in _SPOKEN.items():
        spoken = spoken.replace(reading, kanji)
    return spoken


def _split_weekday(folded: str) -> tuple[str, int | None]:
    """The date without the weekday that stands with it, and which one that is, Monday being 0."""
    japanese = _WEEKDAY.search(folded)
    if japanese:
        rest = folded[: japanese.start()] + folded[japanese.end() :]
        return rest.strip(), _WEEKDAYS.index(next(filter(None, japanese.groups())))
    english = _ENGLISH_WEEKDAY.search(folded.lower())
    if english:
        rest = (folded[: english.start()] + folded[english.end() :]).strip()
        return rest, _ENGLISH_WEEKDAYS.index(next(filter(None, english.groups())))
    return folded, None


def _check_other_year(other_year: re.Match[str], day: date) -> None:
    written, era = other_year["era"] or other_year["year"], era_of(day)
    if other_year["year"]:
        right, fits = f"{day.year}年", int(written) == day.year
    else:
        right = era_year(day)
        fits = era is not None and re.sub(r"\s", "", written).replace("元", "1") == f"{era[0].name}{era[1]}"
    if not fits:
        raise UnreadableDate("date_era", written=f"{written}年", right=right)


def _day_of(folded: str) -> date:
    western = _WESTERN.fullmatch(folded) or _EIGHT_DIGITS.fullmatch(folded)
    if western:
        year, month, day = (int(part) for part in western.groups())
        return _existing(year, month, day)
    year_last = _YEAR_LAST.fullmatch(folded)
    if year_last:
        month, day, year = (int(part) for part in year_last.groups())
        return _existing(year, month, day)
    either = _DAY_OR_MONTH_FIRST.fullmatch(folded)
    if either:
        return _day_or_month_first(int(either[1]), int(either[3]), int(either[4]))
    english = next(filter(None, (pattern.fullmatch(folded.lower()) for pattern in _ENGLISH)), None)
    if english and english["month"] in _MONTHS:
        return _existing(int(english["year"]), _MONTHS[english["month"]], int(english["day"]))
    japanese = _WITH_ERA.fullmatch(folded) or _ERA_SIX_DIGITS.fullmatch(folded)
    era = era_named(japanese[1]) if japanese else None
    if japanese is None or era is None:
        raise UnreadableDate("date_format")
    year_of_era = 1 if japanese[2] == "元" else int(japanese[2])
    return _in_era(era, year_of_era, int(japanese[3]), int(japanese[4]))


def _day_or_month_first(first: int, second: int, year: int) -> date:
    """The day of 11/23/2026 or 23/11/2026, where only one of the two can be the month."""
    if first <= 12 and second <= 12 and first != second:
        raise UnreadableDate("date_order", year=year, first=first, second=second)
    month, day = (first, second) if first <= 12 else (second, first)
    return _existing(year, month, day)


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
    """Read 9:30, 9時30分, 午後2時半, 二時, 正午, 2:00 PM, 14.30, 0930 of any width into `HH:MM`. Raises UnreadableDate(`time_format`)."""
    folded = _plain_time(text[:200])
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


def _plain_time(text: str) -> str:
    """The text in one writing, with the words for noon and midnight as times."""
    folded = hiragana(arabic(_READINGS.sub("", CODE(text)))).lower()
    for written, usual in _SPOKEN_TIMES.items():
        folded = folded.replace(written, usual)
    folded = _HALF_OF_DAY.sub(r"\1m", folded)
    return _DOT.sub(":", _MIDNIGHT.sub("0:00", _NOON.sub("12:00", folded)))


def _says_hour(clock: re.Match[str], folded: str) -> bool:
    """Whether a number is a time: 9時, 9:00 and 9 am are, 9 and 9: are not."""
    return "時" in folded or clock[3] is not None or clock[1] in {"am", "pm"} or clock[5] is not None


def iso_date(value: object) -> date | None:
    """The day of a canonical `YYYY-MM-DD`, or None for anything else (`20261123`, week dates, numbers)."""
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
