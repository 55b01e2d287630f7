"""Rows that a script adds: each has its own map and its own files, and they stay with it when the one before goes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.kit.pictures import photo

SITES = Path(__file__).parents[1] / "unit/catalogue/procedures/site-occupancy.yaml"
_DRAW = """path => document.querySelector(`[data-map-field="${path}"]`).drawing.change(
  [[139.41, 35.698], [139.4102, 35.698], [139.4102, 35.6982], [139.41, 35.6982]], null)"""


@pytest.fixture(scope="module")
def sites(publish: Callable[[Path], None]) -> None:
    """The procedure is published."""
    publish(SITES)


@pytest.mark.slow
@pytest.mark.usefixtures("sites")
def test_an_added_row_has_its_own_map_and_files(visit: Callable[..., Visitor]) -> None:
    builder = visit()
    page = builder.page
    builder.goto("/procedures/site-occupancy")
    builder.press("入力をはじめる")
    page.wait_for_url("**/who")
    work = page.url.replace("/who", "/work")
    builder.goto(work)
    page.locator('[name="sites.0.use"][value="walkway"]').check()
    page.locator('[name="add-row"]').click()
    page.locator('[name="sites.1.use"][value="scaffold"]').check()
    page.evaluate(_DRAW, "sites.1.area")
    expect(page.locator("#live-panel")).to_contain_text("場所 2 面積")
    picture = {"name": "東.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    page.locator('[id="sites.1.photos.upload"]').set_input_files([picture])
    expect(page.locator('[data-files="sites.1.photos"] [data-file-list]')).to_contain_text("東.jpg")
    builder.look("使う場所")
    with page.expect_response("**/autosave"):
        page.locator('[name="remove-row"]').first.click()
    builder.goto(work)
    expect(page.locator('[data-files="sites.0.photos"] [data-file-list]')).to_contain_text("東.jpg")
    expect(page.locator('[name="sites.0.use"][value="scaffold"]')).to_be_checked()
    assert page.locator('[id="sites.0.area.geometry"]').input_value()
