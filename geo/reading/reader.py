"""Has files opened in a confined process (`geo.reading.program`), and takes its answers."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from struct import unpack
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from geo.reading.columns import Column
from geo.reading.errors import FileError
from geo.reading.places import NO_PLACES, Places

T = TypeVar("T")
_LARGEST_ANSWER = 1_000_000_000
_SMALL = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Each thread would reserve memory that counts as used."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is read into a layer of a kind (point | line | polygon).

    `epsg` and `swapped` are the coordinate system and the order of its axes as a person chose them, None to go by the file; `columns`
    which are taken, None for all; `key` the property that features are known by. `address` is the column of a table whose addresses place
    the rows that have no coordinates (`addresses`), None for none.
    """

    kind: str
    epsg: int | None = None
    swapped: bool | None = None
    columns: Sequence[Column] | None = None
    key: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class FileSummary:
    """What a file holds. `columns` are names with string | number | boolean, in their order; `kinds` counts points, lines and polygons
    among the first rows, of which `rows` are ten.

    `sample` are some shapes (GeoJSON) in the file's own coordinates, `shown` the same in longitude and latitude by the coordinate system
    that the file names: `datum` (epsg, name, swapped), or None and in `problem` the FileError (code, values) that asks for one.
    `has_position` is False for a table that has only addresses; `address` is the column of a table that seems to have them.
    """

    format: str
    layer: str | None
    columns: Sequence[tuple[str, str]]
    features: int
    encoding: str | None
    remarks: Sequence[str]
    bounds: tuple[float, float, float, float]
    kinds: Mapping[str, int]
    rows: Sequence[Mapping[str, Any]]
    sample: Sequence[Mapping[str, Any]]
    shown: Sequence[Mapping[str, Any]]
    datum: Mapping[str, Any] | None
    problem: Mapping[str, Any] | None
    has_position: bool
    address: str | None


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What became of the rows of a file: how many were accepted, and by code how many were fixed and refused.

    `remarks` names ten thousand of those at most: number, fixes, why it was refused (or None), and what a person knows it by. `columns` are
    the properties in their order, with the type of their values.
    """

    format: str
    datum: Mapping[str, Any]
    columns: Sequence[tuple[str, str]]
    rows: int
    accepted: int
    fixes: Mapping[str, int]
    refused: Mapping[str, int]
    remarks: Sequence[tuple[int, Sequence[str], str | None, str]]


def look(path: Path, *, layer: str | None = None, plane: int | None = None) -> FileSummary:
    """Say what a file holds; `plane` is the code of the plane system to suggest. Raises FileError."""
    for _letter, body in _answers(_request(path, layer, plane)):
        return _of(FileSummary, json.loads(body))
    raise FileError("broken", detail="no answer")


def addresses(path: Path, column: str, *, layer: str | None = None) -> Iterator[tuple[int, str]]:
    """The addresses of the rows of a table that have no coordinates, with the number of the row from 1. Raises FileError."""
    for letter, body in _answers(_request(path, layer, None, column)):
        if letter == b"A":
            yield from ((number, text) for number, text in json.loads(body))


def read(
    path: Path,
    plan: Plan,
    into: Callable[[bytes], object],
    *,
    layer: str | None = None,
    plane: int | None = None,
    places: Places = NO_PLACES,
    progress: Callable[[int], None] | None = None,
) -> ReadResult:
    """Read a file. `places` has the points of rows without coordinates. `into` takes the tuples of accepted rows for COPY
    (`geo.copying.INTO`), in pieces; `progress` the number of rows read, and what it raises ends the reading. Raises FileError.
    """
    told = {"points": dict(places.points), "unknown": sorted(places.unknown)}
    for letter, body in _answers({**_request(path, layer, plane), "plan": asdict(plan), "places": told}):
        if letter == b"D":
            into(body)
        elif letter == b"P" and progress is not None:
            progress(int(body))
        elif letter == b"R":
            return _of(ReadResult, json.loads(body))
    raise FileError("broken", detail="no answer")


def _request(path: Path, layer: str | None, plane: int | None, column: str | None = None) -> dict[str, Any]:
    return {"path": str(path.resolve()), "layer": layer, "plane": plane, "plan": None, "addresses": column}


def _answers(request: Mapping[str, Any]) -> Iterator[tuple[bytes, bytes]]:
    """The answers of a new process, until its last. Raises FileError. The process ends with the iterator."""
    command = [sys.executable, "-I", "-m", "geo.reading.program"]
    with TemporaryDirectory() as folder:
        process = subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_SMALL, cwd=folder
        )
        assert process.stdin is not None  # noqa: S101 - asked for
        assert process.stdout is not None  # noqa: S101 - asked for
        try:
            with process.stdin as questions:
                questions.write(json.dumps({**request, "folder": folder}).encode())
            while head := process.stdout.read(5):
                letter, length = head[:1], unpack("!I", head[1:])[0]
                body = process.stdout.read(min(length, _LARGEST_ANSWER))
                if len(body) < length:
                    break
                if letter == b"E":
                    error = json.loads(body)
                    raise FileError(error["code"], **error["values"])
                yield letter, body
                if letter == b"R":
                    return
            raise FileError("exhausted")  # killed by its limits, or crashed
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


def _of(kind: type[T], answer: Mapping[str, Any]) -> T:
    """An answer as what it is; of more than that nothing is taken. Raises FileError for one that is not complete."""
    try:
        return kind(**{each.name: answer[each.name] for each in fields(kind)})  # type: ignore[arg-type] # of either dataclass
    except KeyError as error:
        raise FileError("broken", detail="incomplete answer") from error
