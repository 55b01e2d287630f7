"""A clerk sees where cases lie: the map goes with the open case and back, pins say what they are, and the ground tells what the layers have there."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.desk import Desk
from tests.browser.visitor import Visitor

CARD = re.compile(r"^道路占用許可申請 立-\d{4}-\d{5} \S+ (あと\d+日|\d+日超過|今日まで)\(.+\) 担当")


def zoom_of(desk: Desk) -> float:
    """How near the map looks."""
    return float((desk.page.locator("#map").get_attribute("data-at") or "0").split("/")[0])


def card(desk: Desk) -> Locator:
    """What the map says of a spot."""
    return desk.window.region("地図のこの場所")


def open_permit(desk: Desk) -> None:
    """Open an application with an outline from the list."""
    desk.rows.filter(has_text="道路占用許可申請").first.click()
    expect(desk.drawer.locator("header h2")).to_have_text("道路占用許可申請")


def test_the_map_goes_to_the_open_case_and_back(at_desk: Callable[..., Visitor]) -> None:
    desk = Desk(at_desk("tanaka"))
    desk.window.goto("/desk?procedure=road-occupancy")
    frame = desk.page.locator("#map")
    expect(frame).to_have_attribute("data-at", re.compile("^14/"))
    before = frame.get_attribute("data-at") or ""
    open_permit(desk)
    expect(frame).to_have_attribute("data-at", re.compile("^(17|18|19)/"))
    at_case = frame.get_attribute("data-at") or ""
    desk.tab("履歴")
    assert frame.get_attribute("data-at") == at_case

    desk.page.keyboard.press("j")  # the next case, by key
    expect(frame).not_to_have_attribute("data-at", at_case)
    assert zoom_of(desk) >= 17
    desk.page.go_back()
    expect(frame).to_have_attribute("data-at", at_case)
    desk.page.reload()
    expect(frame).to_have_attribute("data-at", at_case)
    desk.page.get_by_label("案件を閉じる").click()
    expect(frame).to_have_attribute("data-at", re.compile(f"^{before[:-3]}\\d+$"))  # to a few metres

    open_permit(desk)
    expect(frame).to_have_attribute("data-at", at_case)
    desk.page.get_by_role("button", name="縮小").click()
    expect(frame).not_to_have_attribute("data-at", at_case)
    by_hand = frame.get_attribute("data-at") or ""
    desk.page.get_by_label("案件を閉じる").click()
    expect(desk.drawer).to_be_empty()
    assert frame.get_attribute("data-at") == by_hand, "who moved the map themselves keeps what they look at"


def test_pins_are_told_apart_by_ear_and_opened_by_keys(at_desk: Callable[..., Visitor]) -> None:
    desk = Desk(at_desk("tanaka"))
    desk.window.goto("/desk?procedure=road-occupancy")
    pins = desk.page.locator("#map .case-handle")
    expect(pins.first).to_have_attribute("aria-label", CARD)
    assert pins.evaluate_all("pins => pins.filter(pin => pin.tabIndex === 0).length") == 1
    names = pins.evaluate_all("pins => pins.map(pin => pin.getAttribute('aria-label'))")
    assert len(set(names)) == len(names) > 2

    desk.page.locator("#map .leaflet-container").focus()
    desk.page.keyboard.press("Tab")
    focused = desk.page.locator("#map .case-handle:focus")
    expect(focused).to_have_attribute("aria-label", CARD)
    first = focused.get_attribute("aria-label") or ""
    expect(card(desk)).to_contain_text(first.split()[1])
    desk.page.keyboard.press("End")
    expect(focused).not_to_have_attribute("aria-label", first)
    last = focused.get_attribute("aria-label") or ""
    desk.page.keyboard.press("ArrowUp")
    expect(focused).not_to_have_attribute("aria-label", last)
    number = re.findall(r"立-\d{4}-\d{5}", focused.get_attribute("aria-label") or "")[0]
    desk.page.keyboard.press("Enter")
    expect(desk.drawer).to_contain_text(number)
    expect(card(desk)).to_be_hidden()
    desk.window.look()


def test_the_ground_tells_what_the_layers_have_there_and_the_address_which_are_on(
    at_desk: Callable[..., Visitor],
) -> None:
    desk = Desk(at_desk("tanaka"))
    desk.window.goto("/desk?procedure=road-occupancy")
    open_permit(desk)
    expect(desk.page.locator("#map")).to_have_attribute("data-at", re.compile("^(17|18|19)/"))
    canvas = desk.page.locator("#map .leaflet-container")
    canvas.focus()
    desk.page.keyboard.press("Enter")
    expect(card(desk).get_by_role("heading").first).to_be_visible()
    expect(card(desk)).to_contain_text("出典：")
    desk.page.keyboard.press("Escape")
    expect(card(desk)).to_be_hidden()
    expect(canvas).to_be_focused()
    expect(desk.drawer.locator("header h2")).to_be_visible()

    desk.choose_layers()
    desk.page.locator("[data-layer-group]:not([open]) > summary").evaluate_all("all => all.forEach(one => one.click())")
    desk.page.get_by_label("粗大ごみの収集地区", exact=True).check()
    expect(desk.page).to_have_url(re.compile(r"/cases/\d+\?.*layers=collection-zones,"))
    shown = desk.page.locator("#map").get_attribute("data-layers") or ""
    desk.page.keyboard.press("j")
    expect(desk.page).to_have_url(re.compile(re.escape(f"layers={shown}")))
    desk.page.evaluate("sessionStorage.clear()")
    desk.page.reload()
    expect(desk.page.locator("#map")).to_have_attribute("data-layers", shown)

    desk.page.locator("#map .leaflet-container").press("Enter")
    expect(card(desk).get_by_role("heading").first).to_be_visible()
    desk.window.look()


def test_a_finger_reads_the_card_before_it_opens_the_case(at_desk: Callable[..., Visitor]) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    desk = Desk(at_desk("tanaka", **phone))
    desk.window.goto("/desk?procedure=road-occupancy#map")
    pin = desk.page.locator("#map .case-icon:has(.pin)").first
    expect(pin).to_be_visible()
    expect(desk.page.locator("#map .case-handle").first).to_be_attached()  # the map is at rest
    box = pin.bounding_box()
    assert box
    desk.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(card(desk).get_by_role("link").first).to_be_visible()
    number = re.findall(r"立-\d{4}-\d{5}", card(desk).inner_text())[0]
    card(desk).get_by_role("link").first.tap()
    expect(desk.drawer).to_contain_text(number)
