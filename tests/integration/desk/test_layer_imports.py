"""A file dropped on a layer: scanned, looked at, asked about, read by the worker, compared, and taken; files that lie change nothing."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
import pyogrio
import pytest
from flask import Flask
from shapely import box, to_wkb
from sqlalchemy import func, select, update

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.events import Event
from portal.identity.actions import disable_staff
from portal.maps.importing import KEPT, forget_imports
from portal.maps.models import LayerImport, LayerImportPiece
from tests.integration.desk.conftest import CITY, Office
from tests.integration.files.conftest import EICAR, clamd, use_scanner  # noqa: F401 - a fixture
from tests.kit.browser import Browser
from tests.kit.city import hire
from tests.kit.jobs import forget_jobs, run_next, waiting, work

EAST, NORTH = -36_000.0, -33_000.0  # metres in the plane system IX, in 日野市
TABLE = (
    "ＮＯ,名称,住所,緯度,経度,収容人数\r\n"
    "A-1,南平体育館,南平4-23-1,35.6560,139.3920,250\r\n"
    "A-2,落川公園,落川1400,139.4250,35.6600,多い\r\n"
    "A-3,未定,,,,\r\n"
    "A-1,二重,南平,35.6561,139.3921,1\r\n"
)


@pytest.fixture(autouse=True)
def scanner(clamd: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811 - the fixture of that name
    use_scanner(monkeypatch, clamd)
    forget_jobs(CITY)


@pytest.fixture(scope="module")
def keeper(app: Flask, office: Office) -> Iterator[Browser]:
    """Who keeps layers of shelters and lots at the roads office, and leaves in the end."""
    staff_id = hire(CITY, "imports@example.jp", {"road-management": {"publisher"}})
    browser = Browser(app, CITY, "192.0.2.93").sign_in_at_desk("imports@example.jp")
    browser.get("/desk/layers")
    for key, title, kind in (("shelters", "避難所", "point"), ("parcels", "筆", "polygon")):
        new = {"title": title, "key": key, "kind": kind, "owner": "road-management"}
        assert browser.post("/desk/layers", new).status_code == 303
    yield browser
    with city_session(CITY) as session:
        disable_staff(session, staff_id)


def send(browser: Browser, key: str, name: str, content: bytes) -> str:
    """Upload a file, have the worker look at it, and return the address of its import."""
    browser.get(f"/desk/layers/{key}/imports")
    sent = browser.post(f"/desk/layers/{key}/imports", {"file": (io.BytesIO(content), name)})
    assert sent.status_code == 303, sent.text
    work(CITY)
    return str(sent.location)


def answers_of(page: str, **answers: Any) -> dict[str, Any]:
    """The answers that a page begins with, and others in their place."""
    names = dict(re.findall(r'name="(name_\d+)" value="([^"]*)"', page))
    kinds = dict(re.findall(r'name="(kind_\d+)".*?<option value="(\w+)" selected', page, re.DOTALL))
    chosen = dict(
        re.findall(r'<select[^>]*name="(epsg|axes|known_by|address)".*?value="([^"]*)" selected', page, re.DOTALL)
    )
    taken = re.findall(r'name="take" value="(\d+)"', page)
    return {**names, **kinds, **chosen, "take": taken, "act": "read", **answers}


def shapefile(folder: Path, uses: list[str], *, prj: bool = True) -> bytes:
    """Squares in CP932, plane system IX, with the numbers and uses of lots, as a ZIP file without .cpg."""
    x = EAST + 20.0 * numpy.arange(len(uses))
    values = [numpy.array([f"{n}番" for n in range(1, len(uses) + 1)], dtype=object), numpy.array(uses, dtype=object)]
    path = folder / "筆.shp"
    pyogrio.raw.write(
        path, to_wkb(box(x, NORTH, x + 10, NORTH + 10)), values, numpy.array(["地番", "用途"], dtype=object),
        driver="ESRI Shapefile", geometry_type="Polygon", crs="EPSG:6677", encoding="CP932",
    )  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file in folder.glob("筆.*"):
            if file.suffix != ".cpg" and (prj or file.suffix != ".prj"):
                archive.write(file, file.name)
    return out.getvalue()


def left() -> int:
    with city_session(CITY) as session:
        return session.scalar(select(func.count()).select_from(LayerImportPiece)) or 0


def test_a_table_with_bad_rows_becomes_a_version_and_says_what_it_left_out(keeper: Browser) -> None:
    address = send(keeper, "shelters", "避難所.csv", TABLE.encode("cp932"))
    page = keeper.get(address).text
    assert all(
        words in page for words in ("CP932(Shift_JIS)", "JGD2011", "所在地_連結表記", "folium-map", "kmのところ")
    )
    plan = answers_of(page, known_by="ID", kind_3="number", name_3="定員", take=["0", "1", "3"])
    twice = keeper.post(address, {**plan, "name_1": "ID"})
    assert (twice.status_code, "「ID」が2つあります" in twice.text, "定員" in twice.text) == (422, True, True)
    assert keeper.post(address, plan).status_code == 303
    polled = keeper.get(address, HX_Request="true")
    assert "4件のうち、0件を読み取りました" in polled.text
    work(CITY)
    assert keeper.get(address, HX_Request="true").headers["HX-Refresh"] == "true"
    seen = keeper.get(address).text
    assert all(words in seen for words in ("4行のうち、2行を取り込みます", "場所がない", "前の行と同じ", "入れかえた"))
    report = keeper.get(f"{address}/report.csv").get_data(as_text=True).split("\r\n")
    assert report[1].startswith("2,A-2,直した,緯度と経度の順を入れかえた、選んだ種類として読めない値")
    assert report[2].startswith("3,A-3,取り込まない,場所がない")
    taken = keeper.post(f"{address}/taking", {"seen": "0", "note": "年度の更新", "data_date": "2027-04-01"})
    assert (taken.status_code, left()) == (303, 0)
    layer = keeper.get("/desk/layers/shelters").text
    assert all(words in layer for words in ("2件・第1版", "年度の更新", "避難所.csv", "2027年4月1日"))
    assert layer.index(">ID<br>") < layer.index(">名称・文字<") < layer.index(">定員<br>"), (
        "名称 has its label above it"
    )
    with city_session(CITY) as session:
        event = session.scalars(select(Event).where(Event.name == "layer.imported").order_by(Event.id.desc())).first()
        assert event is not None
        assert (event.data["added"], event.data["refused"]) == (2, 2)
    again = keeper.post(f"{address}/taking", {"seen": "0"})
    assert (again.status_code, "もう取り込みました" in again.text) == (409, True)


def test_a_table_that_has_only_addresses_is_placed_by_them_or_says_which_are_unknown(keeper: Browser) -> None:
    table = "名称,住所,電話\r\n学習館,無有町3-1,042\r\n"
    address = send(keeper, "shelters", "館.csv", table.encode())
    page = keeper.get(address).text
    assert "座標の列がありません。この項目の住所から" in page
    plan = answers_of(page)
    assert plan["address"] == "所在地_連結表記"
    refused = keeper.post(address, {**plan, "address": ""})
    assert (refused.status_code, "住所が書いてある項目を選んでください" in refused.text) == (422, True)
    assert keeper.post(address, plan).status_code == 303
    work(CITY)
    assert "住所がこの市の町名・番地に見つからない 1行" in keeper.get(address).text
    assert keeper.post(address, {"act": "cancel"}).status_code == 303


def test_a_shapefile_says_what_it_would_change_before_it_does(keeper: Browser, tmp_path: Path) -> None:
    first = send(keeper, "parcels", "筆.zip", shapefile(tmp_path, ["田", "畑", "宅地"], prj=False))
    page = keeper.get(first).text
    assert all(words in page for words in ("座標系(測地系)が書かれていません", "EPSG:6677", "文字が正しく読めているか"))
    drawn = keeper.post(first, answers_of(page, act="draw", epsg="6677"))
    assert (drawn.status_code, "kmのところ" in drawn.text) == (200, True)
    astray = keeper.post(first, answers_of(page, act="draw", epsg="6668"))
    assert "座標の値は、この座標系の範囲にありません" in astray.text
    wrong = keeper.post(first, answers_of(page, epsg=""))
    assert (wrong.status_code, "座標系を選んでください" in wrong.text) == (422, True)
    assert keeper.post(first, answers_of(page, epsg="6677", known_by="地番")).status_code == 303
    work(CITY)
    assert keeper.post(f"{first}/taking", {"seen": "0"}).status_code == 303
    second = send(keeper, "parcels", "筆.zip", shapefile(tmp_path, ["田", "宅地"]))
    keeper.post(second, answers_of(keeper.get(second).text))
    work(CITY)
    seen = keeper.get(second).text
    assert [re.search(rf"<dt>{name}</dt><dd>(\d+)件", seen)[1] for name in ("加わる", "変わる", "なくなる", "同じまま")] == [  # type: ignore[index] # it is there
        "0", "1", "1", "1",
    ]  # fmt: skip
    assert re.search(r"<td>変わる</td><td>2番</td><td>用途</td>", seen)
    assert "いまの版の多くが、なくなります" not in seen
    other = send(keeper, "parcels", "筆.zip", shapefile(tmp_path, ["畑"]))
    keeper.post(other, answers_of(keeper.get(other).text, known_by=""))
    work(CITY)
    assert "3件のうち、残るのは0件です" in keeper.get(other).text
    assert keeper.post(other, {"act": "cancel"}).status_code == 303
    third = send(keeper, "parcels", "筆.zip", shapefile(tmp_path, ["田", "畑", "公園"]))
    keeper.post(third, answers_of(keeper.get(third).text))
    work(CITY)
    assert keeper.post(f"{second}/taking", {"seen": "1"}).status_code == 303
    assert "取り込みの途中" in keeper.get("/desk/layers/parcels").text
    late = keeper.post(f"{third}/taking", {"seen": "1"})
    assert (late.status_code, "ほかの人が新しくしました" in late.text) == (409, True)
    assert keeper.post(third, {"act": "compare"}).status_code == 303
    assert "第3版になります" in keeper.get(third).text
    assert keeper.post(third, {"act": "cancel"}).status_code == 303
    assert "取り込みの途中" not in keeper.get("/desk/layers/parcels").text
    assert keeper.post("/desk/layers/parcels/versions/1", {"seen": "2"}).status_code == 303


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 4_000_000)
    return out.getvalue()


def climber() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../a.csv", "緯度,経度\n35,139\n")
    return out.getvalue()


def collection(*geometries: Any) -> bytes:
    features = [{"type": "Feature", "properties": {"n": n}, "geometry": each} for n, each in enumerate(geometries)]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.geojson", b"MZ\x90\x00", "この種類のファイルは取り込めません"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "地物がありません"),
        ("a.zip", bomb, "大きすぎます"),
        ("a.zip", climber, "フォルダーの外を指す"),
        ("a.csv", ("緯度,経度," + ",".join(f"c{n}" for n in range(500)) + "\n1,1\n").encode(), "項目が多すぎます"),
        ("a.csv", "名称\n市役所\n".encode(), "座標の列も住所の列もありません"),
        ("a.csv", b"\x81\xff\x81\xff,\xfe\xfe\xfe\n", "文字コードが分かりません"),
        ("a.csv", b"lat,lon\n" + EICAR, "ウイルスが見つかった"),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(
    keeper: Browser, name: str, content: bytes | Callable[[], bytes], words: str
) -> None:
    address = send(keeper, "shelters", name, content if isinstance(content, bytes) else content())
    page = keeper.get(address).text
    assert words in page
    assert "層の中身は変わっていません" in page
    assert left() == 0


@pytest.mark.parametrize(
    ("geometries", "words"),
    [
        ([{"type": "LineString", "coordinates": [[139.4, 35.7], [139.5, 35.7]]}], "層の形"),
        ([{"type": "Point", "coordinates": [139.4, 35.7]}, None], "1件が、層の形とちがう"),
        (
            [{"type": "Polygon", "coordinates": [[[139.4, 35.7], [1e999, 35.7], [139.4, 35.8], [139.4, 35.7]]]}],
            "取り込める行が",
        ),
    ],
)
def test_rows_that_cannot_be_used_leave_the_question_open(keeper: Browser, geometries: list[Any], words: str) -> None:
    address = send(keeper, "parcels", "a.geojson", collection(*geometries))
    page = keeper.get(address).text
    if 'value="read"' in page:
        keeper.post(address, answers_of(page, epsg="6668", known_by=""))
        work(CITY)
        assert "取り込める行がありません" in keeper.get(address).text
        keeper.post(address, {"act": "cancel"})
    else:
        assert "読み取れませんでした" in page


def test_an_import_is_given_up_while_it_is_read_and_forgotten_in_time(keeper: Browser, office: Office) -> None:
    address = send(keeper, "shelters", "a.csv", TABLE.encode())
    assert office.citizens.get(address).status_code == 403
    assert office.citizens.get("/desk/layers/parcels/imports/999999").status_code == 403
    keeper.post(address, answers_of(keeper.get(address).text, known_by="ID"))
    assert waiting(CITY) == ["maps.read_import"]
    assert keeper.post(address, {"act": "cancel"}).status_code == 303
    assert run_next(CITY) == "maps.read_import"
    assert (left(), "やめました" in keeper.get(address).text) == (0, True)
    unfinished = send(keeper, "shelters", "a.csv", TABLE.encode())
    with city_session(CITY) as session:
        session.execute(update(LayerImport).values(started_at=now() - KEPT * 2))
        forget_imports(session)
    assert (keeper.get(unfinished).status_code, left()) == (404, 0)


def test_a_new_layer_may_begin_with_a_file_and_no_file_is_said(keeper: Browser) -> None:
    keeper.get("/desk/layers")
    new = {"title": "公園", "key": "parks", "kind": "point", "owner": "road-management"}
    made = keeper.post("/desk/layers", {**new, "file": (io.BytesIO(TABLE.encode()), "公園.csv")})
    assert "/desk/layers/parks/imports/" in made.location
    none = keeper.post("/desk/layers/parks/imports", {})
    assert (none.status_code, "ファイルを選んでください" in none.text) == (422, True)
    forget_jobs(CITY)
