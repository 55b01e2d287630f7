"""The values of expressions: exact numbers, days, and what stands where nothing was answered."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from math import isfinite
from types import MappingProxyType
from typing import Final

Number = int | Fraction
#: The variables of an expression by name; under `ANSWERED` the names that `answered(…)` holds for.
Scope = Mapping[str, object]

ANSWERED: Final = "@answered"
#: Joins the parts of a name inside a row (`period.start`), because a row's names are flat to the checker; ids have no capital letters.
JOINT: Final = "X"
#: Fractions of map measurements beyond a mm² are noise of binary numbers.
_DECIMALS: Final = 6

#: What an unanswered or hidden question is in an expression. A date that is not there has no value: comparing with it does not hold.
DEFAULTS: Final[Mapping[str, object]] = MappingProxyType(
    {"bool": False, "int": 0, "double": 0, "string": "", "timestamp": None, "duration": None}
)


def default_of(kind: str) -> object:
    """Return what stands for a value of that type where there is none."""
    if kind.startswith("list"):
        return []
    return {} if kind.startswith("map") else DEFAULTS.get(kind)


class NotDecided(Exception):
    """An expression speaks of something that is not known: `name` is a fact not asked yet, or a look-up that found nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class ExpressionFailed(ValueError):
    """An expression could not be worked out although everything was there: division by zero, a key that a table lacks."""


class AbsentDate(Exception):
    """A date in an expression was not answered; caught where the expression compares or counts with it."""


class _NothingFound:
    def __repr__(self) -> str:
        return "NOTHING_FOUND"


#: The value of a look-up for which the map has nothing at an answered place.
NOTHING_FOUND: Final = _NothingFound()


class _NoDate:
    def __repr__(self) -> str:
        return "NO_DATE"


#: The value of a date fact that does not arise, where a fact without a value would be one not asked yet.
NO_DATE: Final = _NoDate()


def exact(value: float | Fraction) -> Number:
    """A number as a person wrote it: 0.1 is a tenth. Raises ExpressionFailed for what is not finite."""
    if isinstance(value, int | Fraction):
        return value
    if not isfinite(value):
        raise ExpressionFailed("not a finite number")
    return Fraction(str(round(value, _DECIMALS)))


def to_value(kind: str, value: object) -> object:
    """Return an answer or a fact as expressions have it; None if it is not of that type, which counts as no value."""
    if take := _VALUES.get(kind):
        return take(value)
    return value if kind.startswith("rows") and isinstance(value, list) else None


def _number(value: object) -> Number | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        return None
    return exact(value) if isinstance(value, int | Fraction) or isfinite(value) else None


def _date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


_VALUES: Final[Mapping[str, Callable[[object], object]]] = MappingProxyType(
    {
        "string": lambda value: value if isinstance(value, str) else None,
        "bool": lambda value: value if isinstance(value, bool) else None,
        "int": lambda value: value if isinstance(value, int) and not isinstance(value, bool) else None,
        "double": _number,
        "timestamp": _date,
        "list<string>": lambda value: (
            [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else None
        ),
        "any": lambda value: value if isinstance(value, bool | str) else _plain_number(value),
    }
)


def _plain_number(value: object) -> Number | None:
    return _number(value) if isinstance(value, int | float) else None
