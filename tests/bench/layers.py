"""Importing 50,000 polygons: rows a second from the file to the next version of a layer, beside GDAL reading the file alone and COPY of its rows
alone, which is what ogr2ogr does.
"""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy
import pyogrio
from shapely import box, to_wkb

from tests.bench.ground import CITY

HEAD = f"{'rows a second':<64}{'import':>9}{'GDAL':>10}{'COPY':>10}{'ratio':>7}"
_ROWS = 50_000
_EAST, _NORTH = -36_000.0, -33_000.0  # metres in the plane system IX
_DRIVERS = {"gpkg": "GPKG", "fgb": "FlatGeobuf", "geojson": "GeoJSON"}


def lines() -> list[str]:
    """A line for each format, first into an empty layer, then the same file again, which is compared and changes nothing."""
    return [line for extension, driver in _DRIVERS.items() for line in _measure(extension, driver)]


def _measure(extension: str, driver: str) -> list[str]:
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
        names = (f"{driver}: {_ROWS:,} polygons into a layer", f"{driver}: again, compared by key")
        measured = [(name, _seconds(import_again)) for name in names]
        session.rollback()
    beside = f"{_ROWS / alone:>10,.0f}{_ROWS / copied:>10,.0f}"
    return [f"{name:<64}{_ROWS / took:>9,.0f}{beside}{took / (alone + copied):>7.1f}" for name, took in measured]


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


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
