"""Pieces of the map: chosen on it or by the keyboard, and seen held by somebody else, with a script and without."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.audit import PHONE
from tests.browser.visitor import Visitor
from tests.installation import Installation

PLOTS = Path(__file__).with_name("plots.yaml")
NAME = {"name.family": "佐藤", "name.given": "美咲"}


@pytest.fixture(scope="module")
def plots(installation: Installation, publish: Callable[[Path], None]) -> None:
    """Four flower beds in 立川市, and the procedure that gives them."""
    beds = str(PLOTS.with_suffix(".geojson"))
    status, output = installation.madoguchi(
        "layer", "import", "tachikawa", "flower-beds", beds, "--title", "花壇", "--kind", "polygon"
    )
    assert status == 0, output
    publish(PLOTS)


def _begin(window: Visitor) -> None:
    """On to the page with the pieces."""
    window.goto("/procedures/plots")
    window.press("入力をはじめる")
    expect(window.page.locator("[data-piece]")).to_have_count(4)


def _sees(window: Visitor, piece: str, words: str) -> None:
    """What the card of a piece says, and the piece on the map with it."""
    expect(window.page.locator(f'[data-piece="{piece}"]')).to_contain_text(words)


@pytest.mark.slow
@pytest.mark.usefixtures("plots")
def test_a_piece_that_somebody_chose_is_seen_held_and_then_taken(visit: Callable[..., Visitor]) -> None:
    resident, other, plain = visit(), visit(viewport=PHONE), visit(java_script_enabled=False)
    _begin(resident)
    resident.answer(NAME)
    shape = resident.page.locator("[data-map-pieces] path.piece").nth(1)
    shape.click()
    expect(shape).to_have_attribute("data-chosen", "true")
    chosen = resident.page.locator('[name="plot"]:checked')
    expect(chosen).to_have_value("b2")
    chosen.press("ArrowDown")
    expect(chosen).to_have_value("b3")
    expect(shape).to_have_attribute("data-chosen", "false")
    resident.look("使う花壇")
    resident.press("保存して確認へ")
    resident.look("申込み内容の確認")
    resident.sees("3番の花壇")

    for window in (other, plain):
        _begin(window)
        _sees(window, "b3", "ほかの人が手続きをしています")
        _sees(window, "b2", "空いています")
        window.look("使う花壇")
    expect(other.page.locator('[data-map-pieces] path.piece[data-state="held"]')).to_have_count(1)

    resident.page.get_by_label("内容に間違いはありません。").check()
    resident.press("申込みを送る")
    resident.look("届きました")
    _sees(other, "b3", "埋まっています")
    expect(other.page.locator('[data-map-pieces] path.piece[data-state="taken"]')).to_have_count(1)
    plain.page.reload()
    _sees(plain, "b3", "埋まっています")
    plain.answer(NAME | {"plot": "b3"})
    plain.press("保存して確認へ")
    plain.sees("ほかの人が先に選びました。")
    plain.look()
    plain.page.get_by_role("link", name="「どの花壇を使いますか」を選び直す").click()
    plain.look("使う花壇")
