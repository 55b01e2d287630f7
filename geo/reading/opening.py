"""Opening a file: its bytes say which format it is, whatever its name; GDAL is asked only about the formats that are meant."""

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from geo.reading.archive import unpack
from geo.reading.datum import Bounds
from geo.reading.encoding import dbf_encoding
from geo.reading.errors import FileError
from geo.reading.table import Table

MAX_COLUMNS = 300
_HEAD = 65_536
_BATCH_BYTES, _FEWEST, _USUAL, _MOST = 32_000_000, 200, 5_000, 50_000
_FORMATS = {
    b"SQLite format 3\0": ("GeoPackage", "gpkg"),
    b"fgb\x03": ("FlatGeobuf", "fgb"),
    b"\x00\x00\x27\x0a": ("Shapefile", "shp"),
}
_TEXTS = frozenset({"GeoJSON", "KML", "GPX"})
_MARKUP = {b"kml": ("KML", "kml"), b"gpx": ("GPX", "gpx")}
_OF_KML = {
    *("id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder"),
    *("icon", "snippet"),
}
"""What KML says of how a place is drawn, which GDAL gives as columns."""
_TOO_LARGE = "object too complex/large"
"""How GDAL refuses a feature of GeoJSON of more than 200 MB (OGR_GEOJSON_MAX_OBJ_SIZE)."""
_ROOT = re.compile(rb"<(?:\w+:)?(kml|gpx)[\s>]")


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that can be read. `columns` are its properties with the type of their values: string | number | boolean.

    `declared` is the coordinate system as the file names it; `remarks` are codes of what was assumed while opening it: encoding.
    """

    format: str
    path: Path
    layer: str | None
    columns: Mapping[str, str]
    declared: str | None
    bounds: Bounds
    features: int
    encoding: str | None = None
    remarks: tuple[str, ...] = ()
    table: Table | None = field(default=None, repr=False)

    @property
    def batch(self) -> int:
        """How many rows are read at a time: fewer where they are long, so that memory stays the same. A text is read from its beginning for
        each batch, so that its batches are as large as they may be; others have about twenty, for people to see how far it is.
        """
        size = sum(each.stat().st_size for each in self.path.parent.iterdir() if each.stem == self.path.stem)
        fitting = _BATCH_BYTES * self.features // max(size, 1)
        usual = _MOST if self.format in _TEXTS else max(_USUAL, self.features // 20)
        return max(_FEWEST, min(fitting, usual, _MOST))


def open_file(path: Path, folder: Path, *, layer: str | None = None) -> OpenFile:
    """Open a file of one of the formats, unpacking it into the empty `folder` where it is a ZIP file. Raises FileError."""
    if path.stat().st_size == 0:
        raise FileError("empty")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"PK\x03\x04"):
        path = unpack(path, folder)
        with path.open("rb") as file:
            head = file.read(_HEAD)
    file_format, extension = _format_of(path, head)
    if file_format == "CSV":
        return _open_table(path)
    if file_format == "Shapefile":
        if not all(_companion(path, suffix) for suffix in (".dbf", ".shx")):
            raise FileError("companions")
    elif path.suffix.lower() != f".{extension}":
        alias = folder / f"{path.stem}.{extension}"
        alias.symlink_to(path.resolve())  # GDAL goes by the end of the name as well
        path = alias
    return _open_vector(file_format, path, layer)


def batches(file: OpenFile) -> Iterator[tuple[list[str], Any, list[Any]]]:
    """Names, shapes (WKB) and values by column, of so many features at a time, so that memory stays bounded."""
    size = file.batch
    for start in range(0, file.features, size):
        with _gdal():
            meta, _ids, shapes, values = pyogrio.raw.read(
                file.path, layer=file.layer, encoding=file.encoding, skip_features=start, max_features=size
            )
        yield list(meta["fields"]), shapes, values


@contextmanager
def _gdal() -> Iterator[None]:
    """What GDAL cannot read is a FileError; what it reads all the same it may warn of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            yield
        except (DataSourceError, DataLayerError, FeatureError, UnicodeError) as error:
            if _TOO_LARGE in str(error):
                raise FileError("shape") from error
            raise FileError("broken", detail=str(error)[:200]) from error


