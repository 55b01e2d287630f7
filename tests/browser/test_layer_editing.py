"""A clerk draws a feature, describes it, corrects it by the keys and publishes it; then the style of the layer is looked at."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor


@pytest.mark.slow
def test_a_feature_is_drawn_corrected_by_keys_and_published(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka")
    window.goto("/desk/layers")
    window.answer({"title": "花壇", "key": "planters", "kind": "polygon", "owner": "road-management"})
    window.press("層をつくる")
    window.follow("地図の上で編集する")
    window.look("「花壇」を編集する")
    page, canvas = window.page, window.page.locator(".layer-edit__map .map__canvas")
    page.get_by_text("項目を足す").first.click()
    window.answer({"name": "名前"})
    page.locator("form", has=page.locator("#column-name")).get_by_role("button").press("Enter")
    box = canvas.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.get_by_role("button", name="描く").click()
    for dx, dy in ((-60, -40), (60, -40), (60, 60), (-60, -40)):
        page.mouse.click(x + dx, y + dy)
    expect(page.locator(".edit-shape[data-mark=added]")).to_have_count(1)
    page.get_by_label("名前", exact=True).fill("駅前の花壇")
    page.keyboard.press("Tab")
    expect(page.locator("[data-edit-feature]")).to_contain_text("駅前の花壇")
    canvas.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator("[data-edit-hint]")).to_contain_text("頂点1を選択中")
    expect(page.get_by_role("button", name="1つ戻す")).to_have_attribute("title", "形を変えた")
    window.look()
    page.reload()
    window.sees("駅前の花壇")
    window.follow("変更の一覧・新しい版にする")
    window.look("「花壇」の変更")
    window.answer({"note": "春の植え替え"})
    window.press("新しい版にする")
    window.sees("春の植え替え")
    window.sees(re.compile("1件・第1版"))
    window.follow("見た目を変える")
    window.look("「花壇」の見た目")
    window.goto("/desk/layers/planters/comparison")
    window.look("「花壇」の2つの日を比べる")
    page.get_by_role("button", name="1つに重ねて比べる").press("Enter")
    slider = page.get_by_role("slider", name=re.compile("境目の位置"))
    expect(slider).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("左から49%まで"))
    window.look("「花壇」の2つの日を比べる")
    page.get_by_role("link", name="駅前の花壇").or_(page.get_by_text("この2つの版の中身は同じです")).first.wait_for()
