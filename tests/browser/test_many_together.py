"""Many cases together: ticked in the list with the mouse, and chosen on the map with keys; each seen before and told of after."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.visitor import Visitor

EVERY = "/desk?status=open&status=closed&order=number"
MANY = 25
"""As many as the city of the tests surely has."""


def tick(desk: Desk, rows: range) -> None:
    for row in rows:
        desk.rows.nth(row).locator("xpath=ancestor::*[.//input[@type='checkbox']][1]").get_by_role("checkbox").check()
    desk.page.get_by_role("button", name=f"選んだ{len(rows)}件を扱う").click()


def choose(page: Page, colleague: str) -> None:
    page.get_by_label("担当", exact=True).select_option(label=colleague)
    page.get_by_role("button", name="担当を確かめる").click()
    expect(page.locator("h1")).to_contain_text("担当を決めますか")


def test_many_of_the_list_are_put_on_a_desk_and_the_report_says_which_were_not(
    at_desk: Callable[..., Visitor],
) -> None:
    window = at_desk("tanaka")
    desk, page = Desk(window), window.page
    window.goto(EVERY)
    assert desk.rows.count() >= MANY
    ticked = [desk.rows.nth(row).get_attribute("data-case-id") for row in range(MANY)]
    tick(desk, range(MANY))
    window.look("25件をまとめて扱う")
    choose(page, "田中 誠")
    window.sees("25件の担当を「田中 誠」にします")
    window.look()

    meanwhile = window.context.new_page()
    meanwhile.goto(f"{window.origin}/desk?status=new&order=number&view=unassigned")
    listed = meanwhile.locator("[data-case-list] [data-case-id]").evaluate_all(
        "rows => rows.map((row) => row.dataset.caseId)"
    )
    taken = next(case_id for case_id in listed if case_id in ticked)
    meanwhile.goto(f"{window.origin}/desk/cases/{taken}")
    colleague = meanwhile.locator("#assignee option:not([value='']):not(:has-text('田中 誠'))").first
    meanwhile.locator("#assignee").select_option(colleague.get_attribute("value"))
    meanwhile.get_by_role("button", name="担当にする").click()
    meanwhile.wait_for_load_state()

    page.get_by_role("button", name="25件の担当を決める").click()
    window.sees("案件ごとの結果")
    window.sees("選んだあとに、担当が変わりました。")
    window.look("担当をまとめて決めた結果")


def test_many_of_a_part_of_the_map_are_put_on_a_desk_and_back_with_keys(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka")
    desk, page = Desk(window), window.page
    window.goto(EVERY)
    desk.use_tool("四角で選ぶ")
    expect(page.locator("[data-map-hint]")).to_contain_text("向かいの角")
    for keys in (("ArrowLeft", "ArrowUp") * 3, (" ",), ("ArrowRight", "ArrowDown") * 6, (" ",)):
        for key in keys:
            expect(page.locator(".leaflet-pan-anim")).to_have_count(0)
            page.keyboard.press(key)
    page.wait_for_url(re.compile("[?&]area="))
    expect(page.get_by_role("list", name="選んだ条件")).to_contain_text("囲んだ場所")
    expect(desk.rows.first).to_be_visible()
    page.get_by_label("この一覧").press("Space")
    page.get_by_role("button", name=re.compile(r"選んだ\d+件を扱う")).press("Enter")
    window.look("件をまとめて扱う")
    page.get_by_label("担当", exact=True).select_option(label="田中 誠")
    page.get_by_role("button", name="担当を確かめる").press("Enter")
    window.look("担当を決めますか")
    page.get_by_role("button", name=re.compile(r"件の担当を決める")).press("Enter")
    window.sees("案件ごとの結果")
    window.look("担当をまとめて決めた結果")
    page.get_by_role("button", name=re.compile(r"担当を元にもどす")).press("Enter")
    window.sees("元にもどしました")
    window.look()