def _format_of(path: Path, head: bytes) -> tuple[str, str]:
    for magic, known in _FORMATS.items():
        if head.startswith(magic):
            return known
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{") and re.search(rb'"(?:FeatureCollection|Feature)"', head):
        return "GeoJSON", "geojson"
    if text.startswith(b"<") and b"<!DOCTYPE" not in head and b"<!ENTITY" not in head and (root := _ROOT.search(head)):
        return _MARKUP[root[1]]
    if path.suffix.lower() in {".csv", ".tsv", ".txt"} and not text.startswith((b"<", b"{", b"%PDF")):
        return "CSV", "csv"
    raise FileError("kind")


def _companion(path: Path, suffix: str) -> Path | None:
    return next(
        (file for file in path.parent.iterdir() if file.stem == path.stem and file.suffix.lower() == suffix), None
    )


def _open_table(path: Path) -> OpenFile:
    table = Table(path)
    return OpenFile(
        "CSV", path, None, table.columns, table.declared, table.bounds, table.features, table.encoding, table=table
    )


def _open_vector(file_format: str, path: Path, layer: str | None) -> OpenFile:
    remarks: tuple[str, ...] = ()
    encoding = None
    if file_format == "Shapefile" and (dbf := _companion(path, ".dbf")) is not None:
        encoding, doubtful = dbf_encoding(dbf, _companion(path, ".cpg"))
        remarks = ("encoding",) if doubtful else ()
    with _gdal():
        chosen = _chosen(_layers(path, file_format), layer)
        options = {"force_feature_count": True, "force_total_bounds": True}
        info = pyogrio.read_info(path, layer=chosen, encoding=encoding, **options)
    if info["features"] < 1 or info["total_bounds"] is None:
        raise FileError("features")
    if len(info["fields"]) > MAX_COLUMNS:
        raise FileError("columns", most=MAX_COLUMNS)
    types = (_type_of(str(dtype)) for dtype in info["dtypes"])
    columns = dict(zip((str(name) for name in info["fields"]), types, strict=True))
    west, south, east, north = _finite_bounds(path, chosen, encoding, info["total_bounds"])
    if file_format == "KML":
        columns = {name: kind for name, kind in columns.items() if name not in _OF_KML}
    return OpenFile(
        file_format,
        path,
        chosen,
        columns,
        info["crs"],
        (west, south, east, north),
        int(info["features"]),
        encoding,
        remarks,
    )


def _finite_bounds(path: Path, layer: str, encoding: str | None, bounds: Any) -> list[float]:
    """The bounds of a layer; where a coordinate is no number, those of the first shapes that have only numbers. Raises FileError."""
    if not numpy.isfinite(bounds).all():
        with _gdal():
            shapes = pyogrio.raw.read(path, layer=layer, encoding=encoding, columns=[], max_features=_USUAL)[2]
        boxes = shapely.bounds(shapely.from_wkb(shapes, on_invalid="ignore"))
        sound = boxes[numpy.isfinite(boxes).all(axis=1)]
        if not len(sound):
            raise FileError("not_finite")
        bounds = numpy.concatenate([sound[:, :2].min(axis=0), sound[:, 2:].max(axis=0)])
    return [float(number) for number in bounds]


def _layers(path: Path, file_format: str) -> list[str]:
    """The layers of a file that can hold features. GPX has five always: of these those that do, and not the single points of its lines."""
    names = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None or file_format != "GeoPackage"]
    if file_format != "GPX":
        return names
    whole = [name for name in names if not name.endswith("_points")]
    return [name for name in whole if pyogrio.read_info(path, layer=name, force_feature_count=True)["features"]]


def _chosen(names: list[str], layer: str | None) -> str:
    if not names:
        raise FileError("features")
    if layer is None:
        if len(names) > 1:
            raise FileError("layers", names=names[:50])
        return names[0]
    if layer not in names:
        raise FileError("layer", names=names[:50])
    return layer


def _type_of(dtype: str) -> str:
    if dtype == "bool":
        return "boolean"
    return "number" if dtype.startswith(("int", "uint", "float")) else "string"
