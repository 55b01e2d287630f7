"""The search in everyday words, with its suggestions: by key, mouse and finger, in other languages, and where it finds nothing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.audit import PHONE
from tests.browser.visitor import Visitor


def _suggestions(resident: Visitor, typed: str) -> Locator:
    """Type as people do, and see what is suggested."""
    box = resident.page.get_by_role("combobox", name="手続きや困りごとを入力")
    box.press_sequentially(typed)
    expect(box).to_have_attribute("aria-expanded", "true")
    return resident.page.get_by_role("listbox", name="「手続きや困りごとを入力」の候補")


def test_a_suggestion_is_chosen_with_keys_and_said(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    resident.goto("/")
    page, box = resident.page, resident.page.get_by_role("combobox")
    listed = _suggestions(resident, "引っ越し")
    expect(page.locator("[data-suggestions-said]")).to_have_text(
        re.compile(r"候補が\d件あります。上下の矢印キーで選べます。")
    )
    resident.look()
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    expect(box).to_have_value("引っ越し")
    page.keyboard.press("ArrowDown")
    expect(listed).to_be_visible()
    page.keyboard.press("ArrowUp")
    last = listed.get_by_role("option").last
    expect(last).to_have_attribute("aria-selected", "true")
    expect(last).to_have_text("引越しくらしの場面")
    expect(box).to_have_attribute("aria-activedescendant", last.get_attribute("id") or "")
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/life/moving")


def test_enter_without_a_choice_searches_for_what_was_typed(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    resident.goto("/")
    _suggestions(resident, "犬を飼った")
    resident.page.keyboard.press("Enter")
    resident.page.wait_for_url("**/procedures?q=*")
    resident.look("「犬を飼った」でさがした結果")
    resident.sees(re.compile(r"手続きが\d+件見つかりました。"))
    resident.page.get_by_role("link", name="犬の登録").first.click()
    expect(resident.page).to_have_url(re.compile("/procedures/dog-registration$"))


def test_a_suggestion_is_pressed(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    resident.goto("/procedures")
    _suggestions(resident, "足場").get_by_role("option", name="道路占用許可申請").click()
    expect(resident.page).to_have_url(re.compile("/procedures/road-occupancy$"))


def test_a_suggestion_is_touched(visit: Callable[..., Visitor]) -> None:
    resident = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    resident.goto("/")
    _suggestions(resident, "いぬ").get_by_role("option", name="犬の登録").first.tap()
    expect(resident.page).to_have_url(re.compile("/procedures/dog-registration$"))


def test_where_nothing_is_found_people_are_named(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    resident.goto("/")
    box = resident.page.get_by_role("combobox")
    box.press_sequentially("ぷろぺら券")
    expect(resident.page.locator("[data-suggestions-said]")).to_have_text("候補はありません。")
    expect(box).to_have_attribute("aria-expanded", "false")
    resident.page.keyboard.press("Enter")
    resident.page.wait_for_url("**/procedures?q=*")
    resident.look("「ぷろぺら券」でさがした結果")
    resident.sees("あてはまる手続きは見つかりませんでした。")
    resident.sees("職員が、いっしょにさがします")


def test_what_is_done_at_the_counter_says_where(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    resident.goto("/procedures?q=パスポート")
    section = resident.region("窓口や、ほかの機関でする手続き")
    expect(section.locator(".counter-place").first).to_be_visible()
    resident.look()


@pytest.mark.parametrize("language", ["en", "zh", "ko", "ja-easy"])
def test_every_language_has_suggestions_of_its_own(visit: Callable[..., Visitor], language: str) -> None:
    resident = visit()
    resident.goto(f"/?lang={language}")
    page, box = resident.page, resident.page.get_by_role("combobox")
    box.press_sequentially("犬の登録")
    first = page.get_by_role("option").first
    expect(first).to_be_visible()
    expect(page.locator("[role=option]:has(ruby)")).to_have_count(
        page.get_by_role("option").count() if language == "ja-easy" else 0
    )
    resident.look()
    page.keyboard.press("Enter")
    page.wait_for_url("**/procedures?q=*")
    resident.look()
    box.press_sequentially(" ")
    page.get_by_role("option").first.click()
    page.wait_for_url("**/procedures/dog-registration")
