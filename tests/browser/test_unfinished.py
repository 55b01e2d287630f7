"""A half-filled page is restored as it was, and a row asks the questions that its own answers require."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

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
    parent.press("申請をはじめる")
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
    resident.look("確認して、申請してください。")

    other = resident.page.context.new_page()
    other.goto(resident.page.url.replace("/review", "/what"))
    other.get_by_label("くわしいようす").fill("穴は1つでした")
    other.get_by_role("button", name="保存して次へ").click()
    other.wait_for_url("**/where")
    other.close()

    agreed = resident.page.get_by_label("書いた内容は正しいです。")
    agreed.check()
    resident.press("申請する")
    expect(resident.page.locator("[data-error-summary]")).to_contain_text(
        "この画面を開いたあとに、入力した内容か料金が変わりました"
    )
    resident.sees("穴は1つでした")
    expect(agreed).not_to_be_checked()
    resident.look()
    agreed.check()
    resident.press("申請する")
    resident.look("申請を受け付けました。")
