"""The residents' map: from an address to what is near and to an application there, by pointer, on a phone, by keyboard and without a script."""

import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Locator, expect

from tests.browser.audit import PHONE
from tests.browser.visitor import Visitor

AKEBONO = "曙町二丁目"
HERE = {"longitude": 139.4137, "latitude": 35.6995}


def _search(resident: Visitor, words: str) -> None:
    resident.page.get_by_label("住所・駅・施設の名前").fill(words)
    resident.page.get_by_role("search").get_by_role("button").click()


def _press_beside(resident: Visitor, spot: Locator) -> None:
    """Press the ground near a spot, where no pin lies."""
    expect(spot).to_be_visible()
    ground = spot.evaluate("""(spot) => {
        const box = spot.getBoundingClientRect();
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        for (let far = 30; far <= 150; far += 20)
            for (let turn = 0; turn < 8; turn += 1) {
                const at = {x: x + far * Math.cos(turn * Math.PI / 4), y: y + far * Math.sin(turn * Math.PI / 4)};
                const there = document.elementFromPoint(at.x, at.y);
                if (there?.closest(".map-page__map") && !there.closest("a, button, .map-stop, .map-spot")) return at;
            }
        return null;
    }""")
    assert ground is not None
    resident.page.mouse.click(ground["x"], ground["y"])


def _address(resident: Visitor) -> str:
    """The path and query that the page has now, as people read them."""
    parts = urlsplit(resident.page.url)
    return unquote(f"{parts.path}?{parts.query}")


def test_from_an_address_to_a_refuge_and_to_an_application(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    page = resident.page
    resident.goto("/")
    page.get_by_role("link", name="避難所・ハザードマップ").click()
    resident.look("避難所・ハザードマップ")
    _search(resident, "柴崎町5-2-1")
    page.get_by_role("link", name=re.compile("柴崎町五丁目")).click()
    resident.look("避難所・ハザードマップ")
    assert _address(resident) == "/map?need=shelter&place=柴崎町五丁目"
    resident.sees("浸水の深さ")
    page.get_by_label("どの災害から避難しますか").select_option(label="洪水")
    page.get_by_role("button", name="選ぶ").click()
    expect(page).to_have_url(re.compile("hazard=flood"))
    pins = page.locator(".map-stop--link")
    expect(pins).to_have_count(page.locator(".map-line").count())
    resident.look()

    page.reload()
    expect(pins).not_to_have_count(0)
    first = page.locator(".map-line a").first.inner_text()
    pins.first.click()
    resident.look(first)
    page.go_back()
    expect(page).to_have_url(re.compile("hazard=flood"))

    page.locator(".map-apply").get_by_role("button", name="道路の損傷の連絡").click()
    resident.look("何がこわれていますか")


def test_where_somebody_stands_is_asked_for_and_told_to_nobody(visit: Callable[..., Visitor]) -> None:
    resident = visit(geolocation=HERE, permissions=["geolocation"])
    page = resident.page
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    resident.goto("/map?need=facility")
    resident.look("施設をさがす")
    page.get_by_role("button", name="現在地でさがす").click()
    resident.sees("「いまいるところ」に近い順")
    resident.look()
    page.get_by_role("link", name="いま開いている").click()
    expect(page).to_have_url(re.compile("open=1"))
    resident.sees("「いまいるところ」に近い順")
    resident.look()
    assert not any("139.41" in url or "35.69" in url for url in urls)

    _press_beside(resident, page.locator(".map-spot"))
    page.get_by_role("button", name="ここを調べる").click()
    resident.sees("「地図で選んだところ」に近い順")
    page.locator(".map-apply").get_by_role("button", name="道路の損傷の連絡").click()
    resident.look("何がこわれていますか")


def test_who_does_not_tell_where_they_are_reads_what_to_do(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    resident.goto("/map?need=facility")
    resident.press("現在地でさがす")
    resident.sees("住所か駅の名前でさがしてください。")
    resident.look()


def test_on_a_phone_the_list_and_the_map_take_turns(visit: Callable[..., Visitor]) -> None:
    resident = visit(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    page = resident.page
    resident.goto(f"/map?need=facility&place={AKEBONO}")
    resident.look("施設をさがす")
    expect(page.locator(".map-page__map")).to_be_hidden()
    page.get_by_role("button", name="地図", exact=True).tap()
    expect(page.locator(".map-line").first).to_be_hidden()
    pin = page.locator(".map-stop--link").first
    expect(pin).to_be_in_viewport()
    page.get_by_role("button", name="一覧", exact=True).tap()
    expect(page.locator(".map-line").first).to_be_visible()
    page.get_by_role("button", name="地図", exact=True).tap()
    pin.tap()
    expect(page).to_have_url(re.compile("/map/features/public-facilities/"))
    resident.look()


def test_zoning_is_read_after_its_notice_with_the_keyboard_alone(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    page = resident.page
    resident.goto(f"/map?need=zoning&place={AKEBONO}")
    resident.look("用途地域を調べる")
    expect(page.get_by_text("建ぺい率")).to_have_count(0)
    page.get_by_role("button", name="読みました。用途地域を調べる").focus()
    page.keyboard.press("Enter")
    resident.sees("建ぺい率")
    resident.look()
    page.emulate_media(media="print")
    expect(page.get_by_text("証明にはなりません")).to_be_visible()
    expect(page.get_by_text("建ぺい率")).to_be_visible()
    expect(page.get_by_label("住所・駅・施設の名前")).to_be_hidden()


def test_everything_is_there_without_a_script(visit: Callable[..., Visitor]) -> None:
    resident = visit("mitaka", java_script_enabled=False)
    page = resident.page
    resident.goto("/map")
    resident.look("地図からさがす")
    resident.follow("ごみの収集日")
    resident.look("ごみの収集日")
    _search(resident, "下連雀")
    page.locator(".map-entrance__list a", has_text="下連雀").first.click()
    resident.sees("燃やせるごみ")
    resident.look()
    resident.follow("ほかのものをさがす")
    resident.follow("施設をさがす")
    resident.sees("に近い順")
    resident.look()
    page.locator(".map-line a").first.click()
    resident.sees("この場所で手続きする")
    resident.look()
    page.locator(".map-apply button").first.click()
    expect(page).to_have_url(re.compile("/apply/d/"))


def test_a_department_puts_a_layer_on_the_map(at_desk: Callable[..., Visitor], visit: Callable[..., Visitor]) -> None:
    desk = at_desk("tanaka", "hino")
    page = desk.page
    desk.goto("/desk/layers/road-offices/use")
    desk.look()
    page.get_by_label("住民の地図での使いみち").select_option(label="そのほかの区域・施設")
    page.get_by_label("「department」を住民に見せる").uncheck()
    page.get_by_label("office (名前)").fill("道路の担当課")
    desk.press("この使いかたにする")
    desk.sees("見せない項目：department")
    resident = visit("hino")
    resident.goto("/map?need=other&place=日野市役所")
    resident.look("そのほかの区域・施設")
    resident.sees("道路の担当課")
    expect(resident.page.get_by_text("road-management")).to_have_count(0)
    desk.goto("/desk/layers/road-offices/use")
    page.get_by_label("住民の地図での使いみち").select_option(label="住民の地図に出さない")
    page.get_by_label("「department」を住民に見せる").check()
    page.get_by_label("office (名前)").fill("")
    desk.press("この使いかたにする")
    desk.sees("出していない")
