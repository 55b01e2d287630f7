"""The rows of a file one by one: accepted, fixed or refused, each with codes that say why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import isfinite
from typing import Any

import numpy
from shapely import Point, from_wkb
from shapely.geometry.base import BaseGeometry

from geo.reading.datum import Datum
from geo.reading.opening import OpenFile, batches
from geo.reading.shapes import Shapes

_BATCH = 20_000
MAX_TEXT = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file, numbered from 1. `geom` and `key` are None where it is refused, for which `refused` is the code.

    refused: empty (no position) · too_many · not_finite · kind · outside · no_key · duplicate_key · text
    fixes: see `geo.reading.shapes`
    """

    n: int
    properties: Mapping[str, Any]
    geom: BaseGeometry | None
    key: str | None = None
    fixes: tuple[str, ...] = ()
    refused: str | None = None


def rows_of(
    file: OpenFile, kind: str, datum: Datum, *, names: Mapping[str, str] | None = None, key: str | None = None
) -> Iterator[Row]:
    """Every row of a file as a feature of the kind (point | line | polygon).

    names: which columns are taken, each with the name that it gets; without it all, as they are. key: the name of the property by
    which features are known; a row without a value, or with one that an earlier row has, is refused.
    """
    shapes, seen, n = Shapes(kind, datum), set[str](), 0
    for rows, geoms in _raw(file):
        for values, shape in zip(rows, shapes.of(geoms), strict=True):
            n += 1
            properties = values if names is None else {new: values[old] for old, new in names.items() if old in values}
            known = None if key is None or properties.get(key) is None else str(properties[key])
            refused = shape.refused or _refused(properties, key, known, seen)
            if known is not None and refused is None:
                seen.add(known)
            if refused:
                yield Row(n, properties, None, known, (), refused)
            else:
                yield Row(n, properties, shape.geom, known, shape.fixes)


def _refused(properties: Mapping[str, Any], key: str | None, known: str | None, seen: set[str]) -> str | None:
    if any(isinstance(value, str) and len(value) > MAX_TEXT for value in properties.values()):
        return "text"
    if key is None:
        return None
    if not known:
        return "no_key"
    return "duplicate_key" if known in seen else None


def _raw(file: OpenFile) -> Iterator[tuple[list[dict[str, Any]], Any]]:
    """Values and shapes of the rows, so many at a time."""
    if file.table is not None:
        waiting = file.table.rows()
        while batch := list(islice(waiting, _BATCH)):
            yield [values for values, _position in batch], _points(position for _values, position in batch)
        return
    for names, shapes, columns in batches(file, _BATCH):
        taken = {
            name: _plain(column, file.columns[name])
            for name, column in zip(names, columns, strict=True)
            if name in file.columns
        }
        rows = [dict(zip(taken, values, strict=True)) for values in zip(*taken.values(), strict=True)]
        yield rows or [{} for _shape in shapes], from_wkb(shapes, on_invalid="ignore")


def _points(positions: Iterable[tuple[float, float] | None]) -> Any:
    return numpy.array([None if position is None else Point(*position) for position in positions], dtype=object)


def _plain(column: Any, kind: str) -> list[Any]:
    """The values of a column as JSON has them: whole numbers without a point, days as texts, nothing for what is missing."""
    if column.dtype.kind in "mM":
        return [None if text == "NaT" else text.removesuffix("T00:00:00.000") for text in column.astype(str).tolist()]
    values = column.tolist()
    if kind == "number":
        return [_number(value) for value in values]
    return [value.replace("\x00", "") if isinstance(value, str) else _text(value) for value in values]


def _number(value: Any) -> int | float | None:
    if value is None or not isfinite(value):
        return None
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, bool) else str(value)
