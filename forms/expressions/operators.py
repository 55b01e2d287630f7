"""What the operators of expressions do with exact numbers, days, texts and lists.

The checker has refused what cannot be; these see only what it could not know, as a map's value of any type. They raise
ExpressionFailed, and keep what an expression can make of nothing within bounds.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from forms.expressions.functions.numbers import divided, remainder
from forms.expressions.values import ExpressionFailed, Number

#: Far beyond any money or measure, and small enough to count with at once.
_MAX_BITS: Final = 4096
#: Characters of a text, or items of a list, that an expression may put together.
_MAX_LENGTH: Final = 100_000
_NUMBERS: Final = frozenset({int, Fraction})
_ADDABLE: Final = frozenset({(date, timedelta), (timedelta, date), (timedelta, timedelta)})
_SUBTRACTABLE: Final = frozenset({(date, date), (date, timedelta), (timedelta, timedelta)})


def _both_numbers(left: object, right: object) -> bool:
    return type(left) in _NUMBERS and type(right) in _NUMBERS


def _bounded(value: Number) -> Number:
    if value.numerator.bit_length() > _MAX_BITS or value.denominator.bit_length() > _MAX_BITS:
        raise ExpressionFailed("a number out of all proportion")
    return value


def _add(left: Any, right: Any) -> Any:
    if _both_numbers(left, right):
        return left + right
    if type(left) is type(right) and isinstance(left, str | list):
        if len(left) + len(right) > _MAX_LENGTH:
            raise ExpressionFailed("too long a text or list")
        return left + right
    if (type(left), type(right)) in _ADDABLE:
        return left + right
    raise ExpressionFailed("cannot be added")


def _subtract(left: Any, right: Any) -> Any:
    if _both_numbers(left, right) or (type(left), type(right)) in _SUBTRACTABLE:
        return left - right
    raise ExpressionFailed("cannot be subtracted")


def _multiply(left: Any, right: Any) -> Number:
    if not _both_numbers(left, right):
        raise ExpressionFailed("cannot be multiplied")
    product: Number = left * right
    return _bounded(product)


def _divide(left: Any, right: Any) -> Number:
    if not _both_numbers(left, right):
        raise ExpressionFailed("cannot be divided")
    return _bounded(divided(left, right))


def _negate(value: Any) -> Any:
    if type(value) in _NUMBERS or isinstance(value, timedelta):
        return -value
    raise ExpressionFailed("has no opposite")


def _at(container: Any, key: Any) -> Any:
    if isinstance(container, list) and (type(key) is not int or not 0 <= key < len(container)):
        raise ExpressionFailed("not in the list")
    return container[key]


def _same(left: object, right: object) -> bool:
    return left == right and isinstance(left, bool) is isinstance(right, bool)


def _within(item: object, container: Sequence[object] | Mapping[object, object]) -> bool:
    return any(_same(item, other) for other in container)


OPERATORS: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType(
    {
        "_==_": _same,
        "_!=_": lambda left, right: not _same(left, right),
        "_<_": operator.lt,
        "_<=_": operator.le,
        "_>_": operator.gt,
        "_>=_": operator.ge,
        "_+_": _add,
        "_-_": _subtract,
        "_*_": _multiply,
        "_/_": _divide,
        "_%_": remainder,
        "-_": _negate,
        "_[_]": _at,
        "@in": _within,
    }
)
