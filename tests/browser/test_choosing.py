"""Choosing among many, wishing in an order, counting and rating: with the keyboard alone, and without a script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

WISHES = Path(__file__).with_name("wishes.yaml")


@pytest.fixture(scope="module")
def wishes(publish: Callable[[Path], None]) -> None:
    """The procedure is published."""
    publish(WISHES)


@pytest.mark.slow
@pytest.mark.usefixtures("wishes")
@pytest.mark.parametrize("scripts", [True, False])
def test_a_town_a_wish_and_numbers_are_chosen(visit: Callable[..., Visitor], scripts: bool) -> None:
    resident = visit(java_script_enabled=scripts)
    page = resident.page
    resident.goto("/procedures/wishes")
    resident.press("入力をはじめる")
    search = page.locator('[name="find-town"]')
    if scripts:
        search.press_sequentially("さいとう")
        expect(page.get_by_role("listbox").get_by_role("option")).to_have_text(["齋藤ヶ丘"])
        search.press("ArrowDown")
        expect(search).to_have_attribute("aria-activedescendant", "town-find-list-0")
        search.press("Enter")
        expect(page.get_by_role("listbox")).to_be_hidden()
    else:
        search.fill("さいとう")
        page.get_by_role("button", name="さがす").click()
        page.locator('[name="town"][value="x"]').check()
    expect(page.locator('[name="town"]:checked')).to_have_value("x")
    page.locator('[name="wishes.1"]').select_option("south")
    page.locator('[name="wishes.2"]').select_option("north")
    page.locator('[name="pieces.sofa"]').fill("1")
    page.locator('[name="pieces.shelf"]').fill("2")
    page.locator('[name="living.eating"][value="alone"]').check()
    page.locator('[name="living.bathing"][value="helped"]').check()
    page.locator('[name="people"]').fill("3")
    if scripts:
        page.locator('[name="people"]').blur()
        expect(page.locator('[name="boxes"]')).to_have_value("6")
        expect(page.locator("#weight")).to_contain_text("12")
        page.locator('[name="people"]').fill("4")
        page.locator('[name="people"]').blur()
        expect(page.locator('[name="boxes"]')).to_have_value("8")
        page.locator('[name="boxes"]').fill("5")
        page.locator('[name="boxes"]').blur()
        expect(page.locator("#weight")).to_contain_text("10")
        page.locator('[name="people"]').fill("3")
        page.locator('[name="people"]').blur()
        resident.sees("2,000")
        expect(page.locator('[name="boxes"]')).to_have_value("5")
    resident.look("希望")
    resident.press("保存して確認へ")
    resident.look("内容の確認")
    for text in ("齋藤ヶ丘", "第1希望：南園", "ソファ × 1", "入浴：手伝いがいる", "2,000円"):
        resident.sees(text)
