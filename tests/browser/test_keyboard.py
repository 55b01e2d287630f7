"""Without a mouse: the way into a page, to what is wrong, around the map and through the desk's list; and from one device to another."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from portal.core.clock import today
from tests.browser import dog
from tests.browser.applications import KANA
from tests.browser.desk import Desk
from tests.browser.mailbox import Mailbox
from tests.browser.map_drawing import DrawingMap
from tests.browser.people import OWNER
from tests.browser.visitor import Visitor


def test_the_first_key_leads_to_the_text_and_faults_take_the_focus(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    page = resident.page
    resident.goto("/procedures/dog-registration")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="本文へ移動")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.get_by_role("button", name="入力をはじめる").press("Enter")
    page.wait_for_url("**/owner")
    page.locator('[name="name.family"]').press("Enter")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    expect(summary.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator('[name="name.family"]')).to_be_focused()
    resident.answer(OWNER | KANA)
    page.locator('[name="name.family"]').press("Enter")
    page.wait_for_url("**/dog")
    expect(page.locator("h1")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_be_visible()


def test_an_area_is_drawn_with_keys(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    page = resident.page
    resident.goto("/procedures/road-occupancy")
    resident.press("入力をはじめる")
    drawing = DrawingMap(page)
    drawing.look_at(139.415817, 35.700234, 21)
    drawing.canvas.focus()
    said = page.locator("[data-map-hint] [role=status]")
    for key in (" ", "ArrowRight", " ", "ArrowDown", " "):
        page.keyboard.press(key)
        drawing.settle()
    expect(page.locator(".map-cross")).to_be_visible()
    expect(said).to_have_text(re.compile(r"点3を置きました。前の点から\d+\.\d mです。"))
    live = page.locator("#live-panel")
    expect(live).to_contain_text(re.compile(r"面積\s*\d+\.\d\dm²"))
    before = live.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("[data-map-hint]")).to_contain_text("点1を選んでいます。")
    page.keyboard.press("Shift+ArrowUp")
    expect(said).to_have_text("点1を動かしました。")
    expect(live).not_to_have_text(before)
    start = today() + timedelta(days=200)
    resident.answer({"period.start": start.isoformat(), "period.end": start.isoformat()})
    resident.look("使う道路の範囲を、地図に描いてください。")
    resident.press("保存して次へ")
    expect(page.locator("h1")).to_contain_text("置くものと目的")


def test_cases_are_walked_through_and_accepted_with_keys(at_desk: Callable[..., Visitor]) -> None:
    desk = Desk(at_desk("tanaka"))
    page = desk.page
    desk.window.goto("/desk?status=new")
    _narrow_the_time(desk)
    row_count = desk.rows.count()
    _draw_an_area(desk)
    expect(desk.rows).to_have_count(row_count)
    first, second = desk.rows.nth(0), desk.rows.nth(1)
    page.keyboard.press("j")
    expect(first).to_have_attribute("aria-current", "true")
    page.keyboard.press("j")
    expect(second).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(first).to_have_attribute("aria-current", "true")
    expect(desk.drawer.locator("h2").first).to_have_text(first.locator("b").inner_text())
    desk.stands_at("受付待ち")
    page.keyboard.press("a")
    expect(desk.drawer.locator("header .pill").first).not_to_contain_text("受付待ち")
    page.wait_for_load_state()  # the page of the accepted case listens to keys from then on
    page.keyboard.press("/")
    expect(page.get_by_label("受付番号・氏名・電話・場所でさがす")).to_be_focused()


def test_one_more_ordinary_case_is_decided_with_four_keys(at_desk: Callable[..., Visitor]) -> None:
    desk = Desk(at_desk("tanaka"))
    page, dialog = desk.page, desk.page.locator("dialog[open]")
    desk.window.goto("/desk?status=new&procedure=road-damage&order=number")
    decided = []
    for _case in range(2):
        page.keyboard.press("j")
        desk.stands_at("受付待ち")
        decided.append(desk.drawer.locator("header .muted.nowrap").first.inner_text())
        page.keyboard.press("a")
        expect(desk.drawer.locator("header .pill").first).not_to_contain_text("受付待ち")
        page.wait_for_load_state()
        page.keyboard.press("a")
        expect(dialog).to_be_visible()
        page.keyboard.press("Control+Enter")
        expect(desk.drawer.get_by_role("button", name="待たずに実行する")).to_be_visible()
        page.wait_for_load_state()
    assert len(set(decided)) == 2


def _narrow_the_time(desk: Desk) -> None:
    """The handles of the time bar, there and back."""
    page, handle = desk.page, desk.page.get_by_label("期間のおわり")
    row_count = desk.rows.count()
    handle.focus()
    page.keyboard.press("Home")
    expect(handle).to_have_attribute("aria-valuetext", re.compile(r"^(\d+年)?\d+月\d+日\(.\)まで$"))
    page.wait_for_url(re.compile("[?&]to="))
    expect(desk.rows).not_to_have_count(row_count)
    page.keyboard.press("End")
    expect(desk.rows).to_have_count(row_count)
    expect(handle).to_be_focused()


def _draw_an_area(desk: Desk) -> None:
    """Three corners in the middle of the map, which is moved under them."""
    page = desk.page
    page.get_by_role("button", name="囲んで選ぶ").press("Enter")
    expect(page.locator("[data-map-hint]")).to_contain_text("角を順に押してください")
    for key in (" ", "ArrowRight", " ", "ArrowDown", " ", "Enter"):
        expect(page.locator(".leaflet-pan-anim")).to_have_count(0)
        page.keyboard.press(key)
    chosen = page.get_by_role("link", name="囲んだ場所")
    expect(chosen).to_be_visible()
    desk.window.look()
    chosen.press("Enter")
    expect(chosen).to_have_count(0)


def test_an_application_is_taken_up_again_on_another_device(visit: Callable[..., Visitor], mailbox: Mailbox) -> None:
    resident, address = visit(), "later@example.jp"
    dog.begin(resident)
    resident.answer(OWNER | KANA)
    expect(resident.page.locator("[data-save-state]")).to_contain_text("自動で保存しました")
    resident.press("あとで続ける")
    resident.look("あとで続ける")
    resident.page.get_by_label("メールアドレス").fill(address)
    resident.press("続きのリンクを送る")
    resident.sees("リンクを送りました")
    resident.look()

    other = visit(viewport={"width": 390, "height": 844})
    other.goto(mailbox.link(address, "続きのリンク"))
    other.look("続きから書けます")
    other.press("続きから始める")
    expect(other.page.locator('[name="name.family"]')).to_have_value("佐藤")
    expect(other.page.locator('[name="address.block"]')).to_have_value("2丁目17番3号")
    other.look("飼い主")
