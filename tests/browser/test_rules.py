"""What a department wrote into a definition, as residents meet it: demanded answers, warnings, values and tables."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

HALL = Path(__file__).with_name("hall.yaml")


@pytest.fixture(scope="module")
def hall(publish: Callable[[Path], None]) -> None:
    """The procedure is published."""
    publish(HALL)


@pytest.mark.slow
@pytest.mark.usefixtures("hall")
@pytest.mark.parametrize("scripts", [True, False])
def test_a_room_is_applied_for(visit: Callable[..., Visitor], scripts: bool) -> None:
    resident = visit(java_script_enabled=scripts)
    page = resident.page
    resident.goto("/procedures/hall-use")
    resident.press("入力をはじめる")
    if scripts:
        resident.answer({"room": "large"})
        resident.sees("席は80席です。")
        resident.answer({"room": "small"})
        resident.sees("席は12席です。")
    resident.answer({"room": "small", "hours": "3", "persons": "20"})
    if scripts:
        page.locator('[name="persons"]').blur()
        resident.sees("席の数より多い人数です。")
        resident.sees("1時間の料金")
        resident.sees("900")
    resident.look("使い方")
    resident.press("保存して次へ")

    marks = page.locator("main .required, main .optional")
    expect(marks).to_have_text(["必須", "必須"])
    resident.press("保存して確認へ")
    expect(page.locator("[data-error-summary] li")).to_have_count(2)
    resident.answer({"email": "sato@example.jp"})
    if scripts:
        page.locator('[name="email"]').blur()
        expect(marks).to_have_text(["なくてもかまいません", "必須"])
    resident.look("連絡先")
    resident.press("保存して確認へ")

    resident.look("申込み内容の確認")
    resident.sees("続けられますが、確かめてください")
    resident.sees("席の数より多い人数です。")
    resident.sees("1時間の料金")
    resident.sees("審査が終わったら、900円を支払います。")
    page.locator('[name="agreed"]').check()
    resident.press("申込みを送る")
    resident.look("届きました")
