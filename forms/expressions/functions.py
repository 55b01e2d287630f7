"""Our functions for expressions, and arithmetic between whole and fractional numbers, which CEL itself refuses."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from cel_expr_python import cel

from forms.expressions.calendar import CALENDAR, CALENDAR_NAMES
from forms.expressions.declaring import function
from forms.fields.date import midnight
from forms.text.places import same_city

Number = int | float
_INT, _DOUBLE, _DYN = cel.Type.INT, cel.Type.DOUBLE, cel.Type.DYN
_NUMBERS = (_INT, _DOUBLE)
_TIME = cel.Type.TIMESTAMP

_today: ContextVar[date] = ContextVar("today")


@contextmanager
def day(today: date) -> Iterator[None]:
    """Within, `today()` is this day."""
    token = _today.set(today)
    try:
        yield
    finally:
        _today.reset(token)


def denoise(value: Number) -> Number:
    """A number without the noise of binary fractions beyond the sixth decimal (a mm², a millionth yen)."""
    return value if isinstance(value, int) else round(value, 6)


def _ceil(value: Number, unit: int = 1) -> int:
    return math.ceil(denoise(value / unit)) * unit if unit != 1 else math.ceil(denoise(value))


def _floor(value: Number, unit: int = 1) -> int:
    return math.floor(denoise(value / unit)) * unit if unit != 1 else math.floor(denoise(value))


def _round_to(value: Number, unit: int) -> int:
    return int((Decimal(str(denoise(value))) / unit).to_integral_value(ROUND_HALF_UP)) * unit


def _sum(values: list[object]) -> Number:
    return sum(_number(value.value() if isinstance(value, cel.Value) else value) for value in values)


def _number(value: object) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("sum() takes numbers")
    return value


def _rounding(name: str, python: Callable[..., int]) -> cel.FunctionDecl:
    """`ceil(x)` and `ceil(x, 100)`, for whole, fractional and untyped numbers."""
    return function(
        name,
        *(([kind], _INT, python) for kind in _NUMBERS),
        *(([kind, _INT], _INT, python) for kind in _NUMBERS),
    )


def _extreme(name: str, python: Callable[..., Number]) -> cel.FunctionDecl:
    def fractional(a: Number, b: Number) -> float:
        return float(python(a, b))

    pairs = ([_INT, _DOUBLE], [_DOUBLE, _INT], [_DOUBLE, _DOUBLE])
    return function(name, ([_INT, _INT], _INT, python), *((pair, _DOUBLE, fractional) for pair in pairs))


def _mixed(operator: str, returns: cel.Type, python: Callable[..., object]) -> cel.FunctionDecl:
    return function(operator, ([_INT, _DOUBLE], returns, python), ([_DOUBLE, _INT], returns, python))


def _divide(a: Number, b: Number) -> float:
    return a / b


OURS = cel.CelExtension(
    "madoguchi",
    [
        function("today", ([], _TIME, lambda: midnight(_today.get()))),
        function("days", ([_INT], cel.Type.DURATION, lambda count: timedelta(days=count))),
        function("date", ([cel.Type.STRING], _TIME, lambda text: midnight(date.fromisoformat(text)))),
        function("same_city", ([cel.Type.STRING] * 4, cel.Type.BOOL, same_city)),
        *CALENDAR,
        function("sum", ([cel.Type.List(_DYN)], _DYN, _sum)),
        _rounding("ceil", _ceil),
        _rounding("floor", _floor),
        function("round_to", *(([kind, _INT], _INT, _round_to) for kind in _NUMBERS)),
        _extreme("min", min),
        _extreme("max", max),
        _mixed("_+_", _DOUBLE, lambda a, b: float(a + b)),
        _mixed("_-_", _DOUBLE, lambda a, b: float(a - b)),
        _mixed("_*_", _DOUBLE, lambda a, b: float(a * b)),
        _mixed("_/_", _DOUBLE, _divide),
    ],
)

#: For the type check only: CEL's evaluator already compares whole and fractional numbers, its checker refuses to.
COMPARISONS = cel.CelExtension(
    "madoguchi-comparisons",
    [_mixed(name, cel.Type.BOOL, lambda a, b: a == b) for name in ("_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_")],
)

#: What an author may have meant when a function is not known.
FUNCTION_NAMES = frozenset(
    CALENDAR_NAMES
    | {"today", "days", "date", "same_city", "sum", "ceil", "floor", "round_to", "min", "max"}
    | {"size", "has", "exists", "all", "map", "filter", "startsWith", "endsWith", "contains", "string", "int", "double"}
)
