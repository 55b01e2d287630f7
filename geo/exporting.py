"""A version of a layer as a file: GeoPackage, GeoJSON, Shapefile (ZIP, CP932), CSV and KML."""

import csv
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy
import pyogrio
from shapely import from_wkb, get_parts, to_geojson, to_wkb, to_wkt
from shapely.geometry import MultiLineString, MultiPoint, MultiPolygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from geo.catalogue import Entry
from geo.qgis_style import keep_in_geopackage
from geo.style import LayerStyle
from geo.versions import features_at, versions_of

Feature = tuple[Mapping[str, Any], BaseGeometry]


_PLAIN = LayerStyle()


@dataclass(frozen=True, slots=True)
class Written:
    """What a file calls its layer, the kind of its shapes (polygon | line | point), and how it is drawn, which a GeoPackage keeps."""

    key: str
    kind: str
    style: LayerStyle = _PLAIN


_BATCH = 5000
_MULTI: Mapping[str, Any] = {"polygon": MultiPolygon, "line": MultiLineString, "point": MultiPoint}
_DBF_NAME, _DBF_TEXT = 10, 254
"""What a Shapefile holds of the name of a column and of a text, in bytes."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_layer(
    connection: Connection | Session,
    entry: Entry,
    number: int,
    path: Path,
    file_format: str,
    style: Mapping[str, Any] | None = None,
    words: str = "",
) -> int:
    """Write a version of a layer to a file of one of `FORMATS`, and return the number of the features written.

    `style` is how maps draw the layer, where its entry leaves that to them. With `words` only features that have them in a property.

    Coordinates are longitude and latitude of JGD2011. Features are read and written some thousands at a time, but for KML, which is
    written at once. Raises LookupError where there is no such version or format.
    """
    writer = FORMATS[file_format]
    version = next((version for version in versions_of(connection, entry.key) if version.number == number), None)
    if version is None:
        raise LookupError(number)
    count = 0

    def features() -> Iterator[Feature]:
        nonlocal count
        for _id, row, shape in features_at(connection, entry.key, number):
            if _has(row, words):
                count += 1
                yield row, from_wkb(bytes(shape))

    written = Written(entry.key, entry.kind, LayerStyle.stored(style or entry.style))
    writer(path, written, dict(version.columns), features())
    return count


def _has(properties: Mapping[str, Any], words: str) -> bool:
    return not words or any(words.casefold() in str(value).casefold() for value in properties.values())


def export_features(
    path: Path, file_format: str, written: "Written", columns: Mapping[str, str], features: Iterator[Feature]
) -> None:
    """Write features of a caller's own to a file: `columns` is name → string | number. Raises LookupError for a format that there is not."""
    FORMATS[file_format](path, written, columns, features)


