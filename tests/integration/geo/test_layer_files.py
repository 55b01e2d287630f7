"""Layers from files and back: what comes in goes out the same in every format, and is known again when it comes back."""

import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import numpy
import pyogrio
import pytest
from shapely import box, to_wkb
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.catalogue import change_entry, entry_of
from geo.exporting import export_layer
from geo.versions import versions_of
from portal.core.errors import Invalid
from portal.core.events import SYSTEM, Event
from portal.maps import catalogue
from portal.maps.imports import ImportSettings, import_file

LONG = "とても長い項目の名前"


@pytest.fixture
def lots(city_db: Session, tmp_path: Path) -> Path:
    """A GeoPackage of three lots, and a layer for it."""
    x = 139.4 + numpy.arange(3) * 0.001
    values = [
        numpy.array(["1-1", "1-2", "1-3"], dtype=object),
        numpy.array(["=1+1", "髙橋①", None], dtype=object),
        numpy.array([1.0, 2.5, numpy.nan]),
    ]
    path = tmp_path / "lots.gpkg"
    fields = numpy.array(["地番", LONG, "面積"], dtype=object)
    squares = to_wkb(box(x, 35.7, x + 0.0005, 35.7005))
    pyogrio.raw.write(path, squares, values, fields, driver="GPKG", geometry_type="Polygon", crs="EPSG:6668")
    catalogue.add_layer(city_db, "lots", "polygon", {"ja": "筆"}, None, SYSTEM)
    return path


def export(city_db: Session, path: Path) -> Path:
    entry = entry_of(city_db, "lots")
    assert entry is not None
    assert export_layer(city_db, entry, 1, path, path.suffix[1:]) == 3
    return path


@pytest.mark.parametrize("name", ["out.gpkg", "out.geojson", "out.zip", "out.kml"])
def test_what_is_exported_comes_back_the_same(city_db: Session, lots: Path, tmp_path: Path, name: str) -> None:
    settings = ImportSettings(key_property="地番")
    first = import_file(city_db, "lots", lots, settings, SYSTEM)
    assert (first.change.added, first.result.rows) == (3, 3)
    assert first.version is not None
    assert list(first.version.columns.items()) == [("地番", "string"), (LONG, "string"), ("面積", "number")]
    if name == "out.kml":
        settings = ImportSettings(layer="lots", key_property="地番")
    again = import_file(city_db, "lots", export(city_db, tmp_path / name), settings, SYSTEM, take=False)
    # a Shapefile cuts the names of columns, KML has a few of its own
    kept = again.change.same + (again.change.changed if name in {"out.zip", "out.kml"} else 0)
    assert (kept, again.change.added, again.change.removed) == (3, 0, 0)
    assert len(versions_of(city_db, "lots")) == 1
    assert [
        event.data["added"]
        for event in city_db.scalars(select(Event).where(Event.name == "layer.imported").order_by(Event.id))
    ] == [3]


def test_a_geopackage_says_how_the_layer_is_drawn(city_db: Session, lots: Path, tmp_path: Path) -> None:
    """As QGIS keeps it: the style that is the default of the table with the features."""
    import_file(city_db, "lots", lots, ImportSettings(), SYSTEM)
    classes = [{"colour": "#e69f00", "label": "市の土地", "value": "1-1"}]
    style = {"by": "category", "property": "地番", "classes": classes, "stroke": "#333333", "label": "地番"}
    change_entry(city_db, "lots", style=style)
    with closing(sqlite3.connect(export(city_db, tmp_path / "out.gpkg"))) as file:
        query = "SELECT f_table_name, f_geometry_column, styleQML FROM layer_styles WHERE useAsDefault"
        [(table, column, qml)] = file.execute(query).fetchall()
        known = {row[0] for row in file.execute("SELECT table_name || '.' || column_name FROM gpkg_geometry_columns")}
    assert f"{table}.{column}" in known
    root = ElementTree.fromstring(qml)  # noqa: S314 - our own
    renderer = root.find("renderer-v2")
    assert renderer is not None
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", "地番")
    assert [(each.get("value"), each.get("label")) for each in renderer.iter("category")] == [("1-1", "市の土地")]
    assert "230,159,0,51" in {prop.get("v") for prop in renderer.iter("prop")}


def test_a_table_is_safe_to_open_in_a_spreadsheet(city_db: Session, lots: Path, tmp_path: Path) -> None:
    import_file(city_db, "lots", lots, ImportSettings(), SYSTEM)
    content = export(city_db, tmp_path / "out.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    head, first = content.decode("utf-8-sig").split("\r\n")[:2]
    assert head.split(",") == ["地番", LONG, "面積", "形状"]
    assert "'=1+1," in first
    assert "POLYGON ((" in first


def test_a_file_without_the_key_is_refused_and_nothing_changes(city_db: Session, lots: Path) -> None:
    with pytest.raises(Invalid, match="見分ける項目「番号」が、ファイルにありません"):
        import_file(city_db, "lots", lots, ImportSettings(key_property="番号"), SYSTEM)
    assert versions_of(city_db, "lots") == []
