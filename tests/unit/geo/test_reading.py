"""Files that cities have, and files that lie: what is read, what is fixed row by row, and what is refused with a reason."""

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import pyogrio
import pytest
import shapely
from shapely import box, to_wkb
from shapely.geometry.base import BaseGeometry

from geo.reading import Datum, FileError, detect_datum
from geo.reading.archive import MAX_RATIO
from geo.reading.opening import OpenFile, open_file
from geo.reading.rows import batches_of, first_rows
from geo.reading.sample import sample_of
from geo.reading.shapes import MAX_POSITIONS

EAST, NORTH = -36_000.0, -33_000.0  # metres in the plane system IX, in 日野市
NAMES = ["髙橋①", "第二", "第三"]


@dataclass(frozen=True)
class Row:
    """One row of a batch."""

    properties: Mapping[str, Any]
    geom: BaseGeometry | None
    key: str | None
    fixes: tuple[str, ...]
    refused: str | None


Opened = tuple[OpenFile, Datum, list[Row]]
Open = Callable[..., Opened]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Opens a file and reads its rows."""

    def read(path: Path, kind: str = "polygon", *, chosen: int | None = None, **options: Any) -> Opened:
        folder = tmp_path / f"unpacked {path.name}"
        folder.mkdir()
        file = open_file(path, folder)
        datum = detect_datum(file.declared, file.bounds, chosen=chosen, plane=6677)
        rows = [
            Row(*row, batch.fixes.get(place, ()), batch.refused.get(place))
            for batch in batches_of(file, kind, datum, **options)
            for place, row in enumerate(zip(batch.properties, batch.geoms, batch.keys, strict=True))
        ]
        return file, datum, rows

    return read


def write(
    path: Path, driver: str, crs: str | None = "EPSG:6677", *, encoding: str | None = None, name: str = "名称"
) -> Path:
    """Three squares of ten metres, with names, as GDAL writes them."""
    corners = [(EAST + 20 * n, NORTH) for n in range(3)]
    squares = numpy.array([box(x, y, x + 10, y + 10) for x, y in corners])
    values = [numpy.array(NAMES, dtype=object), numpy.array([1.0, numpy.nan, 3.5])]
    fields = numpy.array([name, "面積"], dtype=object)
    pyogrio.raw.write(
        path, to_wkb(squares), values, fields, driver=driver, geometry_type="Polygon", crs=crs, encoding=encoding
    )
    return path


def shapefile(folder: Path, *, leave_out: str = "", cpg: str | None = None, **options: Any) -> Path:
    """A Shapefile as a ZIP file, without one of its files or with another `.cpg`."""
    write(folder / "区域.shp", "ESRI Shapefile", **options)
    if cpg is not None:
        (folder / "区域.cpg").write_text(cpg)
    path = folder / "areas.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.glob("区域.*"):
            if file.suffix != leave_out:
                archive.write(file, f"提供データ/{file.name}")
    return path


def geojson(path: Path, *geometries: Any, crs: str | None = None) -> Path:
    features = [{"type": "Feature", "properties": {"n": n}, "geometry": each} for n, each in enumerate(geometries)]
    named = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    path.write_text(json.dumps({"type": "FeatureCollection", **named, "features": features}))
    return path


def polygon(*ring: tuple[float, ...]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


SQUARE = polygon((139.4, 35.7), (139.401, 35.7), (139.401, 35.701), (139.4, 35.701))


@pytest.mark.parametrize(
    ("options", "remarks"),
    [
        ({"encoding": "CP932", "leave_out": ".cpg"}, ("encoding",)),
        ({"encoding": "CP932", "cpg": "UTF-8"}, ("encoding",)),
        ({"encoding": "UTF-8"}, ()),
    ],
)
def test_a_shapefile_of_a_plane_system_is_read_whatever_its_encoding(
    tmp_path: Path, opened: Open, options: dict[str, Any], remarks: tuple[str, ...]
) -> None:
    file, datum, rows = opened(shapefile(tmp_path, **options))
    assert (file.format, file.remarks, datum.epsg) == ("Shapefile", remarks, 6677)
    assert [row.properties["名称"] for row in rows] == NAMES
    assert [row.properties["面積"] for row in rows] == [1, None, 3.5]
    assert rows[0].geom is not None
    assert rows[0].geom.bounds == pytest.approx((139.43551, 35.70190, 139.43562, 35.70199), abs=1e-5)


@pytest.mark.parametrize(("name", "driver"), [("a.gpkg", "GPKG"), ("a.fgb", "FlatGeobuf")])
def test_what_a_file_is_does_not_depend_on_its_name(tmp_path: Path, opened: Open, name: str, driver: str) -> None:
    written = write(tmp_path / name, driver)
    file, _datum, rows = opened(written.rename(tmp_path / "data.bin"))
    assert (sorted(row.properties["名称"] for row in rows), file.features) == (sorted(NAMES), 3)


def test_a_file_without_its_datum_is_asked_for_it(tmp_path: Path, opened: Open) -> None:
    path = shapefile(tmp_path, leave_out=".prj")
    with pytest.raises(FileError) as missing:
        opened(path)
    assert (missing.value.code, missing.value.values["suggestion"]) == ("datum_missing", 6677)
    assert opened(path.rename(tmp_path / "again.zip"), chosen=6677)[2][0].refused is None


def test_a_file_that_contradicts_its_datum_is_not_believed(tmp_path: Path, opened: Open) -> None:
    path = geojson(tmp_path / "metres.geojson", polygon((EAST, NORTH), (EAST + 9, NORTH), (EAST, NORTH + 9)))
    with pytest.raises(FileError) as contradiction:
        opened(path)
    assert (contradiction.value.code, contradiction.value.values["suggestion"]) == ("datum_contradicts", 6677)


def test_the_old_datum_of_tokyo_is_four_hundred_metres_off(tmp_path: Path, opened: Open) -> None:
    path = geojson(tmp_path / "old.geojson", SQUARE, crs="urn:ogc:def:crs:EPSG::4301")
    _file, datum, rows = opened(path)
    assert datum.is_tokyo
    assert rows[0].geom is not None
    west, south, *_corner = rows[0].geom.bounds
    assert (west - 139.4, south - 35.7) == pytest.approx((-0.0032, 0.0032), abs=0.0004)


def test_rows_are_fixed_or_refused_one_by_one(tmp_path: Path, opened: Open) -> None:
    bow = polygon((139.4, 35.7), (139.401, 35.701), (139.401, 35.7), (139.4, 35.701))
    high = polygon((139.4, 35.7, 12.0), (139.401, 35.7, 12.0), (139.4, 35.701, 12.0))
    far = polygon((179.0, 35.7), (-179.0, 35.7), (179.0, 36.0))
    path = geojson(
        tmp_path / "a.geojson", SQUARE, bow, high, {"type": "Point", "coordinates": [139.4, 35.7]}, None, far
    )
    rows = opened(path)[2]
    assert [row.refused for row in rows] == [None, None, None, "kind", "empty", "outside"]
    assert [row.fixes for row in rows[:3]] == [(), ("repaired",), ("flattened",)]
    assert all(row.geom.is_valid and not row.geom.has_z for row in rows if row.geom is not None)


def test_a_key_names_one_row(tmp_path: Path, opened: Open) -> None:
    path = write(tmp_path / "a.gpkg", "GPKG")
    rows = opened(path, key="面積")[2]
    assert [(row.key, row.refused) for row in rows] == [("1", None), (None, "no_key"), ("3.5", None)]


def test_open_data_of_a_city_is_read_by_the_names_of_its_columns(tmp_path: Path, opened: Open) -> None:
    """The old edition in CP932, with half-width kana, latitude and longitude exchanged in a row, and codes that begin with 0."""
    text = (
        "ＮＯ,名称,住所,緯度,経度,電話番号,\r\n"
        "1,市役所,日野市神明１－１２－１,35.6713,139.3949,042-585-1111,\r\n"
        '2,公民館,,139.3949,35.6713,="0425",\r\n'
        "3,なし,,,,,\r\n"
        "4,海,,0,0,,\r\n"
    )
    (tmp_path / "facility.csv").write_bytes(text.encode("cp932"))
    file, datum, rows = opened(tmp_path / "facility.csv", "point")
    assert (file.encoding, datum.epsg) == ("cp932", 6668)
    assert dict(file.columns) == {"ID": "number", "名称": "string", "所在地_連結表記": "string", "電話番号": "string"}
    assert [row.refused for row in rows] == [None, None, "empty", "outside"]
    assert rows[1].fixes == ("swapped",)
    assert rows[1].properties["電話番号"] == "0425"
    assert rows[1].geom is not None
    assert rows[1].geom.x == pytest.approx(139.3949)


GPX = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
<trk><name>点検の道</name><trkseg><trkpt lat="35.67" lon="139.39"><ele>90</ele></trkpt><trkpt lat="35.68" lon="139.40"/></trkseg></trk></gpx>
"""


