"""A clerk measures on the staff map: a way and an area, by keys and by pointer, and nothing of it stays."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.visitor import Visitor


@pytest.mark.slow
def test_a_way_and_an_area_are_measured_by_keys_and_by_pointer(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("takahashi")
    page, desk = window.page, Desk(window)
    window.goto("/desk")
    address = page.url
    tool, result = page.locator('[data-tool="measure"]'), page.locator("[data-map-hint]")
    desk.use_tool("はかる")
    expect(page.locator("[data-tool-menu] > summary")).to_have_text("はかる")
    expect(tool).to_have_attribute("aria-pressed", "true")
    expect(result).to_contain_text("はかる場所を順に押してください")
    page.keyboard.press("Enter")
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
        expect(page.locator(".leaflet-pan-anim")).to_have_count(0)
        page.keyboard.press("Enter")
    expect(result).to_contain_text(re.compile(r"距離 [\d.,]+ k?m・囲んだ面積 [\d,.]+ m²"))
    window.look()
    page.locator("#map .map__canvas").focus()
    page.keyboard.press("Backspace")
    expect(result).not_to_contain_text("面積")
    expect(result).to_contain_text("距離")
    page.keyboard.press("Escape")
    expect(tool).to_have_attribute("aria-pressed", "false")
    expect(result).to_be_hidden()
    expect(page.locator("path.measured")).to_have_count(0)

    desk.use_tool("はかる")
    box = page.locator("#map .map__canvas").bounding_box()
    assert box
    x, y = (
        box["x"] + box["width"] / 2,
        box["y"] + box["height"] / 2,
    )  # to the left of it: the panel of layers is on the right
    for number, (east, south) in enumerate(((-160, -60), (-40, 60), (-40, -60), (-160, 60)), start=1):
        page.mouse.click(x + east, y + south)
        expect(page.locator("path.measured--point")).to_have_count(number)
    expect(result).to_contain_text("線が交わっているので、面積は出せません")
    desk.use_tool("四角で選ぶ")
    expect(page.locator("path.measured")).to_have_count(0)
    expect(result).to_contain_text("角を1つ押してから")
    assert page.url == address
