"""Readings over kanji: the brackets of やさしい日本語 (`道(みち)`) as `<ruby>`."""

import re
from typing import Final

from markupsafe import Markup, escape

_DAYS: Final = {
    **dict(
        enumerate(
            ("ついたち", "ふつか", "みっか", "よっか", "いつか", "むいか", "なのか", "ようか", "ここのか", "とおか"), 1
        )
    ),
    14: "じゅうよっか",
    20: "はつか",
    24: "にじゅうよっか",
}
"""Days of a month whose reading covers their number; the others end in にち."""
_COUNTED: Final = re.compile(
    r"(?<![\d,.])(?P<of_month>(?<=月\(がつ\)))?(?P<number>\d+)(?P<counter>日\(にち|分\([ふぷ]ん|階\(かい)\)"
)
_KANJI: Final = r"[\u3400-\u9FFF\uF900-\uFAFF々〆ヶ]+"
_READING: Final = re.compile(rf"(\d{{1,2}}日(?=\((?:{'|'.join(_DAYS.values())}|いちにち)\))|{_KANJI})\(([ぁ-ゖー]+)\)")


def ruby(text: str) -> Markup:
    """Text as HTML with `<ruby>` for every kanji that carries its reading in brackets."""
    escaped = by_number(str(escape(text)))
    return Markup(_READING.sub(r"<ruby>\1<rp>(</rp><rt>\2</rt><rp>)</rp></ruby>", escaped))  # noqa: S704 - escaped above


def by_number(text: str) -> str:
    """The text with the readings of 日, 分 and 階 that the numbers before them ask for: 2日(ふつか), 3分(ぷん), 3階(がい).

    A sentence in which the number is filled in has the reading of most numbers.
    """
    return _COUNTED.sub(_counted, text)


def _counted(match: re.Match[str]) -> str:
    number, counter = int(match["number"]), match["counter"][0]
    reading = {"日": _days_reading(number, match["of_month"] is not None), "分": minute_reading(number)}.get(counter)
    return f"{number}{counter}({reading or ('がい' if number % 10 == 3 else 'かい')})"


def _days_reading(number: int, of_month: bool) -> str:
    return "いちにち" if number == 1 and not of_month else day_reading(number)


def without_readings(text: str) -> str:
    """The text without its readings, for places that take no markup (options of a list, titles of windows)."""
    return _READING.sub(r"\1", text)


def only_readings(text: str) -> str:
    """The text with every kanji that carries a reading replaced by it: まい for 枚(まい)."""
    return _READING.sub(r"\2", text)


def day_reading(day: int) -> str:
    """How the day of a month is read: ついたち for the first, にち (of じゅうごにち) for the fifteenth."""
    return _DAYS.get(day, "にち")


def minute_reading(minute: int) -> str:
    """How 分 is read after a number: ふん after 2, 5, 7 and 9, ぷん after the others."""
    return "ふん" if minute % 10 in (2, 5, 7, 9) else "ぷん"
