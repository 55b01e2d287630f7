"""A clerk who knows no GIS brings two files into layers: lots in a plane system without a word about it, and a table with bad rows."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy
import pyogrio
import pytest
from playwright.sync_api import expect
from shapely import box, to_wkb

from tests.browser.audit import PHONE
from tests.browser.visitor import Visitor

EAST, NORTH = -38_500.0, -32_500.0  # metres in the plane system IX, in 立川市
TABLE = (
    "NO,名称,住所,緯度,経度,収容人数\r\n1,泉市民体育館,泉町786-11,35.7096,139.4092,800\r\n"
    "2,曙公園,曙町3,139.4200,35.7040,300\r\n3,未定,,,,\r\n"
)


def _lots(folder: Path) -> Path:
    """Thirty lots in CP932, as a ZIP file without .prj and .cpg."""
    x = EAST + 15.0 * numpy.arange(30)
    names = numpy.array([f"{n}番" for n in range(1, 31)], dtype=object)
    squares = to_wkb(box(x, NORTH, x + 12, NORTH + 12))
    pyogrio.raw.write(
        folder / "筆.shp", squares, [names], numpy.array(["地番"], dtype=object),
        driver="ESRI Shapefile", geometry_type="Polygon", crs="EPSG:6677", encoding="CP932",
    )  # fmt: skip
    with zipfile.ZipFile(folder / "筆.zip", "w") as archive:
        for file in folder.glob("筆.???"):
            if file.suffix in {".shp", ".shx", ".dbf"}:
                archive.write(file, file.name)
    return folder / "筆.zip"


def _layer(window: Visitor, key: str, title: str, kind: str) -> None:
    window.goto("/desk/layers")
    window.answer({"title": title, "key": key, "kind": kind, "owner": "road-management"})
    window.press("層をつくる")
    window.follow("ファイルを取り込む")


@pytest.mark.slow
def test_files_become_layers_after_a_look_at_where_they_lie(at_desk: Callable[..., Visitor], tmp_path: Path) -> None:
    window = at_desk("tanaka")
    _layer(window, "lots-of-izumi", "泉町の筆", "polygon")
    window.look("「泉町の筆」にファイルを取り込む")
    window.answer({"file": _lots(tmp_path)})
    window.press("ファイルを送る")
    expect(window.page.get_by_role("heading", name="場所を確かめる")).to_be_visible()
    window.sees("座標系(測地系)が書かれていません")
    expect(window.page.get_by_label("座標系(測地系)")).to_have_value("6677")
    window.answer({"epsg": "2443"})
    window.page.get_by_role("button", name="この座標系で地図を描く").press("Enter")
    window.sees("座標系と座標の順を確かめてください。")
    window.answer({"epsg": "6677"})
    window.page.get_by_role("button", name="この座標系で地図を描く").press("Enter")
    expect(window.page.locator(".folium-map path.leaflet-interactive")).to_have_count(30)
    window.sees(re.compile(r"立川市のまん中から約[0-3]\.\dkm"))
    window.look("筆.zipを取り込む")
    window.page.set_viewport_size(PHONE)
    window.look()
    window.answer({"known_by": "地番"})
    window.page.get_by_role("button", name="読み取って、変わるものを見る").press("Enter")
    window.sees("30行のうち、30行を取り込みます。")
    window.look("筆.zipで変わるもの")
    window.answer({"data_date": "2026-10-01", "note": "はじめての取り込み"})
    window.press("取り込んで、新しい版にする")
    window.sees("30件・第1版")

    plain = at_desk("tanaka", java_script_enabled=False)
    _layer(plain, "shelters-of-izumi", "泉町の避難所", "point")
    (tmp_path / "避難所.csv").write_bytes(TABLE.encode("cp932"))
    plain.answer({"file": tmp_path / "避難所.csv"})
    plain.press("ファイルを送る")
    _wait(plain, "読み取って、変わるものを見る")
    plain.press("読み取って、変わるものを見る")
    _wait(plain, "取り込んで、新しい版にする")
    plain.sees("場所がない")
    plain.sees("緯度と経度の順を入れかえた")
    plain.look("避難所.csvで変わるもの")
    plain.press("取り込んで、新しい版にする")
    plain.sees("2件・第1版")


def _wait(window: Visitor, button: str) -> None:
    """Ask how far it is until a button stands there."""
    while not window.page.get_by_role("button", name=button).count():
        window.page.wait_for_timeout(500)
        window.page.reload()
