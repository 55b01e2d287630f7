"""The process that opens one file: told on its standard input what to do, it answers on its standard output and ends.

Run by `geo.reading.reader` alone. Each answer is a letter, a length of four bytes, and so many bytes: D tuples for COPY, P how many rows
were read, A addresses with the numbers of their rows, R the result, E a FileError; the last two end it.
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from struct import pack
from typing import Any

from geo.copying import tuples
from geo.reading.columns import Column
from geo.reading.confinement import confine
from geo.reading.datum import JGD2011, Datum, detect_datum
from geo.reading.errors import FileError
from geo.reading.opening import OpenFile, open_file
from geo.reading.places import NO_PLACES, Places
from geo.reading.rows import Batch, batches_of, columns_of, first_rows
from geo.reading.sample import kinds, placed, sample_of

MAX_REMARKS = 10_000
"""Rows that a report names; it counts all of them."""
_LABEL = 60
_ADDRESSES = 2_000


def main() -> None:
    """Confine this process, then do what is asked."""
    request = json.loads(sys.stdin.buffer.read())
    confine()
    try:
        if request["addresses"] is not None:
            _answer("R", _addresses(request, request["addresses"]))
        else:
            _answer("R", _look(request) if request["plan"] is None else _read(request, request["plan"]))
    except FileError as error:
        _answer("E", {"code": error.code, "values": error.values})
    except MemoryError:
        _answer("E", {"code": "exhausted", "values": {}})


def _answer(letter: str, content: bytes | Any) -> None:
    body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    sys.stdout.buffer.write(letter.encode() + pack("!I", len(body)) + body)
    sys.stdout.buffer.flush()


def _look(request: Mapping[str, Any]) -> dict[str, Any]:
    file = open_file(Path(request["path"]), Path(request["folder"]), layer=request["layer"])
    rows, geoms = first_rows(file)
    sample = sample_of(geoms)
    summary = {
        "format": file.format,
        "layer": file.layer,
        "columns": list(file.columns.items()),
        "features": file.features,
        "encoding": file.encoding,
        "remarks": file.remarks,
        "bounds": file.bounds,
        "kinds": kinds(geoms),
        "rows": [{name: _short(value) for name, value in row.items()} for row in rows],
        "sample": sample,
        "shown": [],
        "has_position": file.table is None or file.table.has_position,
        "address": file.table.address if file.table is not None else None,
    }
    try:
        datum = detect_datum(file.declared, file.bounds, plane=request["plane"])
    except FileError as error:
        return summary | {"datum": None, "problem": {"code": error.code, "values": error.values}}
    return summary | {"datum": _told(datum), "problem": None, "shown": placed(sample, datum)}


def _addresses(request: Mapping[str, Any], column: str) -> dict[str, Any]:
    file = open_file(Path(request["path"]), Path(request["folder"]), layer=request["layer"])
    waiting = file.table.addresses(column) if file.table is not None else iter(())
    while addresses := list(islice(waiting, _ADDRESSES)):
        _answer("A", addresses)
    return {}


def _read(request: Mapping[str, Any], plan: Mapping[str, Any]) -> dict[str, Any]:
    file = open_file(Path(request["path"]), Path(request["folder"]), layer=request["layer"])
    columns = columns_of(file) if plan["columns"] is None else [Column(**each) for each in plan["columns"]]
    _check(file, columns, plan["key"])
    datum = detect_datum(
        file.declared, file.bounds, chosen=plan["epsg"], plane=request["plane"], swapped=plan["swapped"]
    )
    places = _places(request["places"]) if datum.epsg == JGD2011 and not datum.swapped else NO_PLACES
    report = _Report()
    for batch in batches_of(file, plan["kind"], datum, columns=columns, key=plan["key"], places=places):
        report.add(batch)
        numbers = range(batch.first, batch.first + len(batch.properties))
        _answer("D", tuples(numbers, batch.keys, batch.properties, batch.geoms))
        _answer("P", report.rows)
    return {
        "format": file.format,
        "datum": _told(datum),
        "columns": [(column.name, column.kind) for column in columns],
        "rows": report.rows,
        "accepted": report.rows - report.refused.total(),
        "fixes": report.fixes,
        "refused": report.refused,
        "remarks": report.remarks,
    }


def _places(told: Mapping[str, Any]) -> Places:
    points = {int(number): (lon, lat, code) for number, (lon, lat, code) in told["points"].items()}
    return Places(points, frozenset(told["unknown"]))


class _Report:
    """What became of the rows."""

    def __init__(self) -> None:
        self.rows = 0
        self.fixes: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.remarks: list[tuple[int, tuple[str, ...], str | None, str]] = []

    def add(self, batch: Batch) -> None:
        self.rows += len(batch.properties)
        self.refused.update(batch.refused.values())
        for fixes in batch.fixes.values():
            self.fixes.update(fixes)
        for place in sorted({*batch.fixes, *batch.refused})[: MAX_REMARKS - len(self.remarks)]:
            label = _label(batch.properties[place], batch.keys[place])
            self.remarks.append((batch.first + place, batch.fixes.get(place, ()), batch.refused.get(place), label))


def _label(row: Mapping[str, Any], key: str | None) -> str:
    """What a person knows a row by: its key, else its first text."""
    text = key or next((value for value in row.values() if isinstance(value, str) and value), "")
    return text[:_LABEL]


def _check(file: OpenFile, columns: list[Column], key: str | None) -> None:
    if key is not None and key not in {column.name for column in columns}:
        raise FileError("key", named=key, names=[column.name for column in columns][:50])
    if missing := [column.source for column in columns if column.source not in file.columns]:
        raise FileError("key", named=missing[0], names=list(file.columns)[:50])


def _told(datum: Datum) -> dict[str, Any]:
    return {"epsg": datum.epsg, "name": datum.name, "swapped": datum.swapped}


def _short(value: Any) -> Any:
    return f"{value[:_LABEL]}…" if isinstance(value, str) and len(value) > _LABEL else value


if __name__ == "__main__":
    main()
