"""Importing 50,000 polygons: rows a second from the file to the next version of a layer, beside GDAL reading the file alone and COPY of its rows
alone; and beside ogr2ogr, where it is installed, which writes the same file to a table and that table to a file. Rows a second of processor time
too, of all processes that work on it.
"""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy
import pyogrio
from shapely import box, to_wkb

from tests.bench.ground import CITY
from tests.bench.ogr2ogr import Ogr2ogr
from tests.bench.processor import Processor

HEAD = f"{'rows a second':<64}{'ours':>9}{'GDAL':>10}{'COPY':>10}{'ratio':>7}{'a CPU s':>9}{'ogr2ogr':>10}{'ratio':>7}"
_ROWS = 50_000
_EAST, _NORTH = -36_000.0, -33_000.0  # metres in the plane system IX
_DRIVERS = {"gpkg": "GPKG", "fgb": "FlatGeobuf", "geojson": "GeoJSON"}


def lines(program: Path | None) -> list[str]:
    """A line for each format, first into an empty layer, then the same file again, which is compared and changes nothing.

    program: ogr2ogr, if it is to be measured beside.
    """
    peer = Ogr2ogr(program) if program else None
    return [line for extension, driver in _DRIVERS.items() for line in _measure(extension, driver, peer)]


def _measure(extension: str, driver: str, peer: Ogr2ogr | None) -> list[str]:
    from geo.reading import Plan, read
    from geo.versions import fill_intake
    from portal.core.database import open_city_session
    from portal.core.events import SYSTEM
    from portal.maps import catalogue
    from portal.maps.imports import ImportSettings, import_file

    with TemporaryDirectory() as folder, open_city_session(CITY) as session:
        path = Path(folder) / f"lots.{extension}"
        _write(path, driver)
        catalogue.add_layer(session, "bench-lots", "polygon", {"ja": "筆"}, None, SYSTEM)

        def import_again() -> None:
            import_file(session, "bench-lots", path, ImportSettings(key_property="lot"), SYSTEM)

        blocks: list[bytes] = []
        columns = dict(read(path, Plan("polygon", key="lot"), blocks.append).columns)

        def copy(write: Callable[[bytes], object]) -> dict[str, str]:
            for block in blocks:
                write(block)
            return columns

        alone = _seconds(lambda: pyogrio.raw.read(path))
        copied = _seconds(lambda: fill_intake(session, copy))
        processor = Processor(session)
        names = (f"{driver}: {_ROWS:,} polygons into a layer", f"{driver}: again, compared by key")
        measured = [(name, *_waited_and_busy(import_again, processor)) for name in names]
        imported_by_peer = _seconds(lambda: peer.to_table(path)) if peer else None
        exported = _exported(session, path, extension, driver, peer)
        session.rollback()
    beside = f"{_ROWS / alone:>10,.0f}{_ROWS / copied:>10,.0f}"
    lines = [
        f"{name:<64}{_ROWS / took:>9,.0f}{beside}{took / (alone + copied):>7.1f}{_ROWS / busy:>9,.0f}{_against(imported_by_peer, took)}"
        for name, took, busy in measured
    ]
    return lines + exported


def _exported(session: Any, path: Path, extension: str, driver: str, peer: Ogr2ogr | None) -> list[str]:
    """The layer written to a file of that format, beside GDAL writing what it read of the imported one, and ogr2ogr its own table of it."""
    from geo.catalogue import entry_of
    from geo.exporting import FORMATS, export_layer

    entry = entry_of(session, "bench-lots")
    if extension not in FORMATS or entry is None:
        return []
    target = path.with_name(f"exported.{extension}")
    took = _seconds(lambda: export_layer(session, entry, entry.version, target, extension))
    meta, _ids, shapes, values = pyogrio.raw.read(path)
    again = path.with_name(f"again.{extension}")
    kind = {"geometry_type": meta["geometry_type"], "crs": meta["crs"]}
    alone = _seconds(lambda: pyogrio.raw.write(again, shapes, values, meta["fields"], driver=driver, **kind))
    by_peer = _seconds(lambda: peer.to_file(path.with_name(f"peer.{extension}"), driver)) if peer else None
    name = f"{driver}: the layer exported (GDAL: writing alone)"
    beside = f"{_ROWS / alone:>10,.0f}{'':>10}{took / alone:>7.1f}{'':>9}{_against(by_peer, took)}"
    return [f"{name:<64}{_ROWS / took:>9,.0f}{beside}"]


def _against(peer: float | None, ours: float) -> str:
    """The rows a second of ogr2ogr, which took so many seconds, and how many times as long the portal took."""
    return "" if peer is None else f"{_ROWS / peer:>10,.0f}{ours / peer:>7.1f}"


def _write(path: Path, driver: str) -> None:
    numbers = numpy.arange(_ROWS)
    x, y = _EAST + numbers % 250 * 12.0, _NORTH + numbers // 250 * 12.0
    values = [numbers.astype("int32"), numpy.array([f"宅地{n % 7}" for n in numbers], dtype=object)]
    crs = "EPSG:6677"
    if driver == "GeoJSON":
        x, y, crs = 139.35 + numbers % 250 * 1e-4, 35.66 + numbers // 250 * 1e-4, "EPSG:4326"
    side = 10.0 if crs == "EPSG:6677" else 9e-5
    fields = numpy.array(["lot", "use"], dtype=object)
    squares = to_wkb(box(x, y, x + side, y + side))
    pyogrio.raw.write(path, squares, values, fields, driver=driver, geometry_type="Polygon", crs=crs)


def _waited_and_busy(work: Callable[[], object], processor: Processor) -> tuple[float, float]:
    begun = processor.seconds()
    waited = _seconds(work)
    return waited, processor.seconds() - begun


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
