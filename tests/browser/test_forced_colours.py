"""Pages in colours that the reader's system sets: grounds and shadows are gone, and what is chosen, current or wrong is told all the same.

What is drawn is read from pictures: computed styles name the colours of the page, not those that the system put in their place.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser import dog
from tests.browser.applications import KANA
from tests.browser.people import OWNER
from tests.browser.visitor import Visitor

_PROBE = """name => {
  const probe = Object.assign(document.createElement("div"), { id: "probe" });
  probe.style = `position: fixed; inset: 0 auto auto 0; z-index: 9999; inline-size: 10px; block-size: 10px; background: Canvas`;
  const inner = document.createElement("div");
  inner.style = `forced-color-adjust: none; block-size: 10px; background: ${name}`;
  probe.append(inner);
  document.body.append(probe);
}"""


def _drawn(element: Locator) -> Image.Image:
    return Image.open(BytesIO(element.screenshot())).convert("RGB")


def _highlight(page: Page) -> tuple[int, int, int]:
    """The colour in which the system marks what is chosen."""
    page.evaluate(_PROBE, "Highlight")
    colour = _drawn(page.locator("#probe")).getpixel((5, 5))
    page.evaluate("document.querySelector('#probe').remove()")
    assert isinstance(colour, tuple)
    red, green, blue = colour
    return int(red), int(green), int(blue)


def _is_marked(element: Locator) -> bool:
    """Whether something of the element, if only its line, is in that colour."""
    colour = _highlight(element.page)
    return any(count > 20 for count, drawn in _drawn(element).getcolors(1 << 24) or [] if drawn == colour)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_of_an_application_is_told(visit: Callable[..., Visitor], scheme: Literal["light", "dark"]) -> None:
    resident = visit(forced_colors="active", color_scheme=scheme)
    page = resident.page
    dog.begin(resident)
    resident.press("保存して次へ")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert page.locator("[data-error-summary]").evaluate("summary => getComputedStyle(summary).outlineStyle") == "solid"
    expect(page.locator('[name="name.family"]')).to_have_css("border-top-style", "double")
    expect(page.locator('[name="address.prefecture"]')).to_have_css("appearance", "auto")
    resident.answer(OWNER | KANA)
    resident.press("保存して次へ")
    page.wait_for_url("**/dog")
    done, here, later = (page.locator(".steps li").nth(place) for place in range(3))
    assert [_is_marked(step) for step in (done, here, later)] == [False, True, False]
    assert _drawn(done).resize((1, 1)) != _drawn(later).resize((1, 1))
    male, female = (page.locator(".option-card", has=page.locator(f'[value="{sex}"]')) for sex in ("male", "female"))
    male.locator("input").check()
    page.locator('[name="dog_name"]').focus()
    assert [_is_marked(male), _is_marked(female)] == [True, False]
    expect(male.locator("input")).to_have_css("appearance", "auto")
    before = _drawn(page.locator("form fieldset", has=female).last)
    male.locator("input").focus()
    page.keyboard.press("ArrowDown")
    assert [_is_marked(male), _is_marked(female)] == [False, True]
    assert _drawn(page.locator("form fieldset", has=female).last).tobytes() != before.tobytes()
    expect(page.get_by_role("button", name="保存して次へ")).to_have_css("border-top-width", "3px")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tools_and_languages_that_are_chosen_are_told(
    visit: Callable[..., Visitor], scheme: Literal["light", "dark"]
) -> None:
    resident = visit(forced_colors="active", color_scheme=scheme)
    page = resident.page
    resident.goto("/")
    languages = page.get_by_label("言語と文字の大きさ")
    assert _is_marked(languages.locator("[lang][aria-current]"))
    assert not _is_marked(languages.locator("[lang]:not([aria-current])").first)
    resident.goto("/procedures/road-occupancy")
    resident.press("入力をはじめる")
    expect(page.locator("[data-map-field] .leaflet-container")).to_be_visible()
    assert _is_marked(page.locator("[data-tool=draw]"))
    assert not _is_marked(page.locator("[data-tool=move]"))


def test_who_asks_for_more_contrast_reads_darker_words(visit: Callable[..., Visitor]) -> None:
    usual, more = visit(), visit(contrast="more")
    for resident, colour in ((usual, "rgb(77, 77, 77)"), (more, "rgb(26, 26, 26)")):
        resident.goto("/procedures/dog-registration")
        expect(resident.page.locator("main dt").first).to_have_css("color", colour)
    more.look()


def test_nothing_moves_for_those_who_do_not_want_it(visit: Callable[..., Visitor]) -> None:
    resident = visit(reduced_motion="reduce")
    resident.goto("/procedures/road-occupancy")
    expect(resident.page.get_by_role("button", name="入力をはじめる")).to_have_css("transition-property", "none")
    resident.press("入力をはじめる")
    expect(resident.page.locator("[data-map-field] .leaflet-container")).to_be_visible()
    options = "document.querySelector('[data-map-field]').drawing.map.options"
    moving = f"[{options}.zoomAnimation, {options}.fadeAnimation, {options}.inertia]"
    assert resident.page.evaluate(moving) == [False, False, False]
