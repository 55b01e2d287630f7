"""Somebody who knows no GIS brings two files of other offices into the city's map; a procedure is decided and paid by it, a case is read back by
other programs, and a resident who says that the map is wrong reads what became of it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import expect

from portal.core.clock import today
from tests.browser import layer_files
from tests.browser.audit import PHONE
from tests.browser.desk import Desk
from tests.browser.mailbox import Mailbox
from tests.browser.map_drawing import DrawingMap
from tests.browser.people import prove_address
from tests.browser.visitor import Visitor
from tests.kit.gdal import Gdal

DEFINITION = Path(__file__).with_name("road_lots.yaml")
RESIDENT = "lots@example.jp"
READING = 60_000  # milliseconds
LOTS, PLACES = "road-lots", "road-stations"


@pytest.fixture
def gdal() -> Iterator[Gdal]:
    with Gdal() as running:
        yield running


@pytest.mark.slow
def test_from_two_files_to_a_decision_and_back(
    at_desk: Callable[..., Visitor], visit: Callable[..., Visitor], mailbox: Mailbox, gdal: Gdal, tmp_path: Path
) -> None:
    clerk = at_desk("tanaka")
    _bring_the_lots(clerk, tmp_path)
    _bring_the_stations(clerk, tmp_path)
    _show_to_everybody(clerk)
    _colour_by_kind(clerk)
    _correct_a_price(clerk)
    _publish(at_desk("yamamoto"))

    resident = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    number = _apply(resident, mailbox)

    desk = Desk(clerk)
    _find_by_answer(desk, number)
    _print(desk)
    _read_by_program(clerk, gdal, number)

    _object(resident)
    _answer(clerk)
    resident.goto(mailbox.link(RESIDENT, "地図"))
    resident.sees("地図を直しました(第3版)")
    resident.sees("契約書のとおり、残地に直しました。")
    resident.look("道路予定地の一時使用")


def _new_layer(clerk: Visitor, key: str, title: str, kind: str) -> None:
    clerk.goto("/desk/layers")
    clerk.look("地図")
    clerk.answer({"title": title, "key": key, "kind": kind, "owner": "road-management"})
    clerk.press("層をつくる")
    clerk.look(title)
    clerk.follow("ファイルを取り込む")
    clerk.look(f"「{title}」にファイルを取り込む")


def _read(clerk: Visitor) -> None:
    """Have every row read, which a process of its own begins with reading its libraries."""
    clerk.press("読み取って、変わるものを見る")
    expect(clerk.page.get_by_role("heading", name="読み取った行")).to_be_visible(timeout=READING)


def _bring_the_lots(clerk: Visitor, folder: Path) -> None:
    """A surveyor's file: what is read, where it lies, and which rows are repaired or left out is said before anything changes."""
    page = clerk.page
    _new_layer(clerk, LOTS, "道路予定地", "polygon")
    clerk.answer({"file": layer_files.lots(folder)})
    clerk.press("ファイルを送る")
    expect(page.get_by_role("heading", name="場所を確かめる")).to_be_visible(timeout=READING)
    clerk.sees("CP932(Shift_JIS)")
    clerk.sees("EPSG:6677")
    clerk.sees(re.compile(r"立川市のまん中から約[0-3]\.\dkm"))
    for name in layer_files.COLUMNS:
        expect(page.get_by_label(f"「{name}」の層での名前")).to_have_value(name)
    clerk.answer({"known_by": "用地の番号"})
    clerk.look("道路予定地.zipを取り込む")
    _read(clerk)
    clerk.sees("7行のうち、5行を取り込みます。")
    report = page.get_by_role("region", name="直した行と、取り込まない行")
    expect(report).to_contain_text(re.compile(r"A-5\s*直した\s*交わっている輪郭を直した"))
    expect(report).to_contain_text(re.compile(r"A-6\s*取り込まない\s*場所がない"))
    expect(report).to_contain_text(re.compile(r"A-1\s*取り込まない\s*見分ける項目の値が、前の行と同じ"))
    clerk.look("道路予定地.zipで変わるもの")
    clerk.answer({"data_date": "2026-10-01", "note": "測量の成果"})
    clerk.press("取り込んで、新しい版にする")
    clerk.sees("5件・第1版")
    clerk.look("道路予定地")


