"""An application sent without signing in is opened on another device, by the address of its letters and the check code of its receipt."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import damage
from tests.browser.mailbox import Mailbox
from tests.browser.people import enter_mailed_code
from tests.browser.visitor import Visitor


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_report_is_opened_on_another_device(
    visit: Callable[..., Visitor], mailbox: Mailbox, java_script_enabled: bool
) -> None:
    address = f"another-device-{java_script_enabled}@example.jp".lower()
    first = visit("tachikawa")
    damage.begin(first)
    damage.type_place(first, "tachikawa")
    number = damage.finish(first, address)
    code = re.search(r"確認番号\s+(\d{4}-\d{4})", first.page.locator("main").inner_text())
    assert code

    phone = {"width": 390, "height": 844}
    second = visit("tachikawa", viewport=phone, java_script_enabled=java_script_enabled)
    second.goto(first.page.url.replace("/done/", "/me/cases/"))
    enter_mailed_code(second, mailbox, address)
    second.look("確認番号を入力してください")
    expect(second.page.locator("main")).not_to_contain_text("深さ10 cm")
    second.page.get_by_label("確認番号").fill("1234-567")
    second.press("手続きを開く")
    second.sees("8けたの数字で入力してください")
    second.look()
    second.page.get_by_label("確認番号").fill(code[1])
    second.press("手続きを開く")
    second.page.wait_for_url("**/me/cases/*")
    second.look("道路の損傷の連絡")
    expect(second.page.locator("main")).to_contain_text(number)
