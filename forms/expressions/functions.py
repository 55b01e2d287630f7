"""Our functions for expressions, and arithmetic between whole and fractional numbers, which CEL itself refuses."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from cel_expr_python import cel

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


def midnight(value: date) -> datetime:
    """A date as CEL sees it: midnight UTC. Dates only meet dates, so the zone never matters."""
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


def steady(value: Number) -> Number:
    """A number without the noise of binary fractions beyond the sixth decimal (a mm², a millionth yen)."""
    return value if isinstance(value, int) else round(value, 6)


def _ceil(value: Number, unit: int = 1) -> int:
    return math.ceil(steady(value / unit)) * unit if unit != 1 else math.ceil(steady(value))


def _floor(value: Number, unit: int = 1) -> int:
    return math.floor(steady(value / unit)) * unit if unit != 1 else math.floor(steady(value))


def _round_to(value: Number, unit: int) -> int:
    return int((Decimal(str(steady(value))) / unit).to_integral_value(ROUND_HALF_UP)) * unit


def _age(birthday: datetime, on: datetime) -> int:
    """Full years of age on a day; who was born on 29 February is a year older on 1 March (年齢計算ニ関スル法律)."""
    return on.year - birthday.year - ((on.month, on.day) < (birthday.month, birthday.day))


def _sum(values: list[object]) -> Number:
    numbers = [value.value() if isinstance(value, cel.Value) else value for value in values]
    if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers):
        raise ValueError("sum() takes numbers")
    return sum(numbers)  # type: ignore[arg-type]  # all are numbers, see above


def _function(name: str, *overloads: tuple[list[cel.Type], cel.Type, Callable[..., object]]) -> cel.FunctionDecl:
    return cel.FunctionDecl(
        name,
        [
            cel.Overload(f"{name}_{number}", returns, takes, False, python)
            for number, (takes, returns, python) in enumerate(overloads)
        ],
    )


def _rounding(name: str, python: Callable[..., int]) -> cel.FunctionDecl:
    """`ceil(x)` and `ceil(x, 100)`, for whole, fractional and untyped numbers."""
    return _function(
        name,
        *(([kind], _INT, python) for kind in _NUMBERS),
        *(([kind, _INT], _INT, python) for kind in _NUMBERS),
    )


def _extreme(name: str, python: Callable[..., Number]) -> cel.FunctionDecl:
    def fractional(a: Number, b: Number) -> float:
        return float(python(a, b))

    pairs = ([_INT, _DOUBLE], [_DOUBLE, _INT], [_DOUBLE, _DOUBLE])
    return _function(name, ([_INT, _INT], _INT, python), *((pair, _DOUBLE, fractional) for pair in pairs))


def _mixed(operator: str, returns: cel.Type, python: Callable[..., object]) -> cel.FunctionDecl:
    return _function(operator, ([_INT, _DOUBLE], returns, python), ([_DOUBLE, _INT], returns, python))


def _divide(a: Number, b: Number) -> float:
    return a / b


OURS = cel.CelExtension(
    "madoguchi",
    [
        _function("today", ([], _TIME, lambda: midnight(_today.get()))),
        _function("days", ([_INT], cel.Type.DURATION, lambda count: timedelta(days=count))),
        _function("date", ([cel.Type.STRING], _TIME, lambda text: midnight(date.fromisoformat(text)))),
        _function("age", ([_TIME, _TIME], _INT, _age)),
        _function("sum", ([cel.Type.List(_DYN)], _DYN, _sum)),
        _rounding("ceil", _ceil),
        _rounding("floor", _floor),
        _function("round_to", *(([kind, _INT], _INT, _round_to) for kind in _NUMBERS)),
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
    {"today", "days", "date", "age", "sum", "ceil", "floor", "round_to", "min", "max"}
    | {"size", "has", "exists", "all", "map", "filter", "startsWith", "endsWith", "contains", "string", "int", "double"}
)