def test_a_walk_with_a_receiver_is_read_as_a_line(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "walk.gpx").write_text(GPX, encoding="utf-8")
    file, datum, rows = opened(tmp_path / "walk.gpx", "line")
    assert (file.format, file.layer, datum.epsg) == ("GPX", "tracks", 4326)
    assert [(row.properties["name"], row.refused) for row in rows] == [("点検の道", None)]
    assert rows[0].geom is not None
    assert rows[0].geom.bounds == pytest.approx((139.39, 35.67, 139.40, 35.68))


@pytest.mark.parametrize("name", ["spots.kml", "spots.kmz"])
def test_places_of_an_earth_viewer_are_read_packed_or_not(tmp_path: Path, opened: Open, name: str) -> None:
    placemark = "<Placemark><name>水飲み場</name><Point><coordinates>139.395,35.671,0</coordinates></Point></Placemark>"
    text = f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{placemark}</Document></kml>'
    path = tmp_path / name
    if name.endswith("kmz"):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("doc.kml", text)
    else:
        path.write_text(text, encoding="utf-8")
    file, _datum, rows = opened(path, "point")
    assert (file.format, rows[0].refused) == ("KML", None)
    assert "水飲み場" in rows[0].properties.values()
    assert rows[0].geom is not None
    assert rows[0].geom.bounds == pytest.approx((139.395, 35.671, 139.395, 35.671))


