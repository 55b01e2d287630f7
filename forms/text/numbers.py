"""Numbers as people type them: any width, with or without separators, in kanji, with the unit that the question names."""

import math
import re
from collections.abc import Collection

from writing.folding import CODE, case
from writing.numerals import arabic

_INTEGER = re.compile(r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+))(?:\.0{0,2})?")
_NUMBER = re.compile(r"[+-]?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)")
_LARGE = re.compile(r"([0-9]+\.[0-9]+)([千万億])")
_LARGE_UNITS = {"千": 10**3, "万": 10**4, "億": 10**8}
#: What people write for a unit that a definition gives by its sign.
_SPELT_OUT = {
    "mm": ("ミリ", "ミリメートル"),
    "cm": ("センチ", "センチメートル"),
    "m": ("メートル", "metres", "meters", "metre", "meter"),
    "km": ("キロ", "キロメートル"),
    "m2": ("平方メートル", "平米", "へいべい", "m^2"),
    "kg": ("キロ", "キログラム"),
    "l": ("リットル",),
    "%": ("パーセント", "percent"),
}
_MAX_LENGTH = 40
#: Whole numbers above this lose digits as JSON numbers in a browser.
MAX_NUMBER = 10**15


def parse_integer(text: str, units: Collection[str] = ()) -> int | None:
    """A whole number of `１２`, `1,200`, `-3`, `3.0`, `十二`, `30万`, `1.5万` or `3枚` where 枚 is one of `units`; None for anything else."""
    folded = _without_unit(text, units)
    whole = _INTEGER.fullmatch(folded) if len(folded) <= _MAX_LENGTH else None
    number = int(whole[1].replace(",", "")) if whole else None
    return number if number is not None and abs(number) < 10**20 else None


def parse_number(text: str, units: Collection[str] = ()) -> float | None:
    """A finite number of `１２.５`, `1,200.5` or `2.5m` where m is one of `units`; None for anything else (`1e5`, `NaN`)."""
    folded = _without_unit(text, units)
    if len(folded) > _MAX_LENGTH or not _NUMBER.fullmatch(folded):
        return None
    number = float(folded.replace(",", ""))
    return number if math.isfinite(number) else None


def _without_unit(text: str, units: Collection[str]) -> str:
    """The folded text without the longest unit that it ends with."""
    folded = case(CODE(text[:1000]))
    for unit in sorted(_writings_of(units), key=len, reverse=True):
        if unit and folded.endswith(unit):
            folded = folded[: -len(unit)].rstrip()
            break
    return arabic(_LARGE.sub(_spread, folded))


def _writings_of(units: Collection[str]) -> set[str]:
    """The units folded, with the words for their signs, and one of what English has in the plural."""
    folded = {case(CODE(unit)) for unit in units}
    singular = {unit[:-1] for unit in folded if re.fullmatch(r"[a-z]{2,}s", unit)}
    return folded | singular | {case(CODE(word)) for unit in folded for word in _SPELT_OUT.get(unit, ())}


def _spread(large: re.Match[str]) -> str:
    """1.5万 as 15000."""
    return plain(round(float(large[1]) * _LARGE_UNITS[large[2]], 6))


def plain(number: float) -> str:
    """A number without exponent or superfluous zeros: 40.16, 3."""
    if not math.isfinite(number):
        return str(number)
    return f"{number:.10f}".rstrip("0").rstrip(".") if number != int(number) else str(int(number))
