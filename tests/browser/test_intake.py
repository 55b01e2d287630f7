"""Somebody telephones: a clerk takes the report in on the residents' form, reads it back, and tells the number."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import damage
from tests.browser.visitor import Visitor


def test_a_call_is_taken_in_read_back_and_ended(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka")
    page = window.page
    window.goto("/desk/intakes")
    window.look("代理で受け付ける")
    window.press("入力を始める")
    window.sees("手続きを選んでください。")
    page.get_by_label("手続き", exact=True).select_option("road-damage")
    page.get_by_label("電話", exact=True).check()
    page.get_by_label("申し出た人の名前").fill("相田 花子(母)")
    page.get_by_label("連絡先").fill("042-000-0001")
    window.press("入力を始める")
    page.wait_for_url("**/what")
    window.look("何がこわれていますか")
    window.answer({"defect": "hole", "danger": "no", "details": "電話で聞いた穴です。"})
    window.press("保存して次へ")
    page.wait_for_url("**/where")

    window.goto("/desk/intakes")  # the call is cut off, and comes again
    row = page.locator("tr", has_text="相田 花子(母)")
    expect(row).to_contain_text("電話")
    row.get_by_role("button", name="続きを入力する").click()
    page.wait_for_url("**/where")
    damage.type_place(window, "tachikawa")
    damage.answer_the_rest(window)
    window.sees("本人に確かめてください")
    window.look("連絡内容の確認")
    page.get_by_label("内容に間違いはありません。").check()
    window.press("連絡を送る")
    window.sees("確認番号")
    window.look("連絡が届きました。")
    number = page.get_by_text(re.compile(r"^立-")).first.inner_text()
    window.press("受付を終える")
    page.wait_for_url("**/desk/intakes")
    expect(page.get_by_text("相田 花子(母)", exact=True)).to_have_count(0)

    window.goto(f"/desk?q={number[-3:]}")  # the caller asks again
    expect(page.locator("#case-list")).to_contain_text(number)
    window.look()