def _geojson(path: Path, written: Written, _columns: Mapping[str, str], features: Iterator[Feature]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{{"type":"FeatureCollection","name":{json.dumps(written.key)},"features":[')
        for number, (row, geom) in enumerate(features):
            properties = json.dumps(dict(row), ensure_ascii=False)
            shape = to_geojson(geom)
            file.write(f'{"," if number else ""}\n{{"type":"Feature","properties":{properties},"geometry":{shape}}}')
        file.write("\n]}\n")


def _csv(path: Path, written: Written, columns: Mapping[str, str], features: Iterator[Feature]) -> None:
    """With the mark that makes spreadsheets read UTF-8. A point has its latitude and longitude, everything else its WKT."""
    points = written.kind == "point"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([*map(_cell, columns), *(("緯度", "経度") if points else ("形状",))])
        for row, geom in features:
            spot = geom.representative_point()
            shape = (f"{spot.y:.8f}", f"{spot.x:.8f}") if points else (to_wkt(geom, rounding_precision=8),)
            writer.writerow([*(_cell(row.get(name)) for name in columns), *shape])


def _cell(value: Any) -> Any:
    """A value as a cell: a text that a spreadsheet would compute is marked as a text (CSV injection, OWASP)."""
    if value is None or isinstance(value, int | float):
        return "" if value is None else value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA) else text


@dataclass(frozen=True, slots=True)
class _Driver:
    """A format that GDAL writes: in which encoding, how texts are prepared, and so many features at a time (None for all at once)."""

    name: str
    encoding: str | None = None
    text: Callable[[str], str] = str
    batch: int | None = _BATCH
    crs: str = "EPSG:6668"


def _geopackage(path: Path, written: Written, columns: Mapping[str, str], features: Iterator[Feature]) -> None:
    _by_gdal(path, _Driver("GPKG"), written, {name: name for name in columns}, columns, features)
    if path.exists():
        keep_in_geopackage(path, written.key, written.kind, written.style)


def _kml(path: Path, written: Written, columns: Mapping[str, str], features: Iterator[Feature]) -> None:
    driver = _Driver("LIBKML", batch=None, crs="EPSG:4326")
    _by_gdal(path, driver, written, {name: name for name in columns}, columns, features)


def _shapefile(path: Path, written: Written, columns: Mapping[str, str], features: Iterator[Feature]) -> None:
    """A ZIP file with CP932 text, which offices' programs expect. Names and texts that are too long are cut between characters."""
    names = dbf_names(columns)
    with TemporaryDirectory() as folder:
        driver = _Driver("ESRI Shapefile", encoding="CP932", text=_dbf_text)
        _by_gdal(Path(folder) / f"{written.key}.shp", driver, written, names, columns, features)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(Path(folder).iterdir()):
                archive.write(file, file.name)
            long = "".join(f"{short}\t{name}\r\n" for name, short in names.items() if short != name)
            if long:
                archive.writestr("項目の名前.txt", long.encode("cp932", "replace"))


def dbf_names(columns: Mapping[str, str]) -> dict[str, str]:
    """The name of each column in a DBF: at most ten bytes of CP932, each once."""
    names: dict[str, str] = {}
    for name in columns:
        short, number = _cut(name, _DBF_NAME), 1
        while short in names.values():
            number += 1
            short = _cut(name, _DBF_NAME - len(str(number))) + str(number)
        names[name] = short
    return names


def _cut(text: str, most: int) -> str:
    return text.encode("cp932", "replace")[:most].decode("cp932", "ignore")


def _dbf_text(text: str) -> str:
    return _cut(text, _DBF_TEXT)


def _by_gdal(
    path: Path,
    driver: _Driver,
    written: Written,
    names: Mapping[str, str],
    columns: Mapping[str, str],
    features: Iterator[Feature],
) -> None:
    append = False
    multi = _MULTI[written.kind]
    while part := list(islice(features, driver.batch)):
        shapes = [to_wkb(multi(get_parts(geom))) for _row, geom in part]
        values = [_array([row.get(name) for row, _geom in part], columns[name], driver.text) for name in names]
        pyogrio.raw.write(
            path,
            numpy.array(shapes, dtype=object),
            values,
            numpy.array(list(names.values()), dtype=object),
            driver=driver.name,
            layer=written.key,
            geometry_type=multi.__name__,
            crs=driver.crs,
            encoding=driver.encoding,
            append=append,
        )
        append = True


def _array(values: list[Any], kind: str, text: Callable[[str], str]) -> Any:
    """The values of a column as GDAL takes them: numbers with NaN for what is missing, everything else as text."""
    if kind == "number":
        return numpy.array([numpy.nan if value is None else value for value in values], dtype="float64")
    texts = (
        value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in values
    )
    return numpy.array([None if value is None else text(value) for value in texts], dtype=object)


FORMATS: Mapping[str, Callable[[Path, Written, Mapping[str, str], Iterator[Feature]], None]] = {
    "gpkg": _geopackage,
    "geojson": _geojson,
    "zip": _shapefile,
    "csv": _csv,
    "kml": _kml,
}
"""Formats by the end of a file's name."""
