"""The rows of a file, some thousands at a time: accepted, fixed or refused, each with codes that say why."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy
import shapely
from shapely import from_wkb

from geo.reading.columns import Column, converted, plain_values
from geo.reading.datum import Datum
from geo.reading.opening import OpenFile, batches
from geo.reading.places import NO_PLACES, Places
from geo.reading.shapes import ShapeMaker

MAX_TEXT = 10_000
_FIRST = 10


@dataclass
class Batch:
    """Rows of a file that follow each other, the first with the number `first`, counted from 1.

    `properties` of every row; `geoms` an array with None where a row was refused; `keys` what each is known by, None without a key
    property. By the row's place in the batch, `fixes` are codes of what was done to it and `refused` says why it was left out.

    refused: empty (no position) · address (one that is not known) · too_many · not_finite · kind · outside · no_key · duplicate_key · text
    fixes: see `geo.reading.shapes`; also value (one of another type was left out), position (coordinates that are no numbers: the address
    was taken), and those of `Places`
    """

    first: int
    properties: Sequence[Mapping[str, Any]]
    geoms: Any
    keys: Sequence[str | None]
    fixes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)


def batches_of(
    file: OpenFile,
    kind: str,
    datum: Datum,
    *,
    columns: Sequence[Column] | None = None,
    key: str | None = None,
    places: Places = NO_PLACES,
) -> Iterator[Batch]:
    """Every row of a file as a feature of the kind (point | line | polygon).

    columns: which are taken, and as what; without it all, as they are. key: the name of the property by which features are known; a
    row without a value, or with one that an earlier row has, is refused. places: those of rows without coordinates, for a table in degrees
    of JGD2011.
    """
    if file.table is not None:
        file.table.places = {number: (lon, lat) for number, (lon, lat, _code) in places.points.items()}
    taken = columns_of(file) if columns is None else list(columns)
    maker, seen, first = ShapeMaker(kind, datum), set[str](), 1
    for values, geoms in _raw(file, {column.source for column in taken}):
        shapes = maker.of(geoms)
        batch = Batch(first, (), shapes.geoms, (), dict(shapes.fixes), dict(shapes.refused))
        _tell_places(batch, places, len(geoms), file.table.unreadable if file.table is not None else frozenset())
        by_name: dict[str, list[Any]] = {}
        for column in taken:
            given = values[column.source]
            if column.kind != file.columns[column.source]:
                given, wrong = converted(given, column.kind)
                for place in wrong:
                    batch.fixes[place] = tuple(dict.fromkeys((*batch.fixes.get(place, ()), "value")))
            by_name[column.name] = given
        batch.properties = _rows(by_name, len(geoms))
        _refuse_texts(batch, by_name)
        batch.keys = _keys(batch, by_name[key], seen) if key is not None else [None] * len(geoms)
        for place in batch.refused:
            batch.geoms[place] = None
            batch.fixes.pop(place, None)
        yield batch
        first += len(geoms)


def first_rows(file: OpenFile) -> tuple[list[dict[str, Any]], Any]:
    """The first ten rows of a file as it has them, and the shapes of the first thousands."""
    values, geoms = next(_raw(file, set(file.columns)), ({}, numpy.array([], dtype=object)))
    return _rows({name: values[name][:_FIRST] for name in file.columns}, min(_FIRST, len(geoms))), geoms


def columns_of(file: OpenFile) -> list[Column]:
    """Every column of a file, as it is."""
    return [Column(name, name, kind) for name, kind in file.columns.items()]  # type: ignore[arg-type] # kinds are `opening`'s


def _rows(by_name: Mapping[str, list[Any]], count: int) -> list[dict[str, Any]]:
    if not by_name:
        return [{} for _row in range(count)]
    names = list(by_name)
    return [dict(zip(names, values, strict=True)) for values in zip(*by_name.values(), strict=True)]


def _tell_places(batch: Batch, places: Places, count: int, unreadable: Collection[int]) -> None:
    for place in range(count):
        number = batch.first + place
        if number in places.points:
            _lon, _lat, code = places.points[number]
            codes = ("position",) if number in unreadable else ()
            if remarks := codes + ((code,) if code is not None else ()):
                batch.fixes[place] = (*remarks, *batch.fixes.get(place, ()))
        elif number in places.unknown:
            batch.refused[place] = "address"


def _refuse_texts(batch: Batch, by_name: Mapping[str, list[Any]]) -> None:
    for values in by_name.values():
        for place, value in enumerate(values):
            if isinstance(value, str) and len(value) > MAX_TEXT:
                batch.refused.setdefault(place, "text")


def _keys(batch: Batch, values: list[Any], seen: set[str]) -> list[str | None]:
    keys = [None if value is None else str(value) for value in values]
    for place, known in enumerate(keys):
        if place in batch.refused:
            continue
        if not known:
            batch.refused[place] = "no_key"
        elif known in seen:
            batch.refused[place] = "duplicate_key"
        else:
            seen.add(known)
    return keys


def _raw(file: OpenFile, names: set[str]) -> Iterator[tuple[dict[str, list[Any]], Any]]:
    """Values by column and shapes of the rows, so many at a time."""
    if file.table is not None:
        waiting = file.table.rows()
        while batch := list(islice(waiting, file.batch)):
            values = {name: [row[name] for row, _position in batch] for name in names}
            yield values, _points([position for _row, position in batch])
        return
    for given, shapes, columns in batches(file):
        taken = {
            name: plain_values(column, file.columns[name])
            for name, column in zip(given, columns, strict=True)
            if name in names
        }
        yield taken, from_wkb(shapes, on_invalid="ignore")


def _points(positions: list[tuple[float, float] | None]) -> Any:
    pairs = numpy.array([(numpy.nan, numpy.nan) if each is None else each for each in positions], dtype=float)
    geoms: Any = shapely.points(pairs)
    geoms[[each is None for each in positions]] = None
    return geoms
