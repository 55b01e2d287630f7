"""Functions of numbers. Numbers are exact; what is not whole is a fraction until something rounds it."""

from fractions import Fraction
from math import ceil, floor

from forms.expressions.functions.function import Function, Signature
from forms.expressions.values import ExpressionFailed, Number
from forms.text.numbers import plain

_ROUNDING: tuple[Signature, ...] = (
    (("int",), "int"),
    (("double",), "int"),
    (("int", "int"), "int"),
    (("double", "int"), "int"),
)
_PAIRS: tuple[Signature, ...] = (
    (("int", "int"), "int"),
    (("int", "double"), "double"),
    (("double", "int"), "double"),
    (("double", "double"), "double"),
    (("timestamp", "timestamp"), "timestamp"),
)


def _ceil(value: Number, unit: int = 1) -> int:
    return ceil(divided(value, unit)) * unit


def _floor(value: Number, unit: int = 1) -> int:
    return floor(divided(value, unit)) * unit


def rounded(value: Number, unit: int = 1) -> int:
    """Round to a multiple of `unit`, halves away from zero (四捨五入)."""
    units = divided(max(value, -value), unit)
    return floor(units + Fraction(1, 2)) * unit * (1 if value >= 0 else -1)


def divided(value: Number, by: Number) -> Number:
    """Divide exactly. Raises ExpressionFailed for a division by zero."""
    if by == 0:
        raise ExpressionFailed("division by zero")
    return Fraction(value) / by


def remainder(value: int, by: int) -> int:
    """The remainder with the sign of `value`, as CEL has it. Raises ExpressionFailed for a division by zero."""
    if by == 0:
        raise ExpressionFailed("division by zero")
    return abs(value) % abs(by) * (1 if value >= 0 else -1)


def to_int(value: Number | str) -> int:
    """`int(x)`: a number without its fraction, or a text of digits. Raises ExpressionFailed."""
    try:
        return int(value)
    except ValueError as error:
        raise ExpressionFailed("not a whole number") from error


def to_double(value: Number | str) -> Number:
    """`double(x)`. Raises ExpressionFailed for a text that is no number."""
    try:
        return Fraction(value) if isinstance(value, str) else value
    except (ValueError, ZeroDivisionError) as error:
        raise ExpressionFailed("not a number") from error


def number_text(value: Number) -> str:
    """A number in digits, with at most six decimals and no noughts behind them."""
    return plain(float(value))


# fmt: off
NUMBERS = (
    Function(
        "ceil", "ceil(数)、ceil(数, 単位)", "切り上げた数。単位を書くと、その倍数に切り上げます。",
        "ceil(1201, 100)", "1,300", _ceil, _ROUNDING,
    ),
    Function(
        "floor", "floor(数)、floor(数, 単位)", "切り捨てた数。単位を書くと、その倍数に切り捨てます。",
        "floor(1299.9, 100)", "1,200", _floor, _ROUNDING,
    ),
    Function(
        "round_to", "round_to(数, 単位)", "単位の倍数に四捨五入した数。",
        "round_to(1250, 100)", "1,300", rounded, _ROUNDING[2:],
    ),
    Function("min", "min(数, 数)、min(日, 日)", "小さいほうの数、早いほうの日。", "min(3, 2.5)", "2.5", min, _PAIRS),
    Function("max", "max(数, 数)、max(日, 日)", "大きいほうの数、遅いほうの日。", "max(3, 2.5)", "3", max, _PAIRS),
    Function("int", "int(数)、int(文字)", "小数点より下を捨てた数。数字だけの文字は数になります。", "int(2.9)", "2", to_int),
    Function("double", "double(数)、double(文字)", "小数のある数。数字の文字は数になります。", "double('2.5') * 2", "5", to_double),
)
# fmt: on
