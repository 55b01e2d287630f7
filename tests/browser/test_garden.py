"""A plot by lottery, paid over time and by a meter, about which another department is asked: the resident on a phone, three
people at their desks.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.audit import PHONE
from tests.browser.desk import Desk
from tests.browser.papers import photo
from tests.browser.visitor import Visitor

GARDEN = Path(__file__).with_name("garden.yaml")


@pytest.fixture(scope="module")
def garden(publish: Callable[[Path], None]) -> None:
    """The procedure is published."""
    publish(GARDEN)


@pytest.mark.slow
@pytest.mark.usefixtures("garden")
def test_a_plot_is_drawn_and_another_department_answers(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor], tmp_path: Path
) -> None:
    resident = visit(viewport=PHONE)
    resident.goto("/procedures/garden")
    resident.sees("審査のあとに支払います(何回かに分けます)")
    resident.press("入力をはじめる")
    resident.answer({"plot": "east", "name.family": "佐藤", "name.given": "美咲"})
    resident.press("保存して確認へ")
    resident.look("申請内容の確認")
    resident.sees("支払う日と金額")
    resident.sees("許可の6か月後")
    resident.page.locator('[name="agreed"]').check()
    resident.press("申請を送る")
    resident.look("届きました")
    fingerprint = resident.page.locator("code.fingerprint").inner_text()
    number = resident.page.get_by_text(re.compile(r"^立-")).first.inner_text()
    resident.goto("/procedures/garden")
    resident.sees(fingerprint)
    resident.look()

    clerk = at_desk("tanaka")
    clerk.goto("/desk/lotteries")
    clerk.look("抽選")
    clerk.page.locator("main .row", has_text="区画の利用").get_by_role("button", name="抽選する").click()
    clerk.page.locator("dialog[open] button:not([data-closes-dialog])").click()
    clerk.look("抽選の結果")
    clerk.sees("このたねの SHA-256 と同じです。")
    clerk.sees(fingerprint)
    desk = Desk(clerk)
    desk.open(number)
    desk.do("受け付ける")
    clerk.look()
    _read_the_meter(desk, photo(tmp_path, "メーター.jpg"))

    colleague = at_desk("takahashi")
    colleague.goto("/desk/consultations")
    colleague.look("照会")
    colleague.page.locator("tr", has_text=number).get_by_role("link", name="答える").click()
    colleague.look("通路の確認")
    colleague.answer({"passable": "yes"})
    colleague.page.locator("main form button").last.click()
    colleague.page.wait_for_url(re.compile(r"/desk/cases/\d+"))
    colleague.look()

    desk.open(number)
    expect(desk.drawer).to_contain_text("通路は通れますか")
    clerk.look()


def _read_the_meter(desk: Desk, proof: Path) -> None:
    """What is measured takes the place of the estimate: a figure that cannot be is refused, the next one is kept with its proof."""
    desk.drawer.get_by_role("link", name="実測した値を入れる・確かめる").click()
    desk.window.look("実測")
    desk.window.sees("見込み 10 m³")
    desk.window.answer({"figure": "12.55", "reason": "11月28日にメーターを読みました。"})
    desk.window.press("実測した値で料金を決める")
    desk.window.sees("小数は1桁まで")
    desk.window.look()
    desk.window.answer({"figure": "12.5", "added": proof})
    desk.window.press("実測した値で料金を決める")
    desk.window.sees("2,000円 → 2,500円")
    desk.window.look()
