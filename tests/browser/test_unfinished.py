"""A half-filled page is restored as it was, and a row asks the questions that its own answers require."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.core.clock import today
from tests.browser import damage
from tests.browser.visitor import Visitor

CHILD = {
    "child_name.family": "佐藤",
    "child_name.given": "陽",
    "child_kana.family": "サトウ",
    "child_kana.given": "ハル",
    "child_birthday": "2020-05-03",
    "relation": "own",
    "lives_together": "yes",
}


def child(number: int, **other: str) -> dict[str, str]:
    answers = CHILD | {name.replace("__", "."): text for name, text in other.items()}
    return {f"children.{number}.{name}": text for name, text in answers.items()}


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True, False])
def test_an_unfinished_child_is_found_again_beside_the_others(visit: Callable[..., Visitor], scripts: bool) -> None:
    parent = visit(java_script_enabled=scripts)
    page = parent.page
    parent.goto("/procedures/child-allowance")
    parent.press("入力をはじめる")
    page.wait_for_url("**/applicant")
    children = page.url.replace("/applicant", "/children_step")
    parent.goto(children)
    add = page.locator('[name="add-row"]')
    parent.answer(child(0))
    add.click()
    parent.answer(child(1, child_name__given="葵", lives_together="no"))
    if not scripts:
        parent.press("保存して次へ")
    town = page.locator('[name="children.1.child_address.town"]')
    expect(town).to_be_visible()
    expect(page.locator('[name="children.0.child_address.town"]')).to_have_count(0)
    parent.look("お子さん")
    town.fill("丸の内")
    add.click()
    page.locator('[name="children.2.child_name.family"]').fill("佐")
    if scripts:
        with page.expect_response("**/autosave"):
            page.locator('[name="children.2.child_name.given"]').focus()
        expect(page.locator("[data-save-state]")).to_contain_text("自動で保存しました")
    else:
        parent.press("あとで続ける")
        page.wait_for_url("**/later")
    parent.goto(children)
    for name, text in {
        "children.0.child_name.given": "陽",
        "children.1.child_name.given": "葵",
        "children.1.child_address.town": "丸の内",
        "children.2.child_name.family": "佐",
    }.items():
        expect(page.locator(f'[name="{name}"]')).to_have_value(text)
    parent.look("お子さん")


def test_what_changed_in_another_window_is_seen_before_it_is_sent(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    damage.begin(resident)
    damage.type_place(resident, "tachikawa")
    damage.answer_the_rest(resident)
    resident.look("連絡内容の確認")
    resident.press("連絡を送る")
    resident.sees("に、チェックを入れてください")
    resident.goto("/me")
    resident.page.go_back()  # a page that was refused is asked for again, not sent again
    resident.look("連絡内容の確認")

    other = resident.page.context.new_page()
    other.goto(resident.page.url.replace("/review", "/what"))
    other.get_by_label("くわしいようす").fill("穴は1つでした")
    other.get_by_role("button", name="保存して次へ").click()
    other.wait_for_url("**/where")
    other.close()

    agreed = resident.page.get_by_label("内容に間違いはありません。")
    agreed.check()
    resident.press("連絡を送る")
    expect(resident.page.locator("[data-error-summary]")).to_contain_text(
        "この画面を開いたあとに、入力した内容か料金が変わりました"
    )
    resident.sees("穴は1つでした")
    expect(agreed).not_to_be_checked()
    resident.look()
    agreed.check()
    resident.press("連絡を送る")
    resident.look("連絡が届きました。")


def test_what_is_typed_is_saved_while_the_field_has_the_focus_and_when_the_page_is_left(
    visit: Callable[..., Visitor],
) -> None:
    resident = visit()
    page = resident.page
    damage.begin(resident)
    what = page.url.replace("/where", "/what")
    resident.goto(what)
    details = page.get_by_label("くわしいようす")
    with page.expect_response("**/autosave"):
        details.press_sequentially("。深い")  # and nothing else: no key, no tap outside the field
    expect(page.locator("[data-save-state]")).to_contain_text("自動で保存しました")
    details.press_sequentially("穴")
    resident.goto("/news")  # at once, as from the browser's own bar
    resident.goto(what)
    expect(details).to_have_value(re.compile("深い.*穴|穴.*深い"))


def test_a_refused_page_that_is_loaded_again_shows_what_was_typed_since(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    page = resident.page
    damage.begin(resident)
    damage.type_place(resident, "tachikawa")
    day = page.locator('[name="found_on"]')
    day.fill("2999-01-01")
    resident.press("保存して次へ")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    with page.expect_response("**/autosave"):
        day.fill(today().isoformat())
    page.reload()
    expect(day).to_have_value(re.compile(str(today().day)))
    expect(page.locator('[name="spot.lat"]')).to_have_value("35.6985")
    resident.look()
