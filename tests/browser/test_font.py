"""What pages load for their looks: Latin letters and digits in the portal's own font and Japanese in the device's, a map when somebody comes near it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.audit import DESKTOP, PHONE
from tests.browser.visitor import Visitor

_LOADED = "document.fonts.ready.then(fonts => [...fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family))"
_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_FETCHED = "performance.getEntriesByType('resource').map(({ name }) => name.split('/').at(-1))"


@pytest.mark.slow
def test_the_font_arrives_and_pages_fit_in_it(visit: Callable[..., Visitor]) -> None:
    resident = visit(viewport=PHONE)
    for path in ("/", "/procedures", "/procedures/road-occupancy", "/life/moving", "/sign-in"):
        resident.goto(path)
        assert resident.page.evaluate(_LOADED) == ["Noto Sans JP Latin"], path
        for size in (PHONE, DESKTOP):
            resident.page.set_viewport_size(size)
            assert resident.page.evaluate(_WIDE) <= 0, (path, size)


def test_a_name_from_abroad_is_written_in_one_font(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    resident.goto("/sign-in")
    assert len(resident.page.evaluate(_LOADED)) == 1
    resident.page.locator("h1").evaluate("(heading) => { heading.textContent = 'Nguyễn Łucja'; }")
    assert resident.page.evaluate(_LOADED) == 3 * ["Noto Sans JP Latin"]


def test_the_map_of_the_first_page_comes_when_somebody_comes_near_it(visit: Callable[..., Visitor]) -> None:
    resident = visit(viewport=PHONE)
    resident.goto("/")
    resident.page.wait_for_load_state("networkidle")
    fetched = resident.page.evaluate(_FETCHED)
    assert any(name.startswith("app-") for name in fetched)
    assert not any(name.startswith(("leaflet-", "map-")) for name in fetched), fetched
    place = resident.page.locator(".map-entrance .map")
    place.scroll_into_view_if_needed()
    expect(place.locator(".leaflet-base-pane canvas").first).to_be_visible()
    resident.look("こんにちは")
