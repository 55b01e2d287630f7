"""Numbers as people type them: any width, with or without separators, in kanji, with the unit that the question names."""

import math
import re
from collections.abc import Collection

from writing.folding import CODE, case
from writing.numerals import arabic

_INTEGER = re.compile(r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+))(?:\.0{0,2})?")
_NUMBER = re.compile(r"(?:[+-]?[0-9]{1,3}(?:,[0-9]{3})+|[+-]?[0-9]+)(?:\.[0-9]+)?")
_LONGEST = 40
#: Whole numbers above this lose digits as JSON numbers in a browser.
LARGEST = 10**15


def parse_integer(text: str, units: Collection[str] = ()) -> int | None:
    """A whole number of `１２`, `1,200`, `-3`, `3.0`, `十二`, `30万` or `3枚` where 枚 is one of `units`; None for anything else."""
    folded = _without_unit(text, units)
    whole = _INTEGER.fullmatch(folded) if len(folded) <= _LONGEST else None
    number = int(whole[1].replace(",", "")) if whole else None
    return number if number is not None and abs(number) < 10**20 else None


def parse_number(text: str, units: Collection[str] = ()) -> float | None:
    """A finite number of `１２.５`, `1,200.5` or `2.5m` where m is one of `units`; None for anything else (`1e5`, `NaN`)."""
    folded = _without_unit(text, units)
    if len(folded) > _LONGEST or not _NUMBER.fullmatch(folded):
        return None
    number = float(folded.replace(",", ""))
    return number if math.isfinite(number) else None


def _without_unit(text: str, units: Collection[str]) -> str:
    """The folded text without the longest unit that it ends with."""
    folded = case(CODE(text[:1000]))
    for unit in sorted({case(CODE(unit)) for unit in units}, key=len, reverse=True):
        if unit and folded.endswith(unit):
            folded = folded[: -len(unit)].rstrip()
            break
    return arabic(folded)


def plain(number: float) -> str:
    """A number without exponent or superfluous zeros: 40.16, 3."""
    if not math.isfinite(number):
        return str(number)
    return f"{number:.10f}".rstrip("0").rstrip(".") if number != int(number) else str(int(number))
