"""A clerk arranges the layers of the staff map by keys: on, fainter, in another order; a reload and a link bring it back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.audit import PHONE
from tests.browser.desk import Desk
from tests.browser.visitor import Visitor

LEVELS = (
    "layers => layers.sort((a, b) => b.style.zIndex - a.style.zIndex).map(({ style }) => Number(style.opacity || 1))"
)
"""How much is seen of each layer on a map, from the top."""


@pytest.mark.slow
def test_layers_are_arranged_by_keys_and_come_back(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka")
    page, desk = window.page, Desk(window)
    window.goto("/desk")
    search = page.get_by_label("地図の名前でさがす")
    expect(search).to_be_hidden()
    desk.choose_layers()
    expect(page.locator("[data-layer-group] > summary")).to_contain_text(["防災課", "ごみ対策課", "学務課", "道路課"])
    frame, status = page.locator("#map"), page.locator("[data-layer-status]")
    start = frame.get_attribute("data-layers") or ""
    search.fill("ゴミの収集地区")
    expect(status).to_have_text("1件の地図があります。")
    page.get_by_label("粗大ごみの収集地区", exact=True).press(" ")
    expect(frame).to_have_attribute("data-layers", f"collection-zones,{start}")
    page.get_by_role("slider", name="「粗大ごみの収集地区」の濃さ").press("Home")
    page.get_by_role("button", name="「粗大ごみの収集地区」を下へ").press("Enter")
    expect(status).to_have_text("「粗大ごみの収集地区」を、上から2番目にしました。")
    first, _comma, rest = start.partition(",")
    arranged = f"{first},collection-zones:0.1{rest and f',{rest}'}"
    expect(frame).to_have_attribute("data-layers", arranged)
    panes = page.locator(".leaflet-zones-pane .leaflet-layer")
    levels = panes.evaluate_all(LEVELS)
    assert levels[1] == 0.1, "the second from the top is the faint one"
    window.look()

    page.reload()
    expect(frame).to_have_attribute("data-layers", arranged)
    expect(search).to_be_visible()
    desk.open_menu("表示と書き出し")
    page.locator("summary", has_text="リンク").press("Enter")
    link = page.get_by_label("いまの条件・案件・地図を開くリンク").input_value()
    page.keyboard.press("Escape")
    expect(page.locator("#pane summary[aria-label]")).to_be_focused()
    page.get_by_role("button", name="はじめの状態にもどす").press("Enter")
    expect(frame).to_have_attribute("data-layers", start)
    window.goto(link)
    expect(frame).to_have_attribute("data-layers", arranged)
    page.get_by_role("radio", name="なし").check()
    expect(page.locator("[data-map-attribution]")).to_have_text("背景なし")
    expect(page.locator(".leaflet-base-pane canvas")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("radio", name="なし")).to_be_checked()
    expect(page.locator("[data-map-attribution]")).to_have_text("背景なし")
    desk.open_menu("表示と書き出し")
    page.get_by_role("button", name="地図を刷る").press("Enter")
    expect(page.get_by_label("背景なし")).to_be_checked()
    expect(page.get_by_label("粗大ごみの収集地区(濃さ10%)")).to_be_checked()
    printed = page.locator(".leaflet-zones-pane .leaflet-layer")
    expect(printed).to_have_count(len(levels))
    assert printed.evaluate_all(LEVELS) == levels, "the preview lies as the paper will, and as the map did"


@pytest.mark.slow
def test_a_phone_has_the_panel_closed_until_it_is_opened(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka", viewport=PHONE)
    page = window.page
    window.goto("/desk")
    page.locator("#pane").get_by_role("link", name="地図", exact=True).click()
    switch = page.get_by_label("粗大ごみの収集地区", exact=True)
    expect(switch).to_be_hidden()
    page.locator("summary", has_text="重ねる地図").press("Enter")
    Desk(window).choose_layers()
    page.locator("summary", has_text="ごみ対策課").press("Enter")
    switch.check()
    expect(page.locator("#map")).to_have_attribute("data-layers", re.compile("^collection-zones,"))
    window.look()