def _bring_the_stations(clerk: Visitor, folder: Path) -> None:
    """A table by the open data standard: rows without coordinates get a place by their address, others are left with a reason."""
    page = clerk.page
    _new_layer(clerk, PLACES, "道路の詰所", "point")
    clerk.answer({"file": layer_files.facilities(folder)})
    clerk.press("ファイルを送る")
    expect(page.get_by_role("heading", name="場所を確かめる")).to_be_visible(timeout=READING)
    clerk.answer({"known_by": "ID", "address": ""})
    _read(clerk)
    clerk.sees("6行のうち、3行を取り込みます。")
    clerk.look()
    clerk.press("座標系と項目を決め直す")
    clerk.answer({"address": "所在地_連結表記"})
    _read(clerk)
    clerk.sees("6行のうち、4行を取り込みます。")
    report = page.get_by_role("region", name="直した行と、取り込まない行")
    expect(report).to_contain_text("緯度と経度の順を入れかえた")
    expect(report).to_contain_text("住所がこの市の町名・番地に見つからない")
    expect(report).to_contain_text("日本の外にある")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="全部の行の一覧をCSVで受け取る").click()
    assert "日本の外にある" in downloaded.value.path().read_text(encoding="utf-8-sig")
    clerk.look("130001_public_facility.csvで変わるもの")
    clerk.press("取り込んで、新しい版にする")
    clerk.sees("4件・第1版")


def _show_to_everybody(clerk: Visitor) -> None:
    """What holds for residents is seen by them, so that they can say that it is wrong."""
    clerk.goto(f"/desk/layers/{LOTS}")
    clerk.page.locator("#describe > summary").click()
    clerk.look()
    clerk.answer({"visible_to": "public"})
    clerk.press("変える")
    clerk.sees("道路予定地")


def _colour_by_kind(clerk: Visitor) -> None:
    """The map beside the form follows each choice; others see it once it is kept."""
    page = clerk.page
    clerk.goto(f"/desk/layers/{LOTS}")
    clerk.follow("見た目を変える")
    clerk.answer({"by": "category"})
    clerk.answer({"property": "用地の種別"})
    clerk.press("分けてみる")
    shown = page.locator("#style-shown")
    for kind in ("買収済", "代替地", "残地"):
        expect(shown).to_contain_text(kind)
    page.get_by_label("1番目の凡例の言葉").fill("市が買った土地")
    page.keyboard.press("Tab")
    expect(shown).to_contain_text("市が買った土地")
    clerk.look("「道路予定地」の見た目")
    clerk.press("この見た目にする")
    clerk.look("道路予定地")
    clerk.sees("市が買った土地")


def _correct_a_price(clerk: Visitor) -> None:
    """One feature is found by its number, corrected and published as the second version."""
    page = clerk.page
    clerk.follow("地図の上で編集する")
    page.locator("#find").fill("A-3")
    page.locator("#edit-list").get_by_role("link", name="A-3").click()
    price = page.get_by_label("使用料単価", exact=True)
    price.fill("400")
    page.keyboard.press("Tab")
    expect(page.locator("[data-edit-status]")).to_contain_text("保存しました")
    clerk.look("「道路予定地」を編集する")
    clerk.follow("変更の一覧・新しい版にする")
    clerk.sees("使用料単価：450 → 400")
    clerk.look("「道路予定地」の変更")
    clerk.answer({"note": "単価の改定"})
    clerk.press("新しい版にする")
    clerk.sees("5件・第2版")


