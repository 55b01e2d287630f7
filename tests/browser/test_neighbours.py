"""A clerk lists the addresses near the site of a road works case, leaves some out, and takes labels and a file along."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.audit import PHONE
from tests.browser.visitor import Visitor
from tests.installation import Installation

SPOT = (139.4074, 35.7142)


def _addresses(folder: Path) -> Path:
    """Twelve houses along a street, 8 m apart."""
    rows = [f"立川市泉町1156番地の{n},{SPOT[1]},{SPOT[0] + n * 8 / 90_400:.7f}" for n in range(1, 13)]
    file = folder / "住所.csv"
    file.write_text("住所,緯度,経度\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return file


@pytest.mark.slow
def test_neighbours_are_listed_for_the_post(
    at_desk: Callable[..., Visitor], installation: Installation, tmp_path: Path
) -> None:
    window = at_desk("takahashi")
    window.goto("/desk/neighbours")
    window.sees("住所の位置が、まだありません")
    window.look()
    status, output = installation.madoguchi("address", "import", "tachikawa", str(_addresses(tmp_path)))
    assert status == 0, output
    window.goto("/desk/neighbours")
    window.look("近くの住所の一覧をつくる")
    window.answer({"words": "どこにもない町"})
    window.press("一覧をつくる")
    window.sees("見つかりません")
    window.look()
    window.answer({"positions": f"{SPOT[1]}, {SPOT[0]}", "purpose": "工事のお知らせを配るため"})
    window.page.get_by_label("50 m").check()
    window.press("一覧をつくる")
    window.sees("6件")
    window.sees("工事のお知らせを配るため")
    window.look("近くの住所")
    window.page.set_viewport_size(PHONE)
    window.look()
    window.page.get_by_label("「泉町1156-2」を外す").check()
    window.press("印をつけた住所を外す")
    window.sees("ほかに外した住所 1件")
    with window.page.expect_download() as file:
        window.page.get_by_role("link", name="CP932(Shift_JIS)で受け取る").click()
    assert "立川市泉町1156-3" in file.value.path().read_bytes().decode("cp932")
    window.answer({"sheet": "12"})
    window.press("ラベルをつくる")
    made = window.page.get_by_role("link", name=re.compile("受け取る.PDF"))
    while not made.count():
        window.page.wait_for_timeout(500)
        window.page.reload()
    expect(made).to_have_count(1)
    window.look()
