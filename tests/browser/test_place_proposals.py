"""A clerk draws the site again by coordinates and pins a note; the applicant sees both outlines on a phone without scripts, and takes one over."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.applications import number
from tests.browser.audit import PHONE
from tests.browser.desk import Desk
from tests.browser.mailbox import Mailbox
from tests.browser.papers import drawing
from tests.browser.people import OWNER, enter_mailed_code, prove_address
from tests.browser.visitor import Visitor

STRIP = "35.700221, 139.415752\n35.700243, 139.415960\n35.700257, 139.415958\n35.700235, 139.415750"
SHORTER = "35.700223, 139.415772\n35.700241, 139.415942\n35.700255, 139.415940\n35.700237, 139.415770"


def _apply(resident: Visitor, mailbox: Mailbox, address: str, folder: Path) -> str:
    """An application to put a scaffold on a strip of the footway; its number."""
    resident.goto("/procedures/road-occupancy")
    resident.press("入力をはじめる")
    resident.page.get_by_text("座標で入力する", exact=True).click()
    resident.answer({"area.coordinates": STRIP, "period.start": "2028-02-07", "period.end": "2028-02-20"})
    resident.press("保存して次へ")
    resident.answer({"object": "scaffold", "purpose": "外壁の塗り替え工事のため"})
    resident.press("保存して次へ")
    resident.answer({"plans.upload": drawing(folder), "police": "yes"})
    resident.press("保存して次へ")
    resident.answer({"applicant_is_public_body": "no", **OWNER})
    resident.press("保存して確認へ")
    prove_address(resident, mailbox, address)
    resident.page.get_by_label("内容に間違いはありません。").check()
    resident.press("申請を送る")
    return number(resident)


@pytest.mark.slow
def test_a_proposed_outline_is_seen_over_the_own_one_and_taken_over(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor], mailbox: Mailbox, tmp_path: Path
) -> None:
    resident, address = visit(java_script_enabled=False, viewport=PHONE), "outline@example.jp"
    sent = _apply(resident, mailbox, address, tmp_path)

    desk = Desk(at_desk("takahashi"))
    desk.open(sent)
    desk.do("受け付ける")
    desk.stands_at("審査中")
    desk.window.follow("場所の直し方の案")
    desk.window.look("場所の直し方の案")
    desk.page.get_by_role("link", name=re.compile("案をつくる")).click()
    desk.window.look("場所の直し方の案")
    corners = desk.page.locator('[name="area.coordinates"]')
    expect(corners).to_have_value(re.compile("35.7002"))
    corners.fill(SHORTER)
    desk.page.get_by_role("button", name="大きさと決まりを確かめる").press("Enter")
    desk.window.sees("案は、場所の決まりに合っています。")
    desk.window.look()
    desk.window.answer({"corner-0": "2", "text-0": "この角は、隣の家の出入口にかかっています。"})
    desk.window.press("案を保存する")
    desk.window.sees("まだ送っていません")
    desk.window.look()
    desk.open(sent)
    desk.do("補正を求める")
    expect(desk.page.locator("dialog[open]")).to_contain_text("場所の直し方の案 1件を、一緒に送ります")
    desk.window.look()
    desk.confirm()
    desk.carry_out_now()
    desk.stands_at("補正待ち")

    resident.goto(mailbox.link(address, "直していただきたいところがあります"))
    if resident.page.get_by_label("メールアドレス").count():
        enter_mailed_code(resident, mailbox, address)
    resident.page.get_by_role("link", name="直して送る").first.click()
    resident.look("直して送る")
    resident.sees("この角は、隣の家の出入口にかかっています。")
    expect(resident.page.locator(".place-sketch polygon")).to_have_count(2)
    picture = resident.page.get_by_role("img", name="申請の場所と、市役所の案を重ねた地図")
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    scripted = visit(storage_state=resident.context.storage_state(), viewport=PHONE)
    scripted.goto(resident.page.url)
    expect(scripted.page.locator("[data-map-place] path.former-shape")).to_have_count(1)
    expect(scripted.page.locator("[data-map-place] path.drawn-shape")).to_have_count(1)
    scripted.look("直して送る")
    resident.press("案のとおりにする")
    resident.sees("市役所の案を、下の質問に入れました")
    resident.look()
    resident.page.get_by_role("button", name="直した内容を送る").last.click()
    resident.look("道路占用許可申請")
    resident.sees("案のとおりに直されました")
    desk.open(sent)
    desk.tab("履歴")
    expect(desk.drawer).to_contain_text("案のとおりに直されました")