def _publish(publisher: Visitor) -> None:
    """A procedure that is held to the layer and paid by it, made at the desk."""
    page = publisher.page
    publisher.goto("/desk/procedures")
    publisher.answer({"title": "道路予定地の一時使用", "key": "road-lots", "department": "road-management"})
    publisher.press("下書きをつくる")
    publisher.look("道路予定地の一時使用")
    page.get_by_label("手続きの定義(YAML)").fill(DEFINITION.read_text(encoding="utf-8"))
    preview = page.locator("#preview-pane .device")
    expect(preview).to_contain_text("使う範囲")
    expect(page.locator('#definition-faults [data-severity="error"]')).to_have_count(0)
    publisher.look()
    publisher.press("下書きを保存する")
    page.wait_for_load_state()
    publisher.press("公開する…")
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("変更の理由").fill("新しい手続き")
    publisher.look()
    dialog.get_by_role("button", name="公開する").click()
    publisher.sees("公開しました。")


def _apply(resident: Visitor, mailbox: Mailbox) -> str:
    """On a telephone: a place outside is told, one inside gives its fee; the number of the application."""
    page = resident.page
    resident.goto("/procedures/road-lots")
    resident.look("道路予定地の一時使用")
    resident.press("入力をはじめる")
    drawing = DrawingMap(page)
    drawing.look_at(*layer_files.corner_of(2, 8, -12), 20)
    for east, north in ((3, -9), (13, -9), (13, -4), (3, -4)):
        drawing.tap(layer_files.corner_of(2, east, north))
    live = page.locator("#live-panel")
    expect(live).to_contain_text("道路予定地の中に描いてください。")
    resident.look("使う場所")
    page.get_by_role("button", name="全部消す").tap()
    drawing.look_at(*layer_files.corner_of(2, 8, 0), 20)
    for east, north in ((3, 4), (13, 4), (13, 9), (3, 9)):
        drawing.tap(layer_files.corner_of(2, east, north))
    expect(live).to_contain_text(re.compile(r"(49|50|51) m² × 400円\(代替地\)"))
    expect(live).not_to_contain_text("道路予定地の中に描いてください。")
    resident.look("使う場所")
    resident.press("保存して次へ")
    resident.answer({"use": "yard", "name.family": "佐藤", "name.given": "美咲"})
    resident.press("保存して確認へ")
    resident.look("申請内容の確認")
    prove_address(resident, mailbox, RESIDENT)
    page.get_by_label("内容に間違いはありません。").check()
    resident.press("申請を送る")
    resident.look("届きました")
    return page.get_by_text(re.compile(r"^立-")).first.inner_text().strip()


def _find_by_answer(desk: Desk, number: str) -> None:
    """The case lies on the staff map over the layer, and is found by what was answered."""
    page = desk.page
    desk.window.goto("/desk?procedure=road-lots")
    expect(desk.rows).to_have_count(1)
    desk.choose_layers()
    page.get_by_label("道路予定地", exact=True).check()
    expect(page.locator("#map")).to_have_attribute("data-layers", re.compile(LOTS))
    desk.open_menu("条件")
    page.get_by_role("group", name="答え").get_by_label(re.compile("催し")).check()
    page.locator(".filter-menu[open]").get_by_role("button", name="この条件で見る").click()
    desk.window.sees("当てはまる案件はありません。")
    desk.open_menu("条件")
    page.get_by_role("group", name="答え").get_by_label(re.compile("催し")).uncheck()
    page.get_by_role("group", name="答え").get_by_label(re.compile("資材置き場")).check()
    page.locator(".filter-menu[open]").get_by_role("button", name="この条件で見る").click()
    expect(desk.rows).to_have_count(1)
    desk.press_pin()
    expect(desk.drawer).to_contain_text(number)
    desk.window.look()