def test_a_shape_of_far_too_many_corners_is_left_out_and_not_drawn(tmp_path: Path, opened: Open) -> None:
    """Only that row: the others are read, and the map that asks where the file lies has them."""
    around = numpy.linspace(0, 2 * numpy.pi, MAX_POSITIONS + 1, endpoint=False)
    ring = numpy.column_stack([139.4 + 0.01 * numpy.cos(around), 35.68 + 0.01 * numpy.sin(around)])
    shapes = numpy.array([shapely.polygons(ring), box(139.4, 35.7, 139.401, 35.701)])
    path = tmp_path / "coast.gpkg"
    names = [numpy.array(["岸", "広場"], dtype=object)]
    pyogrio.raw.write(path, to_wkb(shapes), names, ["n"], driver="GPKG", geometry_type="Polygon", crs="EPSG:6668")
    file, _datum, rows = opened(path)
    assert [row.refused for row in rows] == ["too_many", None]
    assert len(sample_of(first_rows(file)[1])) == 1


def test_a_text_with_a_shape_that_is_too_large_says_so(
    tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OGR_GEOJSON_MAX_OBJ_SIZE", "0.001")
    around = [(139.4 + n / 1e6, 35.7 + n * n / 1e9) for n in range(500)]
    with pytest.raises(FileError) as refused:
        opened(geojson(tmp_path / "coast.geojson", polygon(*around, (139.4, 35.8))))
    assert refused.value.code == "shape"


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 4096 * MAX_RATIO * 4)


def climber(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../a.csv", "緯度,経度\n35,139\n")


def two_sets(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "緯度,経度\n35,139\n")
        archive.writestr("b.geojson", "{}")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.zip", bomb, "archive_size"),
        ("a.zip", climber, "archive_path"),
        ("a.zip", two_sets, "archive_content"),
        ("a.zip", b"PK\x03\x04 no archive", "broken"),
        ("a.geojson", b"", "empty"),
        ("a.geojson", b"MZ\x90\x00", "kind"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "features"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', "broken"),
        ("a.kml", b'<!DOCTYPE k [<!ENTITY a "aaaa">]><kml><Document>&a;</Document></kml>', "kind"),
        ("a.vrt", b'<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>', "kind"),
        ("a.gpkg", b"SQLite format 3\0" + b"\0" * 200, "broken"),
        ("a.csv", "名称,電話\n市役所,042\n".encode(), "position"),
        ("a.csv", ("緯度,経度," + ",".join(f"c{n}" for n in range(500)) + "\n").encode(), "columns"),
        ("a.csv", "緯度,経度\n".encode(), "features"),
        ("a.csv", b"\x81\xff\x81\xff,\xfe\xfe\xfe\n", "encoding"),
    ],
)
def test_files_that_lie_are_refused_with_a_reason(
    tmp_path: Path, opened: Open, name: str, content: bytes | Callable[[Path], None], code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content) if isinstance(content, bytes) else content(path)
    with pytest.raises(FileError) as refused:
        opened(path)
    assert refused.value.code == code
