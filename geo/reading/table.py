"""Tables with coordinates or addresses: CSV by the names of its columns, among them the open data of municipalities in its old and new editions.

自治体標準オープンデータセット (デジタル庁) names the columns; published files differ in width, brackets and older names.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from geo.reading.datum import JGD2011, Bounds
from geo.reading.encoding import text_encoding
from geo.reading.errors import FileError
from writing.folding import width

_SAMPLE = 4_000_000
_MOST = 300
_ALIASES = {
    "都道府県コード又は市区町村コード": "全国地方公共団体コード",
    "都道府県コードまたは市区町村コード": "全国地方公共団体コード",
    "no": "ID",
    "no.": "ID",
    "住所": "所在地_連結表記",
    "所在地": "所在地_連結表記",
    "所在地_連結標記": "所在地_連結表記",
    "都道府県名": "所在地_都道府県",
    "市区町村名": "所在地_市区町村",
    "方書": "建物名等(方書)",
    "名称_英語": "名称_英字",
    "イベント名_英語": "イベント名_英字",
    "利用可能時間特記事項": "利用可能日時特記事項",
    "利用可能曜日特記事項": "利用可能日時特記事項",
    "許可等年月日": "認可等年月日",
    "小児対応機器設備の有無": "小児対応設備の有無",
}
"""Older names of columns, folded, with those of the present edition."""
_LATITUDE = ("緯度", "lat", "latitude")
_LONGITUDE = ("経度", "lon", "lng", "long", "longitude")
_EAST = ("x", "x座標", "東西")
_NORTH = ("y", "y座標", "南北")
_ADDRESS = ("所在地_連結表記", "address")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_EXCEL_TEXT = re.compile(r'="(.*)"')


class Table:
    """A CSV file with a point or an address in each row. Raises FileError for one without columns for either, without rows, or in no known
    encoding. `address` is the column that seems to have addresses.

    `places` are points (longitude and latitude) of rows without coordinates of their own, by the number of the row from 1.
    """

    places: Mapping[int, tuple[float, float]] = MappingProxyType({})

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            sample = file.read(_SAMPLE)
        encoding = text_encoding(sample)
        if encoding is None:
            raise FileError("encoding")
        self.encoding = encoding
        first = sample[:4000].decode(encoding, "replace").partition("\n")[0]
        self._delimiter = "\t" if first.count("\t") > first.count(",") else ","
        self._names = _named(next(self._lines(), []))
        if len(self._names) > _MOST:
            raise FileError("columns", most=_MOST)
        pairs = ((_LONGITUDE, _LATITUDE, f"EPSG:{JGD2011}"), (_EAST, _NORTH, None))
        position = next(
            (
                (x, y, declared)
                for east, north, declared in pairs
                if (x := self._column(east)) and (y := self._column(north))
            ),
            None,
        )
        self.address = self._column(_ADDRESS)
        if position is None and self.address is None:
            raise FileError("position", names=self._names[:50])
        self.has_position = position is not None
        self._x: str | None = None
        self._y: str | None = None
        self.declared: str | None = f"EPSG:{JGD2011}"
        if position is not None:
            self._x, self._y, self.declared = position
        if not self.features:
            raise FileError("features")

    @property
    def columns(self) -> Mapping[str, str]:
        """The columns without the position, with the type of their values."""
        return self._facts[0]

    @property
    def features(self) -> int:
        """How many rows there are."""
        return self._facts[1]

    @property
    def bounds(self) -> Bounds:
        """The least and greatest coordinates of the rows that have them; those far from half of the others are not counted."""
        return self._facts[2]

    @property
    def unreadable(self) -> frozenset[int]:
        """The numbers of the rows whose coordinates say something that is no pair of numbers."""
        return self._facts[3]

    def rows(self) -> Iterator[tuple[dict[str, Any], tuple[float, float] | None]]:
        """Values and position of each row; no position where it is no pair of numbers, and `places` has none."""
        for number, cells in enumerate(self._records(), start=1):
            values = {name: self._value(name, cells[name]) for name in self.columns}
            yield values, self._position(cells) or self.places.get(number)

    def addresses(self, column: str) -> Iterator[tuple[int, str]]:
        """The number, and what a column says, of each row without coordinates where it says something. Raises FileError without the column."""
        if column not in self._names:
            raise FileError("key", named=column, names=self._names[:50])
        for number, cells in enumerate(self._records(), start=1):
            if cells[column] and not self._position(cells):
                yield number, cells[column]

    @cached_property
    def _facts(self) -> tuple[Mapping[str, str], int, Bounds, frozenset[int]]:
        numbers = dict.fromkeys((name for name in self._names if name not in {self._x, self._y}), True)
        filled: set[str] = set()
        xs: list[float] = []
        ys: list[float] = []
        unreadable: set[int] = set()
        count = 0
        for count, cells in enumerate(self._records(), start=1):
            for name, still in numbers.items():
                if cells[name]:
                    filled.add(name)
                    numbers[name] = still and _NUMBER.fullmatch(cells[name]) is not None and len(cells[name]) < 16
            if position := self._position(cells):
                xs.append(position[0])
                ys.append(position[1])
            elif self._x is not None and self._y is not None and (cells[self._x] or cells[self._y]):
                unreadable.add(count)
        types = {name: "number" if number and name in filled else "string" for name, number in numbers.items()}
        return types, count, _spread(xs, ys), frozenset(unreadable)

    def _position(self, cells: Mapping[str, str]) -> tuple[float, float] | None:
        if self._x is None or self._y is None:
            return None
        return _position(cells[self._x], cells[self._y])

    def _value(self, name: str, cell: str) -> Any:
        if not cell:
            return None
        if self.columns[name] == "string":
            return cell
        return float(cell) if "." in cell else int(cell)

    def _records(self) -> Iterator[dict[str, str]]:
        lines = self._lines()
        next(lines, None)
        for cells in lines:
            if any(cell.strip() for cell in cells):
                filled = [*cells, *[""] * (len(self._names) - len(cells))]
                yield {name: _cell(text) for name, text in zip(self._names, filled, strict=False)}

    def _lines(self) -> Iterator[list[str]]:
        try:
            with self._path.open(encoding=self.encoding, errors="replace", newline="") as file:
                yield from csv.reader(file, delimiter=self._delimiter)
        except csv.Error as error:
            raise FileError("broken", detail=str(error)[:200]) from error

    def _column(self, names: tuple[str, ...]) -> str | None:
        return next((name for name in self._names if name.lower() in names), None)


def _named(header: list[str]) -> list[str]:
    """The names of the columns as the present edition has them; those without a name, and a second of one name, by their number."""
    names: list[str] = []
    for number, text in enumerate(header, start=1):
        folded = width(text.replace("\x00", "")).strip().strip("\ufeff").replace(" ", "")
        name = _ALIASES.get(folded.lower(), folded) or f"列{number}"
        names.append(f"{name}_{number}" if name in names else name)
    while names and names[-1] == f"列{len(names)}":
        names.pop()
    return names


def _cell(text: str) -> str:
    """The text of a cell; ="0123" is how tables write a text of digits."""
    stripped = text.replace("\x00", "").strip()
    marked = _EXCEL_TEXT.fullmatch(stripped)
    return marked[1] if marked else stripped


def _position(x: str, y: str) -> tuple[float, float] | None:
    try:
        return float(width(x)), float(width(y))
    except ValueError:
        return None


def _spread(xs: list[float], ys: list[float]) -> Bounds:
    """Bounds without the outermost twentieth at each side: a few bad rows must not decide what the file is taken for."""
    if not xs:
        return 0.0, 0.0, 0.0, 0.0
    xs, ys = sorted(xs), sorted(ys)
    cut = len(xs) // 20
    return xs[cut], ys[cut], xs[-1 - cut], ys[-1 - cut]
