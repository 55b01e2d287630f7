"""A clerk looks at where cases crowd: hexagons over the map, the same as a table, and from one of them to its cases."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.audit import PHONE
from tests.browser.desk import Desk
from tests.browser.visitor import Visitor

EVERY = "status=open&status=closed"


def test_density_is_switched_on_read_as_a_table_and_leads_to_the_cases(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka")
    page = window.page
    window.goto(f"/desk?{EVERY}")
    button, panel = page.locator('[data-display="density"]'), page.locator("[data-hexagon-panel]")
    expect(page.locator("#map .case-icon, #map .leaflet-areas-pane canvas").first).to_be_attached()
    expect(panel).to_be_hidden()
    Desk(window).use_tool("密度を見る")
    expect(page.locator("[data-tool-menu] > summary")).to_be_focused()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(panel.get_by_role("heading", name="案件の密度")).to_be_visible()
    expect(panel).to_contain_text("少数(3件未満)")
    expect(page.locator("#map .legend")).to_be_hidden()
    expect(page.locator("#map .case-icon")).to_have_count(0)
    assert "display=density" in page.url
    panel.locator("summary").click()
    rows = panel.locator("tbody tr")
    expect(page.locator("#map path.leaflet-interactive")).to_have_count(rows.count())
    window.look()
    page.reload()
    expect(panel.get_by_role("heading", name="案件の密度")).to_be_visible()
    panel.locator("summary").click()
    panel.get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"[?&]area="))
    expect(panel).to_be_hidden()
    expect(page.locator("[data-case-list] [data-case-id]").first).to_be_visible()
    window.look()


def test_density_on_a_phone_is_a_map_with_its_legend(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka")
    window.page.set_viewport_size(PHONE)
    window.goto(f"/desk?{EVERY}&display=density")
    window.page.locator("#pane").get_by_role("link", name="地図", exact=True).click()
    expect(window.page.locator("[data-hexagon-panel]").get_by_role("heading", name="案件の密度")).to_be_visible()
    window.look()


def test_density_without_a_map_is_a_table(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka")
    window.goto(f"/desk/density?{EVERY}")
    expect(window.page.get_by_role("table")).to_be_visible()
    window.look()
    window.page.get_by_role("table").get_by_role("link").first.click()
    expect(window.page.locator("[data-case-list] [data-case-id]").first).to_be_visible()
