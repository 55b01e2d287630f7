"""A phone: a damaged road reported with a finger and the camera; no page scrolls sideways, down to 320 px."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from portal.core.clock import today
from tests.browser.applications import number, see_outcome
from tests.browser.audit import PHONE
from tests.browser.desk import Desk
from tests.browser.map_drawing import DrawingMap
from tests.browser.papers import photo
from tests.browser.visitor import Visitor

NARROW = 320  # CSS pixels; WCAG 2.2, 1.4.10 (reflow)
HOLE = (139.41332, 35.69861)
FOOTWAY = [(139.415752, 35.700221), (139.415960, 35.700243)]
"""The long side of a strip of the footway, 19 m, in front of the demo's building site."""

_BEYOND = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > wide + 1)
    .map((element) => element.outerHTML.slice(0, 120));
}"""


def test_a_hole_is_reported_with_a_finger_and_the_camera_and_mended(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor], tmp_path: Path
) -> None:
    resident = visit(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    page = resident.page
    resident.goto("/")
    _look(resident, "今日は、どうされましたか。")
    page.get_by_role("combobox", name="手続きや困りごとを入力").fill("道路の穴")
    page.get_by_role("button", name="さがす").tap()
    _look(resident, "「道路の穴」でさがした結果")
    page.get_by_role("link", name="道路の損傷の連絡").tap()
    _look(resident, "道路の損傷の連絡")

    page.get_by_role("button", name="入力をはじめる").tap()
    _look(resident, "何がこわれていますか")
    page.get_by_text("穴・段差・ひびわれ").tap()
    page.get_by_text("いいえ", exact=True).tap()
    page.get_by_role("button", name="保存して次へ").tap()

    _look(resident, "こわれている場所を、地図で押してください。")
    DrawingMap(page).tap(HOLE)
    expect(page.locator(".vertex--point")).to_have_count(1)
    expect(page.locator("#live-panel")).to_contain_text("道路課")
    resident.answer({"photos.upload": photo(tmp_path, "穴.jpg")})
    expect(page.locator("[data-file-list]")).to_contain_text("穴.jpg")
    _look(resident)

    resident.answer({"found_on": today().isoformat()})
    page.get_by_role("button", name="保存して次へ").tap()
    _look(resident, "連絡先")
    page.get_by_text("いいえ", exact=True).tap()
    page.get_by_role("button", name="保存して確認へ").tap()

    _look(resident, "連絡内容の確認")
    resident.sees("穴.jpg")
    page.get_by_text("内容に間違いはありません。").tap()
    page.get_by_role("button", name="連絡を送る").tap()
    _look(resident, "連絡が届きました。")
    sent = number(resident)
    page.get_by_role("link", name="連絡のページを開く").tap()
    _look(resident, "道路の損傷の連絡")
    resident.sees(sent)
    expect(page.get_by_role("link", name="穴.jpg", exact=True)).to_be_visible()
    page.get_by_role("link", name="わたしの手続き").filter(visible=True).first.tap()
    _look(resident, "わたしの手続き")
    resident.sees(sent)

    Desk(at_desk("takahashi")).settle(sent, "対応済みにする", "対応済み")
    see_outcome(resident, sent, "対応済み")


def test_a_strip_of_the_footway_is_placed_under_the_cross(visit: Callable[..., Visitor]) -> None:
    """19 × 1.6 m: two ends that a finger can set, and a width that is typed; corners nearer to each other than a finger is wide, too."""
    resident = visit(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    page = resident.page
    resident.goto("/procedures/road-occupancy")
    page.get_by_role("button", name="入力をはじめる").first.tap()
    _look(resident, "使う道路の範囲を、地図に描いてください。")
    drawing, live = DrawingMap(page), page.locator("#live-panel")
    said = page.locator("[data-map-hint] [role=status]")
    page.get_by_role("button", name="帯").tap()
    for n, (lon, lat) in enumerate(FOOTWAY, start=1):
        drawing.look_at(lon, lat, 20)
        page.get_by_role("button", name="ここに点を置く").tap()
        expect(said).to_have_text(
            "点1を置きました。" if n == 1 else re.compile(r"長さ1[89]\.\d m、幅1 mの範囲を置きました。")
        )
    for measure, metres in (("length", "19"), ("width", "1.6")):
        page.locator(f"[data-strip-{measure}]").fill(metres)
        page.locator(f"[data-strip-{measure}]").press("Enter")
    expect(said).to_contain_text("長さ19.0 m、幅1.6 mの範囲を置きました。")
    expect(live).to_contain_text(re.compile(r"面積\s*30\.40m²"))
    expect(page.get_by_role("button", name="動かす")).to_have_attribute("aria-pressed", "true")
    _look(resident)

    page.reload()
    page.get_by_role("button", name="全部消す").tap()
    expect(page.get_by_role("button", name="囲む")).to_have_attribute("aria-pressed", "true")
    drawing.look_at(*FOOTWAY[0], 19)
    for n, (east, north) in enumerate([(0, 0), (60, 0), (60, 7), (0, 7)], start=1):  # pixels: 7 are 1.6 m
        drawing.tap_at(east, north)
        expect(said).to_contain_text(f"点{n}を置きました。")
    page.get_by_role("button", name="囲み終わる").tap()
    expect(said).to_have_text("囲み終わりました。角は4個です。")
    expect(page.locator(".vertex:not(.vertex--mid)")).to_have_count(4)
    page.get_by_role("button", name="1つ戻す").tap()
    expect(said).to_have_text("1つ戻しました。点は3個です。")
    _look(resident)


def _look(resident: Visitor, heading: str | None = None) -> None:
    """What `look` sees, and that nothing sticks out of a window of 320 px."""
    resident.look(heading)
    resident.page.set_viewport_size({"width": NARROW, "height": 640})
    beyond = resident.page.evaluate(_BEYOND)
    resident.page.set_viewport_size(PHONE)
    assert beyond == [], resident.page.url