def _print(desk: Desk) -> None:
    """What the map shows under its filter, on paper at the scale that was chosen."""
    page = desk.page
    desk.open_menu("表示と書き出し")
    page.get_by_role("button", name="地図を刷る").click()
    desk.window.look("地図を印刷する")
    page.get_by_label("縮尺").select_option("500")
    expect(page.get_by_label(re.compile("^道路予定地"))).to_be_checked()
    page.get_by_role("button", name="PDFをつくる").click()
    page.get_by_role("link", name="PDFを受け取る").wait_for(timeout=60_000)
    desk.window.sees("縮尺1:500")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="PDFを受け取る").click()
    with pikepdf.open(downloaded.value.path()) as paper:
        assert len(paper.pages) >= 1


def _read_by_program(clerk: Visitor, gdal: Gdal, number: str) -> None:
    """GDAL reads layer and cases by the address that the desk shows with a key, and nothing without it."""
    page = clerk.page
    clerk.goto("/desk/layers")
    clerk.follow("外部のプログラムの鍵")
    clerk.look("外部のプログラムの鍵")
    last = (today() + timedelta(days=30)).isoformat()
    clerk.answer({"name": "道路課の地図ソフト", "department": "road-management", "layers": LOTS})
    clerk.answer({"procedures": "road-lots", "valid_until": last})
    clerk.press("鍵をつくる")
    clerk.look("「道路課の地図ソフト」の鍵")
    told = page.locator(".summary-list").inner_text()
    key = re.search(r"mdg_[\w-]{43}", told)
    address = re.search(r"http://\S+/desk/ogc", told)
    assert key
    assert address
    source = f"OAPIF:{address[0]}"
    cases = gdal.read(source, "cases.road-lots.area", key=key[0])
    assert cases["columns"]["number"] == [number]
    assert cases["columns"]["use"] == ["yard"]
    lots = gdal.read(source, LOTS, key=key[0], CRS="EPSG:6677", where="\"用地の種別\" = '代替地'")
    assert lots["columns"]["使用料単価"] == ["400"]
    with pytest.raises(AssertionError, match="401"):
        gdal.read(source, LOTS)


def _object(resident: Visitor) -> None:
    """The resident follows the application and says that the map is wrong."""
    page = resident.page
    resident.goto("/me")
    page.get_by_role("link", name=re.compile("道路予定地の一時使用")).first.click()
    resident.look("道路予定地の一時使用")
    statement = page.locator("#map-statements .card", has_text="代替地")
    statement.locator("summary").click()
    statement.get_by_role("button", name="地図がちがうと伝える").click()
    resident.look()
    statement.get_by_role("textbox").fill("代替地ではなく、残地です。契約書があります。")
    statement.get_by_role("button", name="地図がちがうと伝える").click()
    resident.sees("地図を管理する課が確かめています。")
    resident.look("道路予定地の一時使用")


def _answer(clerk: Visitor) -> None:
    """Who keeps the layer finds the words in the catalogue; that it was put right is believed when there is a newer version."""
    page = clerk.page
    clerk.goto("/desk/layers")
    page.get_by_role("link", name="地図がちがう 1件").click()
    task = page.locator("#objections li", has_text="代替地ではなく、残地です。")
    clerk.look("道路予定地")
    task.get_by_role("button", name="直した", exact=True).click()
    clerk.sees("新しい版になっていません")
    clerk.look()
    clerk.follow("地図の上で編集する")
    page.locator("#find").fill("A-3")
    page.locator("#edit-list").get_by_role("link", name="A-3").click()
    page.get_by_label("用地の種別", exact=True).fill("残地")
    page.keyboard.press("Tab")
    expect(page.locator("[data-edit-status]")).to_contain_text("保存しました")
    clerk.follow("変更の一覧・新しい版にする")
    clerk.press("新しい版にする")
    clerk.sees("5件・第3版")
    task.get_by_label(re.compile("答え|理由")).fill("契約書のとおり、残地に直しました。")
    task.get_by_role("button", name="直した", exact=True).click()
    expect(page.locator("#objections")).to_have_count(0)
    clerk.look("道路予定地")
