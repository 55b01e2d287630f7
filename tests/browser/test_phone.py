"""A phone: a damaged road reported with a finger and the camera; no page scrolls sideways, down to 320 px."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from portal.core.clock import today
from tests.browser.audit import PHONE
from tests.browser.map_drawing import DrawingMap
from tests.browser.papers import photo
from tests.browser.visitor import Visitor

NARROW = 320  # CSS pixels; WCAG 2.2, 1.4.10 (reflow)
HOLE = (139.41332, 35.69861)

_BEYOND = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > wide + 1)
    .map((element) => element.outerHTML.slice(0, 120));
}"""


def test_a_hole_is_reported_with_a_finger_and_the_camera(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    resident = visit(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    page = resident.page
    resident.goto("/")
    _look(resident, "今日は、どうされましたか。")
    page.get_by_label("手続きや困りごとを入力").fill("道路の穴")
    page.get_by_role("button", name="さがす").tap()
    _look(resident, "「道路の穴」でさがした手続き")
    page.get_by_role("link", name="道路の損傷の連絡").tap()
    _look(resident, "道路の損傷の連絡")

    page.get_by_role("button", name="申請をはじめる").tap()
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

    _look(resident, "確認して、申請してください。")
    resident.sees("穴.jpg")
    page.get_by_text("書いた内容は正しいです。").tap()
    page.get_by_role("button", name="申請する").tap()
    _look(resident, "申請を受け付けました。")
    number = page.locator(".ticket__number").inner_text().strip()
    page.get_by_role("link", name="マイページで見る").tap()
    _look(resident, "道路の損傷の連絡")
    resident.sees(number)
    expect(page.get_by_role("link", name="穴.jpg")).to_be_visible()
    page.get_by_role("link", name="わたしの申請").filter(visible=True).first.tap()
    _look(resident, "わたしの申請")
    resident.sees(number)


def _look(resident: Visitor, heading: str | None = None) -> None:
    """What `look` sees, and that nothing sticks out of a window of 320 px."""
    resident.look(heading)
    resident.page.set_viewport_size({"width": NARROW, "height": 640})
    beyond = resident.page.evaluate(_BEYOND)
    resident.page.set_viewport_size(PHONE)
    assert beyond == [], resident.page.url
