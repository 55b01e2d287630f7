"""The columns of a file as properties of a layer: which are taken, under which names, as text, number or yes-and-no."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal

import numpy

Kind = Literal["string", "number", "boolean"]
KINDS: tuple[Kind, ...] = ("string", "number", "boolean")
_YES = frozenset({"true", "1", "はい", "有", "有り", "あり", "○", "〇", "yes", "y", "t"})
_NO = frozenset({"false", "0", "いいえ", "無", "無し", "なし", "×", "no", "n", "f"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is taken: what it is called in the file, as which property, and of which kind its values are."""

    source: str
    name: str
    kind: Kind


def plain_values(column: Any, kind: str) -> list[Any]:
    """The values of a column as GDAL gives them (an array) as JSON has them: whole numbers without a point, days as texts, None for
    what is missing.
    """
    if column.dtype.kind in "mM":
        return [None if text == "NaT" else text.removesuffix("T00:00:00.000") for text in column.astype(str).tolist()]
    if kind == "number" and column.dtype.kind == "f":
        if numpy.isfinite(column).all() and (column == numpy.trunc(column)).all() and (abs(column) < 2**53).all():
            return column.astype("int64").tolist()  # type: ignore[no-any-return] # numpy does not tell
        return [_number(value) for value in column.tolist()]
    values: list[Any] = column.tolist()
    if kind in {"number", "boolean"} and column.dtype.kind in "iub":
        return values
    return [_text(value) for value in values]


def converted(values: Sequence[Any], kind: Kind) -> tuple[list[Any], list[int]]:
    """The values as texts, numbers, or yes and no, and the places of those that are none and become None."""
    convert = {"string": _as_text, "number": _as_number, "boolean": _as_boolean}[kind]
    wrong: list[int] = []
    taken: list[Any] = []
    for place, value in enumerate(values):
        try:
            taken.append(None if value is None or value == "" else convert(value))
        except ValueError:
            taken.append(None)
            wrong.append(place)
    return taken, wrong


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return str(value)


def _as_number(value: Any) -> int | float:
    if isinstance(value, str):
        value = float(value.replace(",", ""))
    number = _number(value)
    if number is None:
        raise ValueError(value)
    return number


def _as_boolean(value: Any) -> bool:
    text = str(value).strip().lower().removesuffix(".0")
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise ValueError(value)


def _number(value: Any) -> int | float | None:
    if value is None or not isfinite(value):
        return None
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _text(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "") if "\x00" in value else value
    return value if value is None or isinstance(value, bool) else str(value)
