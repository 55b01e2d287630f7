"""A language's ways of writing, in one table: days, times, money, lists, yes and no, and its own name.

A language differs here and nowhere else: what shows an answer asks the table and has no branch for a language. The tags are those of
BCP 47, the names of weekdays and the patterns those of the CLDR, written as city halls in Tokyo write them.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from forms.text.eras import era_year
from forms.text.localized import Language


@dataclass(frozen=True)
class Ways:
    """How one language writes.

    `name` is what its speakers call it, `short` the same where there is little room, `in_japanese` what
    the office calls it, `tag` what HTML calls it. Patterns know `{y}`
    `{m}` `{d}`, `{w}` the weekday and `{reading}` its reading, `{month}` and `{mon}` the English month, `{era}` the year in the Japanese count; those of times
    `{h}` and `{min}`.
    """

    name: str
    short: str
    in_japanese: str
    tag: str
    weekdays: tuple[str, ...]
    full_day: str
    plain_day: str
    birthday: str
    day_of_this_year: str
    day_of_other_year: str
    clock: str
    full_hour: str
    money: str
    extension: str
    span: str
    comma: str
    yes_no: tuple[str, str]
    unit_gap: str = ""
    era_year: tuple[str, str] = ("{era}{year}年", "{western}年")
    weekday_readings: tuple[str, ...] = ("",) * 7

    def show_date(self, day: date) -> str:
        """A day with its weekday: 2026年11月23日(月)."""
        return self._filled(self.full_day, day)

    def show_plain_date(self, day: date) -> str:
        """A day within a sentence: 2026年11月23日."""
        return self._filled(self.plain_day, day)

    def show_birthday(self, day: date) -> str:
        """A birthday, with its year in the Japanese count where readers know it from their papers."""
        return self._filled(self.birthday, day)

    def show_short_date(self, day: date, *, year: bool) -> str:
        """A day near to now: 11月23日(月), with its year if asked."""
        return self._filled(self.day_of_other_year if year else self.day_of_this_year, day)

    def show_time(self, hour: int, minute: int) -> str:
        """A time of day: 9時30分, 9時."""
        return (self.clock if minute else self.full_hour).format(h=hour, min=minute)

    def show_money(self, yen: int) -> str:
        """An amount in yen: 3,550円."""
        return self.money.format(f"{yen:,}")

    def show_span(self, first: str, last: str) -> str:
        """From one day to another, both written already."""
        return self.span.format(first, last)

    def listed(self, texts: Iterable[str]) -> str:
        """Texts one after another: 赤、青."""
        return self.comma.join(texts)

    def with_unit(self, number: str, unit: str) -> str:
        """A counted number and the word for what is counted: 3匹, 3 dogs."""
        return f"{number}{self.unit_gap if unit else ''}{unit}"

    def show_yes_no(self, value: bool) -> str:
        """Yes or no within a sentence."""
        return self.yes_no[0 if value else 1]

    def _filled(self, pattern: str, day: date) -> str:
        return pattern.format(
            y=day.year,
            m=day.month,
            d=day.day,
            w=self.weekdays[day.weekday()],
            reading=self.weekday_readings[day.weekday()],
            month=calendar.month_name[day.month],
            mon=calendar.month_abbr[day.month],
            era=era_year(day, *self.era_year),
        )


_JAPANESE: Final = Ways(
    name="日本語",
    short="日本語",
    in_japanese="日本語",
    tag="ja",
    weekdays=tuple("月火水木金土日"),
    full_day="{y}年{m}月{d}日({w})",
    plain_day="{y}年{m}月{d}日",
    birthday="{y}年{m}月{d}日({era})",
    day_of_this_year="{m}月{d}日({w})",
    day_of_other_year="{y}年{m}月{d}日({w})",
    clock="{h}時{min:02}分",
    full_hour="{h}時",
    money="{}円",
    extension=" 内線{}",
    span="{}〜{}",
    comma="、",
    yes_no=("はい", "いいえ"),
)
_EASY: Final = replace(
    _JAPANESE,
    name="やさしい日本語",
    short="やさしい",
    in_japanese="やさしい日本語",
    full_day="{y}年(ねん){m}月(がつ){d}日(にち) {w}({reading})曜日(ようび)",
    weekday_readings=("げつ", "か", "すい", "もく", "きん", "ど", "にち"),
)
_ENGLISH: Final = Ways(
    name="English",
    short="EN",
    in_japanese="英語",
    tag="en",
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    full_day="{d} {month} {y} ({w})",
    plain_day="{y}-{m:02}-{d:02}",
    birthday="{d} {month} {y}",
    day_of_this_year="{w} {d:02} {mon}",
    day_of_other_year="{w} {d:02} {mon} {y}",
    clock="{h:02}:{min:02}",
    full_hour="{h:02}:00",
    money="{} yen",
    extension=" ext. {}",
    span="{} – {}",
    comma=", ",
    yes_no=("yes", "no"),
    unit_gap=" ",
)
_CHINESE: Final = Ways(
    name="中文",
    short="中文",
    in_japanese="中国語",
    tag="zh-Hans",
    weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    full_day="{y}年{m}月{d}日（{w}）",
    plain_day="{y}年{m}月{d}日",
    birthday="{y}年{m}月{d}日（{era}）",
    day_of_this_year="{m}月{d}日（{w}）",
    day_of_other_year="{y}年{m}月{d}日（{w}）",
    clock="{h}:{min:02}",
    full_hour="{h}:00",
    money="{}日元",
    extension=" 分机{}",
    span="{}～{}",
    comma="、",
    yes_no=("是", "否"),
)
_KOREAN: Final = Ways(
    name="한국어",
    short="한국어",
    in_japanese="韓国語",
    tag="ko",
    weekdays=tuple("월화수목금토일"),
    full_day="{y}년 {m}월 {d}일({w})",
    plain_day="{y}년 {m}월 {d}일",
    birthday="{y}년 {m}월 {d}일({era})",
    day_of_this_year="{m}월 {d}일({w})",
    day_of_other_year="{y}년 {m}월 {d}일({w})",
    clock="{h}시 {min:02}분",
    full_hour="{h}시",
    money="{}엔",
    extension=" 내선 {}",
    span="{} ~ {}",
    comma=", ",
    yes_no=("예", "아니요"),
    era_year=("{korean} {number}년", "{western}년"),
)

#: Every language, in the order in which readers choose among them.
WAYS: Final[Mapping[Language, Ways]] = {
    "ja": _JAPANESE,
    "ja-easy": _EASY,
    "en": _ENGLISH,
    "zh": _CHINESE,
    "ko": _KOREAN,
}


def ways_of(language: str) -> Ways:
    """The ways of a language; those of Japanese for one that is not known."""
    return next((ways for known, ways in WAYS.items() if known == language), _JAPANESE)
