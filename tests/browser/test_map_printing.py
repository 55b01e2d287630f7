"""A clerk prints the staff map to scale: from the map under its filter, by keys alone, and a case on the phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.audit import PHONE
from tests.browser.desk import Desk
from tests.browser.visitor import Visitor


@pytest.mark.slow
def test_the_staff_map_is_printed_to_scale(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("takahashi")
    page = window.page
    window.goto("/desk?status=open")
    Desk(window).open_menu("表示と書き出し")
    page.get_by_role("button", name="地図を刷る").press("Enter")
    window.look("地図を印刷する")
    frame = page.locator(".sheet-frame")
    expect(frame).to_have_count(1)
    before = page.get_by_label("中心の緯度").input_value()
    page.locator(".map--print .map__canvas").focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("中心の緯度")).not_to_have_value(before)
    outline = frame.get_attribute("d")
    page.get_by_label("縮尺").select_option("5000")
    expect(frame).not_to_have_attribute("d", outline or "")
    page.get_by_label("中心の緯度").fill("北")
    page.get_by_role("button", name="PDFをつくる").press("Enter")
    window.sees("数字で入力してください")
    window.look("地図を印刷する")
    page.get_by_label("中心の緯度").fill("35.6985")
    page.get_by_role("button", name="PDFをつくる").press("Enter")
    page.get_by_role("link", name="PDFを受け取る").wait_for(timeout=60_000)
    window.look("地図を印刷する")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="PDFを受け取る").press("Enter")
    assert downloaded.value.suggested_filename.endswith(".pdf")
    window.goto("/desk/prints")
    window.look("印刷した地図")


@pytest.mark.slow
def test_a_layer_is_printed_from_the_phone(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("takahashi", viewport=PHONE)
    window.goto("/desk/layers/city-roads")
    window.press("紙に刷る")
    window.look("地図を印刷する")
    window.press("PDFをつくる")
    window.page.get_by_role("link", name="PDFを受け取る").wait_for(timeout=60_000)
