"""Two people at a case: each sees that the other is there, a plan is looked at beside the map, and who signs a part off is not who drafted it."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal.core.clock import today
from tests.browser import applications
from tests.browser.damage import PLACES
from tests.browser.desk import Desk
from tests.browser.papers import drawing, photo
from tests.browser.visitor import Visitor

STALL = Path(__file__).with_name("stall.yaml")
FIRST, LAST = today() + timedelta(days=30), today() + timedelta(days=33)


@pytest.fixture(scope="module")
def stalls(publish: Callable[[Path], None]) -> None:
    """The procedure is published."""
    publish(STALL)


@pytest.mark.usefixtures("stalls")
def test_a_part_is_drafted_by_one_and_signed_off_by_another(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor], tmp_path: Path
) -> None:
    number = _apply(visit(), tmp_path)
    clerk, chief = Desk(at_desk("takahashi")), Desk(at_desk("tanaka"))
    clerk.open(number)
    clerk.do("受け付ける")
    _look_at_the_plans(clerk)

    chief.open(number)
    expect(chief.drawer.locator("[data-presence]")).to_contain_text("高橋 直子 閲覧中")
    chief.window.look()

    _draft(clerk)
    _ask_a_colleague(clerk)
    expect(chief.page.locator("[data-news-bar]")).to_contain_text("1件に新しい動きがあります", timeout=45_000)
    chief.page.locator("[data-news-bar]").get_by_role("button", name="表示").click()
    expect(chief.page.locator("[data-news-bar]")).to_be_hidden()

    _sign_off(chief, number)
    clerk.open(number)
    clerk.stands_at("許可")
    expect(clerk.drawer).to_contain_text("2日目からは祭りがあります。")
    clerk.page.emulate_media(media="print")  # a case on paper has nobody else on it
    expect(clerk.rows.first).to_be_hidden()
    expect(clerk.drawer).to_be_visible()
    clerk.page.emulate_media(media="screen")
    clerk.drawer.get_by_role("link", name="関連する案件").click()
    clerk.window.look(number)


def _apply(resident: Visitor, folder: Path) -> str:
    """A stall for four days, with a plan and a picture."""
    resident.goto("/procedures/stall")
    resident.press("入力をはじめる")
    resident.page.get_by_text("座標で入力する", exact=True).click()
    latitude, longitude = PLACES["tachikawa"]
    resident.answer({"spot.lat": latitude, "spot.lon": longitude})
    resident.answer({"days.start": FIRST.isoformat(), "days.end": LAST.isoformat()})
    for paper in (drawing(folder), photo(folder)):
        resident.answer({"plans.upload": paper})
        resident.sees(paper.name)
    resident.press("保存して確認へ")
    resident.page.get_by_label("内容に間違いはありません。").check()
    resident.press("申請を送る")
    resident.page.wait_for_url("**/done/**")
    return applications.number(resident)


def _look_at_the_plans(desk: Desk) -> None:
    """One after the other, larger and turned, by keys; the map stays beside them."""
    desk.tab("書類")
    for _ in range(50):  # until both were scanned
        if desk.drawer.get_by_role("link", name="見る").count() == 2:
            break
        desk.page.reload()
    desk.drawer.get_by_role("link", name=re.compile("見る.*平面図")).click()
    sheet = desk.drawer.locator("[data-view-sheet]")
    picture = sheet.get_by_role("img")
    expect(picture).to_have_js_property("complete", value=True)
    expect(desk.page.locator("#map")).to_be_visible()
    fitted = sheet.get_attribute("style") or ""
    desk.page.keyboard.press("+")
    expect(sheet).not_to_have_attribute("style", fitted)
    desk.page.keyboard.press("o")
    expect(picture).to_have_css("rotate", "90deg")
    desk.window.look()
    desk.page.keyboard.press("]")
    expect(desk.drawer.get_by_role("heading", name="写真.jpg")).to_be_visible()
    desk.page.keyboard.press("q")
    expect(desk.drawer.locator("[data-viewer]")).to_have_count(0)
    desk.tab("内容")


def _draft(desk: Desk) -> None:
    """The first day alone is granted."""
    desk.do("許可する")
    dialog = desk.page.locator("dialog[open]")
    dialog.get_by_text("一部だけ認める", exact=True).click()
    dialog.get_by_label("下の範囲だけを認め、残りは認めません").check()
    dialog.get_by_label("認める最終日").fill(FIRST.isoformat())
    dialog.get_by_label(re.compile("認めない部分の理由")).fill("2日目からは祭りがあります。")
    desk.window.look()
    dialog.get_by_role("button", name="起案する").click()
    expect(desk.drawer).to_contain_text("「許可する」を起案しました")
    expect(desk.drawer.get_by_role("button", name="決裁する")).to_have_count(0)


def _ask_a_colleague(desk: Desk) -> None:
    """By a note that names them; what was begun is there again after a look at the content."""
    desk.tab("やりとり")
    desk.drawer.get_by_label("メモを書く").fill("@田中 誠 決裁を")
    desk.tab("内容")
    desk.tab("やりとり")
    expect(desk.drawer.get_by_label("メモを書く")).to_have_value("@田中 誠 決裁を")
    desk.drawer.get_by_label("メモを書く").fill("@田中 誠 決裁をお願いします。")
    desk.drawer.get_by_role("button", name="メモを残す").click()
    expect(desk.drawer).to_contain_text("決裁をお願いします。")


def _sign_off(desk: Desk, number: str) -> None:
    """From the note to the case, and from the list of what waits; then it is carried out."""
    desk.window.goto("/desk/mentions")
    desk.window.look("あなた宛てのメモ")
    expect(desk.page.locator("tr", has_text=number)).to_contain_text("未読")
    desk.window.goto("/desk/sign-offs")
    desk.window.look("決裁")
    desk.page.locator("tr", has_text=number).get_by_role("link", name="案件を開く").click()
    expect(desk.drawer).to_contain_text("2日目からは祭りがあります。")
    desk.drawer.get_by_role("button", name="決裁する", exact=True).click()
    desk.carry_out_now()
    desk.stands_at("許可")
