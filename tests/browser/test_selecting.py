"""Cases are selected by place, with the map and without it, and a link brings back what was shown."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.audit import PHONE
from tests.browser.desk import Desk
from tests.browser.visitor import Visitor

SELECTED = "選んだ条件"


def _view(page: Page) -> list[float]:
    """Zoom, latitude and longitude of the map."""
    return [float(part) for part in (page.locator("#map").get_attribute("data-at") or "").split("/")]


def _still(page: Page) -> None:
    expect(page.locator(".leaflet-pan-anim")).to_have_count(0)


def test_cases_are_selected_on_the_map_by_box_and_around_a_spot_with_keys(at_desk: Callable[..., Visitor]) -> None:
    desk = Desk(at_desk("takahashi"))
    page = desk.page
    desk.window.goto("/desk?status=open&status=closed")
    everything = desk.rows.count()
    desk.use_tool("四角で選ぶ")
    expect(page.locator("[data-map-hint]")).to_contain_text("向かいの角")
    page.keyboard.press(" ")
    for key in ("ArrowRight", "ArrowDown"):
        _still(page)
        page.keyboard.press(key)
    _still(page)
    page.keyboard.press(" ")
    selection = page.get_by_role("list", name=SELECTED)
    expect(selection).to_contain_text("囲んだ場所")
    page.wait_for_url(re.compile("[?&]area="))
    assert desk.rows.count() < everything
    desk.window.look()

    desk.use_tool("まわりを選ぶ")
    page.get_by_label("半径").select_option("1000")
    page.locator(".leaflet-container").focus()
    page.keyboard.press(" ")
    expect(selection).to_contain_text("地図の地点から 1000 m以内")
    page.wait_for_url(re.compile("[?&]near=spot"))
    expect(page.locator(".leaflet-pane path.lasso--chosen").first).to_be_attached()
    desk.window.look()

    selection.get_by_role("link", name="囲んだ場所").press("Enter")
    expect(selection).not_to_contain_text("囲んだ場所")
    page.go_back()
    expect(selection).to_contain_text("囲んだ場所")
    page.go_forward()
    expect(selection).not_to_contain_text("囲んだ場所")
    selection.get_by_role("link", name="地図の地点").press("Enter")
    expect(selection).to_have_count(0)
    expect(desk.rows).to_have_count(everything)


def test_cases_of_an_area_are_selected_by_its_name_without_the_map(at_desk: Callable[..., Visitor]) -> None:
    desk = Desk(at_desk("takahashi", viewport=PHONE))
    page = desk.page
    desk.window.goto("/desk")
    desk.open_menu("条件")
    desk.window.look()
    page.get_by_role("link", name="場所で選ぶ").press("Enter")
    desk.window.look("場所で選ぶ")
    layer = page.get_by_label("地図の層", exact=True)
    layer.select_option(label="粗大ごみの収集地区")
    page.get_by_role("button", name="区域や施設をさがす").press("Enter")
    results = page.locator("#look-layer ul a")
    expect(results.first).to_be_visible()
    desk.window.look()
    name = results.first.inner_text()
    results.first.press("Enter")
    selection = page.get_by_role("list", name=SELECTED)
    expect(selection).to_contain_text(f"粗大ごみの収集地区 {name}の中")
    desk.window.look()
    selection.get_by_role("link", name=name).press("Enter")
    expect(selection).to_have_count(0)


def test_a_link_brings_back_filter_case_map_and_layers(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("takahashi")
    desk = Desk(window)
    page = desk.page
    window.goto("/desk?status=new&status=review&q=道路")
    desk.rows.first.click()
    heading = desk.drawer.locator("header h2").inner_text()
    number = desk.drawer.locator("header .muted.nowrap").first.inner_text().strip()
    desk.choose_layers()
    switch = page.locator("[data-layer-group][open] [data-layer]:not(:checked)").first
    key = switch.get_attribute("data-layer")
    switch.check()
    page.get_by_role("button", name="拡大").click()
    expect(page.locator(".leaflet-zoom-anim")).to_have_count(0)
    desk.open_menu("表示と書き出し")
    page.locator("summary", has_text="リンク").press("Enter")
    field = page.get_by_label("いまの条件・案件・地図を開くリンク")
    expect(field).to_have_value(re.compile(r"at=\d"))
    link = field.input_value()
    assert "q=" not in link
    assert "道路" not in link
    window.look()
    page.get_by_role("button", name="コピーする").click()
    view = _view(page)

    page.evaluate("sessionStorage.clear()")
    window.goto(link)
    expect(desk.drawer.locator("header h2")).to_have_text(heading)
    expect(desk.drawer).to_contain_text(number)
    expect(page.locator(f'[data-layer="{key}"]')).to_be_checked()
    expect(page.locator("#map")).to_have_attribute("data-at", re.compile(r"^\d"))
    assert _view(page) == pytest.approx(view, abs=0.0001)
    expect(page.locator("summary", has_text="状態 2つ")).to_be_visible()
    window.look()


def test_ticked_cases_are_put_on_a_desk_and_taken_back_with_keys(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka")
    desk = Desk(window)
    page = desk.page
    window.goto("/desk?view=unassigned")
    for _row in range(2):
        page.keyboard.press("j")
        expect(desk.drawer.locator("header h2")).to_have_text(
            desk.rows.and_(page.locator("[aria-current]")).locator("b").inner_text()
        )
        page.keyboard.press("x")
    window.look()
    page.get_by_role("button", name="選んだ2件を扱う").press("Enter")
    window.look("2件をまとめて扱う")
    page.get_by_role("button", name="担当を確かめる").press("Enter")
    window.sees("担当にする人を選んでください。")
    window.look()
    page.get_by_label("担当", exact=True).select_option(label="田中 誠")
    page.get_by_role("button", name="担当を確かめる").press("Enter")
    window.look("担当を決めますか")
    window.sees("2件の担当を「田中 誠」にします")
    page.get_by_role("button", name="2件の担当を決める").press("Enter")
    window.sees("案件ごとの結果")
    window.look("担当をまとめて決めた結果")
    page.get_by_role("button", name="2件の担当を元にもどす").press("Enter")
    window.sees("元にもどしました")
    window.look()

    window.goto("/desk?status=new")
    page.get_by_label("この一覧").check()
    page.get_by_role("button", name=re.compile(r"選んだ\d+件を扱う")).press("Enter")
    page.get_by_label("申請した人全員に書くこと").fill("番号は 1234 5678 9018 です。")
    page.get_by_role("button", name="メッセージを確かめる").press("Enter")
    window.sees("マイナンバー")
    expect(page.get_by_label("申請した人全員に書くこと")).to_have_value("番号は 1234 5678 9018 です。")
    page.get_by_label("申請した人全員に書くこと").fill("現地を確かめます。")
    page.get_by_role("button", name="メッセージを確かめる").press("Enter")
    window.look("メッセージを送りますか")
    page.get_by_role("link", name="選びなおす").press("Enter")
    page.get_by_role("link", name="一覧を印刷する").press("Enter")
    window.look("案件の一覧")


def test_a_view_is_kept_begun_with_and_deleted(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka", viewport=PHONE)
    page, desk = window.page, Desk(window)
    window.goto("/desk?status=new&procedure=road-occupancy")
    desk.open_menu("表示と書き出し")
    page.get_by_role("link", name="表示を保存").press("Enter")
    window.look("いまの表示を保存する")
    page.get_by_role("button", name="保存する").press("Enter")
    window.sees("名前を入力してください。")
    page.get_by_label("名前").fill("新しい道路占用")
    page.get_by_role("button", name="保存する").press("Enter")
    views = page.get_by_role("navigation", name="保存した表示")
    desk.open_menu("表示と書き出し")
    expect(views.get_by_role("link", name="新しい道路占用")).to_have_attribute("aria-current", "true")
    window.look()
    views.get_by_role("link", name="整える").press("Enter")
    window.look("保存した表示")
    page.get_by_role("button", name="「新しい道路占用」をはじめに開く").press("Enter")
    window.sees("はじめに開くのをやめる")
    window.goto("/desk")
    page.wait_for_url(re.compile("procedure=road-occupancy"))
    desk.open_menu("表示と書き出し")
    views.get_by_role("link", name="整える").press("Enter")
    page.get_by_role("link", name="「新しい道路占用」を消す").press("Enter")
    window.look("表示を消しますか")
    page.get_by_role("button", name="消す", exact=True).press("Enter")
    window.sees("まだありません")
    window.look()
