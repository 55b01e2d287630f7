"""A case of the desk on paper."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.visitor import Visitor


def _a_road_case(desk: Desk) -> str:
    """The number of a sample application with a place, which is open in the drawer afterwards."""
    desk.window.goto("/desk")
    desk.rows.filter(has_text="道路占用許可申請").first.click()
    expect(desk.drawer.locator("header h2")).to_have_text("道路占用許可申請")
    return desk.drawer.locator("header .muted.nowrap").inner_text().strip()


def test_a_printed_case_has_its_map_and_answers_and_names_nobody_else(at_desk: Callable[..., Visitor]) -> None:
    desk = Desk(at_desk("takahashi"))
    number = _a_road_case(desk)
    desk.page.emulate_media(media="print")
    expect(desk.rows.first).to_be_hidden()
    expect(desk.rows.filter(visible=True)).to_have_count(0)
    expect(desk.page.locator("#pane")).to_be_hidden()
    expect(desk.page.locator("#map")).to_be_hidden()
    expect(desk.page.get_by_role("searchbox")).to_be_hidden()
    expect(desk.page.locator("dialog").filter(visible=True)).to_have_count(0)
    paper = desk.page.locator("body")
    visible = paper.inner_text()
    assert number in visible
    assert "申請した人" in visible
    assert "占用の目的" in visible
    place = desk.drawer.locator("[data-map-place]")
    expect(place).to_be_visible()
    expect(place.locator(".leaflet-container, .leaflet-pane").first).to_be_attached()
    box = place.bounding_box()
    assert box
    assert box["width"] > 300
    assert box["height"] > 150

    desk.page.emulate_media(media="screen")
    desk.tab("やりとり")
    desk.page.emulate_media(media="print")
    assert "職員のメモ" in paper.inner_text()
    expect(desk.drawer.get_by_role("button").filter(visible=True)).to_have_count(0)
    expect(desk.page.locator("#pane")).to_be_hidden()
