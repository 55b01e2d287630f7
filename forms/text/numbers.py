"""Numbers as people type them: any width, with or without separators."""

import math
import re

from forms.text.width import fold_code

_INTEGER = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+|[+-]?[0-9]+")
_NUMBER = re.compile(r"(?:[+-]?[0-9]{1,3}(?:,[0-9]{3})+|[+-]?[0-9]+)(?:\.[0-9]+)?")
#: Whole numbers above this lose digits as JSON numbers in a browser.
LARGEST = 10**15


def parse_integer(text: str) -> int | None:
    """A whole number of `１２`, `1,200`, `-3`; None for anything else."""
    folded = fold_code(text)
    if len(folded) > 22 or not _INTEGER.fullmatch(folded):
        return None
    return int(folded.replace(",", ""))


def parse_number(text: str) -> float | None:
    """A finite number of `１２.５` or `1,200.5`; None for anything else (`1e5`, `NaN`)."""
    folded = fold_code(text)
    if len(folded) > 40 or not _NUMBER.fullmatch(folded):
        return None
    number = float(folded.replace(",", ""))
    return number if math.isfinite(number) else None


def plain(number: float) -> str:
    """A number without exponent or superfluous zeros: 40.16, 3."""
    if not math.isfinite(number):
        return str(number)
    return f"{number:.10f}".rstrip("0").rstrip(".") if number != int(number) else str(int(number))
