"""Files of addresses with their coordinates: those that the state publishes for the whole country, and a city's own.

Read are, told apart by their columns: 位置参照情報 of the 国土交通省, 大字・町丁目レベル and 街区レベル; the 町字マスター of the アドレス・ベース・レジストリ
(デジタル庁) together with its 位置参照 file; any CSV with an address (住所, or ODS 所在地_連結表記), 緯度 and 経度.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from geo.address_points import address_key
from geo.addresses import Address, municipality_of, parse_address
from geo.reading.encoding import text_encoding

Kind = Literal["house", "block", "chome", "town"]
Refusal = Literal["coordinates", "number", "repeated"]

_ADDRESS = ("住所", "所在地", "所在地_連結表記", "address")
_LATITUDE, _LONGITUDE = ("緯度", "lat", "latitude", "rep_lat"), ("経度", "lon", "lng", "longitude", "rep_lon")
_CITY = ("市区町村名", "city")
_ABOLISHED = "3"
"""更新後履歴フラグ of a block that is there no longer."""
_LONGITUDES, _LATITUDES = (122.0, 155.0), (20.0, 46.0)


class AddressFileError(ValueError):
    """The file cannot be read as addresses: encoding | columns | positions."""


@dataclass(frozen=True, slots=True)
class AddressPlace:
    """An address with its point. `key` is that of `geo.address_points`, None for a town and a 丁目. `town` is the name without its 丁目."""

    name: str
    kind: Kind
    town: str
    lon: float
    lat: float
    key: str | None = None
    kana: str = ""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is no address with a point, by its number in the file (the header is 1)."""

    n: int
    text: str
    reason: Refusal


@dataclass(frozen=True, slots=True)
class AddressFile:
    """What a file has for a city: `elsewhere` counts the rows of other cities."""

    places: list[AddressPlace]
    refused: list[RefusedRow]
    elsewhere: int


def read_addresses(path: Path, city: str, positions: Path | None = None) -> AddressFile:
    """Read the addresses of the city of that name; `positions` is the 位置参照 file that belongs to a 町字マスター.

    Raises AddressFileError for a file of another kind.
    """
    rows = _rows(path)
    header = next(rows, {})
    point_of = _points(positions) if positions is not None else {}
    if _one_of(header, _LATITUDE) is None and not point_of:
        raise AddressFileError("positions" if "machiaza_id" in header else "columns")
    places: dict[str, AddressPlace] = {}
    refused: list[RefusedRow] = []
    elsewhere = 0
    for n, row in enumerate(rows, start=2):
        if (row.get(_one_of(row, _CITY) or "") or city) != city or row.get("更新後履歴フラグ") == _ABOLISHED:
            elsewhere += 1
            continue
        text, kana = _text_of(row)
        if municipality_of(text) not in ("", city):
            elsewhere += 1
            continue
        point = _point(row) or point_of.get((row.get("lg_code", ""), row.get("machiaza_id", "")))
        place = _place(row, text, kana, point)
        if isinstance(place, AddressPlace):
            known = places.get(place.name)
            if known is None or row.get("代表フラグ") == "1":
                places[place.name] = place
            elif "代表フラグ" not in row:
                refused.append(RefusedRow(n, text, "repeated"))
        else:
            refused.append(RefusedRow(n, text, place))
    return AddressFile(list(places.values()), refused, elsewhere)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """First the header, as a row of its own names, then the rows."""
    content = path.read_bytes()
    encoding = text_encoding(content)
    if encoding is None:
        raise AddressFileError("encoding")
    reader = csv.DictReader(io.StringIO(content.decode(encoding, "replace"), newline=""))
    names = [name.strip() for name in reader.fieldnames or ()]
    if not {"大字・丁目名", "大字町丁目名", "machiaza_id", *_ADDRESS} & set(names):
        raise AddressFileError("columns")
    reader.fieldnames = names
    yield {name: name for name in names}
    for row in reader:
        yield {name: (value or "").strip() for name, value in row.items() if isinstance(value, str | None) and name}


def _text_of(row: Mapping[str, str]) -> tuple[str, str]:
    """The address of a row, and its reading where the file has one."""
    if "machiaza_id" in row:
        number = row.get("chome_number", "")
        kana = row.get("oaza_cho_kana", "") + row.get("chome_kana", "")
        return row.get("oaza_cho", "") + (f"{number}丁目" if number else ""), kana
    if "街区符号・地番" in row:
        return f"{row.get('大字・丁目名', '')}{row['街区符号・地番']}番", ""
    return row.get("大字町丁目名") or row.get(_one_of(row, _ADDRESS) or "", ""), ""


def _place(row: Mapping[str, str], text: str, kana: str, point: tuple[float, float] | None) -> AddressPlace | Refusal:
    address = parse_address(text)
    if point is None:
        return "coordinates"
    if "machiaza_id" in row or "大字町丁目名" in row:
        kind: Kind = "town" if address.chome is None else "chome"
        return AddressPlace(address.name, kind, address.town, *point, kana=kana)
    key = address_key(address)
    if key is None:
        return "number"
    exact: Kind = "block" if len(address.numbers) == 1 else "house"
    return AddressPlace(_written(address), exact, address.town, *point, key=key)


def _written(address: Address) -> str:
    return address.name + "-".join(map(str, address.numbers))


def _point(row: Mapping[str, str]) -> tuple[float, float] | None:
    """Longitude and latitude of a row in Japan; None for what is no such point."""
    try:
        lon, lat = float(row[_one_of(row, _LONGITUDE) or ""]), float(row[_one_of(row, _LATITUDE) or ""])
    except (KeyError, ValueError):
        return None
    in_japan = _LONGITUDES[0] < lon < _LONGITUDES[1] and _LATITUDES[0] < lat < _LATITUDES[1]
    return (lon, lat) if in_japan else None


def _points(path: Path) -> dict[tuple[str, str], tuple[float, float]]:
    rows = _rows(path)
    next(rows, None)
    points = {(row.get("lg_code", ""), row.get("machiaza_id", "")): _point(row) for row in rows}
    known = {key: point for key, point in points.items() if point is not None}
    if not known:
        raise AddressFileError("positions")
    return known


def _one_of(row: Iterable[str], names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in row), None)
