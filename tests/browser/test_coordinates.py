"""The staff map says where its middle is, in the plane system of the city and in degrees, and follows the keys."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor


@pytest.mark.slow
def test_the_coordinates_of_the_middle_follow_the_keys(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("takahashi")
    page = window.page
    window.goto("/desk")
    output = page.get_by_role("group", name="座標").locator("output")
    expect(output).to_have_text(re.compile(r"^X -3\d,\d{3}\.\d Y -3\d,\d{3}\.\d・35\.\d{5}, 139\.\d{5}$"))
    before = output.text_content() or ""
    page.locator("#map .map__canvas").focus()
    page.keyboard.press("ArrowUp")
    expect(output).not_to_have_text(before)
    page.get_by_role("button", name="コピー").press("Enter")
    expect(page.locator("#flash")).to_contain_text("コピー")
    window.look()
