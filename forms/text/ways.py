"""A language's ways of writing, in one table: days, times, money, lists, plurals, yes and no, and its own name.

A language differs here and nowhere else: what shows an answer asks the table and has no branch for a language. Names of months and
weekdays, plurals and lists are those of the CLDR (by Babel); the patterns of days and times are written in its
letters (Unicode TS 35), as city halls in Tokyo write them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Final, Literal

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list

from forms.text.eras import era_year
from forms.text.localized import Language
from forms.text.particles import with_particles
from forms.text.ruby import day_reading, minute_reading


@dataclass(frozen=True)
class Ways:
    """How one language writes.

    `name` is what its speakers call it, `short` the same where there is little room, `in_japanese` what
    the office calls it, `tag` what HTML calls it, `cldr` the locale of the CLDR. Patterns of days and times are those of the CLDR;
    besides they know `{day}`, `{weekday}` and `{minute}`, the readings of やさしい日本語. A birthday is written with `{plain}`, the day, and
    `{era}`, its year in the Japanese count; `day_too` is another way to write a day that its readers know, empty where there is none.
    `when_filled` is what still changes in a sentence once its blanks are filled.
    """

    name: str
    short: str
    in_japanese: str
    tag: str
    cldr: str
    full_day: str
    plain_day: str
    birthday: str
    month_and_day: str
    day_of_this_year: str
    day_of_other_year: str
    clock: str
    full_hour: str
    money: str
    extension: str
    span: str
    yes_no: tuple[str, str]
    unit_gap: str = ""
    dot: str = "・"
    colon: str = "："
    aside: str = "({})"
    era_year: tuple[str, str] = ("{era}{year}年", "{western}年")
    day_too: str = ""
    weekday_readings: tuple[str, ...] = ("",) * 7
    when_filled: Callable[[str], str] = str

    @property
    def weekdays(self) -> tuple[str, ...]:
        """The short names of the weekdays, from Monday on."""
        names = self._locale.days["format"]["abbreviated"]
        return tuple(names[number] for number in range(7))

    def full_weekday(self, number: int) -> str:
        """The name of a weekday, 0 for Monday: 月曜日, Monday."""
        if reading := self.weekday_readings[number]:
            return f"{self.weekdays[number]}({reading})曜日(ようび)"
        return str(self._locale.days["format"]["wide"][number])

    def show_date(self, day: date) -> str:
        """A day with its weekday: 2026年11月23日(月)."""
        return self._filled(self.full_day, day)

    def show_plain_date(self, day: date) -> str:
        """A day within a sentence: 2026年11月23日."""
        return self._filled(self.plain_day, day)

    def show_written_days(self, day: date) -> str:
        """A day in the ways in which readers write one: 2026年11月23日または令和8年11月23日."""
        too = self.day_too.format(era=era_year(day), year=day.year, month=day.month, day=day.day)
        return self.listed(filter(None, (self.show_plain_date(day), too)), "or")

    def show_birthday(self, day: date) -> str:
        """A birthday, with its year in the Japanese count where readers know it from their papers."""
        return self.birthday.format(plain=self.show_plain_date(day), era=era_year(day, *self.era_year))

    def show_short_date(self, day: date, *, year: bool) -> str:
        """A day near to now: 11月23日(月), with its year if asked."""
        return self._filled(self.day_of_other_year if year else self.day_of_this_year, day)

    def show_month_and_day(self, day: date) -> str:
        """A day where there is little room: 11/23, 23 Nov."""
        return self._filled(self.month_and_day, day)

    def show_month(self, day: date) -> str:
        """The month of a day, with its year: 2026年11月."""
        return str(format_skeleton("yMMMM", day, locale=self._locale))

    def show_time(self, hour: int, minute: int) -> str:
        """A time of day: 9時30分, 9時."""
        written = format_time(time(hour, minute), self.clock if minute else self.full_hour, locale=self._locale)
        return written.replace("{minute}", minute_reading(minute))

    def show_money(self, yen: int) -> str:
        """An amount in yen: 3,550円. All these languages group digits by thousands, with a comma."""
        return self.money.format(f"{yen:,}")

    def show_span(self, first: str, last: str) -> str:
        """From one day to another, both written already."""
        return self.span.format(first, last)

    def listed(self, texts: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
        """Texts one after another: 赤、青; with `or` a choice among them: 赤または青."""
        several = list(texts)
        return format_list(several, style=style, locale=self._locale) if several else ""

    @property
    def plural_categories(self) -> frozenset[str]:
        """The plurals that the language has, `other` among them."""
        return frozenset({"other", *self._locale.plural_form.tags})

    def plural_category(self, number: float) -> str:
        """The plural of a counted number, by the CLDR: `one`, `other` and so on; only `other` where the language has none."""
        return str(self._locale.plural_form(number))

    def labelled(self, label: str, text: str) -> str:
        """What is said of a label: 氏名：佐藤 美咲. A label that asks has a mark of its own, and gets no colon."""
        between = self.colon.lstrip("：:") if label.endswith(("?", "？")) else self.colon
        return f"{label}{between}{text}"

    def with_unit(self, number: str, unit: str) -> str:
        """A counted number and the word for what is counted: 3匹, 3 dogs."""
        return f"{number}{self.unit_gap if unit else ''}{unit}"

    def show_yes_no(self, value: bool) -> str:
        """Yes or no within a sentence."""
        return self.yes_no[0 if value else 1]

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self.cldr)

    def _filled(self, pattern: str, day: date) -> str:
        written = format_date(day, pattern, locale=self._locale)
        return written.replace("{day}", day_reading(day.day)).replace("{weekday}", self.weekday_readings[day.weekday()])


_JAPANESE: Final = Ways(
    name="日本語",
    short="日本語",
    in_japanese="日本語",
    tag="ja",
    cldr="ja",
    full_day="y年M月d日(EEE)",
    plain_day="y年M月d日",
    birthday="{plain}({era})",
    month_and_day="M/d",
    day_of_this_year="M月d日(EEE)",
    day_of_other_year="y年M月d日(EEE)",
    clock="H時mm分",
    full_hour="H時",
    money="{}円",
    extension=" 内線{}",
    span="{}〜{}",
    yes_no=("はい", "いいえ"),
    day_too="{era}{month}月{day}日",
)
_EASY: Final = replace(
    _JAPANESE,
    name="やさしい日本語",
    short="やさしい",
    in_japanese="やさしい日本語",
    day_too="",
    full_day="y年(ねん)M月(がつ)d日'({day})' EEE'({weekday})'曜日(ようび)",
    plain_day="y年(ねん)M月(がつ)d日'({day})'",
    birthday="{plain}",
    month_and_day="M月(がつ)d日'({day})'",
    day_of_this_year="M月(がつ)d日'({day})'(EEE'({weekday})')",
    day_of_other_year="y年(ねん)M月(がつ)d日'({day})'(EEE'({weekday})')",
    clock="H時(じ)mm分'({minute})'",
    full_hour="H時(じ)",
    money="{}円(えん)",
    extension=" 内線(ないせん){}",
    weekday_readings=("げつ", "か", "すい", "もく", "きん", "ど", "にち"),
)
_ENGLISH: Final = Ways(
    name="English",
    short="EN",
    in_japanese="英語",
    tag="en",
    cldr="en_001",
    full_day="EEEE, d MMMM y",
    plain_day="d MMMM y",
    birthday="{plain}",
    month_and_day="d MMM",
    day_of_this_year="EEE, d MMM",
    day_of_other_year="EEE, d MMM y",
    clock="HH:mm",
    full_hour="HH:00",
    money="{} yen",
    extension=" ext. {}",
    span="{} – {}",
    day_too="{year}/{month}/{day}",
    yes_no=("yes", "no"),
    unit_gap=" ",
    dot=" · ",
    colon=": ",
    aside=" ({})",
)
_CHINESE: Final = Ways(
    name="中文",
    short="中文",
    in_japanese="中国語",
    tag="zh-Hans",
    cldr="zh_Hans",
    full_day="y年M月d日（EEE）",
    plain_day="y年M月d日",
    birthday="{plain}（{era}）",
    month_and_day="M月d日",
    day_of_this_year="M月d日（EEE）",
    day_of_other_year="y年M月d日（EEE）",
    clock="H:mm",
    full_hour="H:00",
    money="{}日元",
    extension=" 分机{}",
    span="{}～{}",
    yes_no=("是", "否"),
    dot=" · ",
    aside="（{}）",
)
_KOREAN: Final = Ways(
    name="한국어",
    short="한국어",
    in_japanese="韓国語",
    tag="ko",
    cldr="ko",
    full_day="y년 M월 d일(EEE)",
    plain_day="y년 M월 d일",
    birthday="{plain}({era})",
    month_and_day="M월 d일",
    day_of_this_year="M월 d일(EEE)",
    day_of_other_year="y년 M월 d일(EEE)",
    clock="H시 mm분",
    full_hour="H시",
    money="{}엔",
    extension=" 내선 {}",
    span="{} ~ {}",
    yes_no=("예", "아니요"),
    dot=" · ",
    colon=": ",
    era_year=("{korean} {number}년", "{western}년"),
    when_filled=with_particles,
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
