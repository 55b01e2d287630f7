"""A neighbour is asked by link, proves the address with the code from the mail, and signs with a finger on a phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.audit import PHONE
from tests.browser.mailbox import Mailbox
from tests.browser.visitor import Visitor

NEIGHBOUR = "tonari@example.jp"
FENCE = Path(__file__).with_name("fence.yaml")


@pytest.mark.slow
def test_a_neighbour_signs_on_a_phone(
    visit: Callable[..., Visitor], publish: Callable[[Path], None], mailbox: Mailbox
) -> None:
    publish(FENCE)
    owner = visit()
    owner.goto("/procedures/fence-notice")
    owner.press("入力をはじめる")
    owner.answer(
        {"name.family": "佐藤", "name.given": "葵", "days": "12", "neighbour.family": "鈴木", "neighbour.given": "一"}
    )
    owner.answer({"neighbour_email": NEIGHBOUR})
    owner.press("保存して確認へ")
    owner.page.get_by_text("内容に間違いはありません。").click()
    owner.press("届出を送る")
    owner.page.wait_for_url("**/done/**")

    neighbour = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    page = neighbour.page
    neighbour.goto(mailbox.link(NEIGHBOUR, "同意のお願い"))
    neighbour.look("隣の方の同意")
    neighbour.press("コードを送る")
    neighbour.answer({"code": mailbox.code(NEIGHBOUR)})
    neighbour.press("内容を見る")
    neighbour.sees("足場を立てることに同意します。")
    page.get_by_text("同意します", exact=True).tap()
    neighbour.answer({"signature": "鈴木 一"})
    pad = page.locator("[data-signature-pad]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 90, steps=6)
    page.mouse.up()
    expect(pad.locator("polyline")).to_have_count(1)
    neighbour.look()
    neighbour.press("返事を送る")
    neighbour.sees("同意しました")
    neighbour.sees("同意を取り消す")
    neighbour.look()
