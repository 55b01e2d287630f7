"""The main road: an area drawn on the map, an office that asks for a correction and permits, a fee paid by card."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from portal.core.clock import today
from tests.browser.applications import number
from tests.browser.desk import Desk
from tests.browser.mailbox import Mailbox
from tests.browser.map_drawing import DrawingMap
from tests.browser.papers import drawing
from tests.browser.people import OWNER, pay_by_card, prove_address
from tests.browser.visitor import Visitor

FOOTWAY = [(139.415752, 35.700221), (139.415960, 35.700243), (139.415958, 35.700257), (139.415750, 35.700235)]
"""A strip of the footway in front of the demo's building site, in 市道1級12号線; other works already have its east end."""


def test_an_area_is_drawn_corrected_permitted_and_paid(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor], mailbox: Mailbox, tmp_path: Path
) -> None:
    resident, address = visit(), "misaki@example.jp"
    sent = _apply(resident, mailbox, address, tmp_path)

    desk = Desk(at_desk("takahashi"))
    _find_in_list_and_on_map(desk, sent)
    desk.do("受け付ける")
    desk.stands_at("審査中")
    _open_the_drawing(desk)
    desk.do("補正を求める")
    desk.page.get_by_label("占用の目的").check()
    desk.window.look()
    desk.confirm("足場の高さを、目的の欄に書き足してください。")
    desk.stands_at("審査中")
    desk.window.look()
    desk.carry_out_now()
    desk.stands_at("補正待ち")

    _mend(resident, mailbox, address)

    desk.open(sent)
    expect(desk.drawer).to_contain_text("高さは9mです")
    desk.do("現地確認を行わずに進める")
    desk.confirm("写真で確かめました。", label="職員のメモ")
    desk.do("許可する")
    expect(desk.page.locator("dialog[open]")).to_contain_text(
        re.compile(r"[\d,]+円の支払いをお願いします。.*お支払いのお願い", re.DOTALL)
    )
    desk.window.look()
    desk.confirm()
    desk.drawer.get_by_role("button", name=re.compile("^取り消す")).click()
    expect(desk.page.locator("dialog[open]")).to_be_visible()
    desk.confirm()
    desk.carry_out_now()
    desk.stands_at("支払い待ち")

    resident.goto(mailbox.link(address, "料金のお支払い"))
    resident.look("道路占用許可申請")
    resident.page.get_by_role("link", name=re.compile("円を支払う")).first.click()
    resident.look("お支払い")
    resident.page.get_by_role("button", name=re.compile("円を支払う")).click()
    pay_by_card(resident)
    resident.page.wait_for_url("**/me/cases/**")
    expect(resident.page.locator(".application .pill").first).to_contain_text("許可")
    expect(resident.page.get_by_role("status").first).to_contain_text(re.compile(r"[\d,]+円の支払いが終わりました。"))
    expect(resident.page.locator(".application").first).to_contain_text(
        re.compile("許可されました.*から.*まで", re.DOTALL)
    )
    assert "期間：" in mailbox.read(address, "許可されました")
    resident.look()
    expect(resident.page.locator("#history-title + *")).to_contain_text(
        re.compile(
            "申請を送りました.*受け付けました.*直してほしい.*直した内容.*お支払いをお願いしました(?=.*料金を支払いました).*許可されました",
            re.DOTALL,
        )
    )
    _check_the_permit(resident, visit(), tmp_path)

    _read_how_it_ended(desk, sent)


def _apply(resident: Visitor, mailbox: Mailbox, address: str, folder: Path) -> str:
    """From the home page to the receipt; the number on it."""
    page = resident.page
    resident.goto("/")
    resident.look("今日は、どうされましたか。")
    page.get_by_role("combobox", name="手続きや困りごとを入力").fill("足場")
    resident.press("さがす")
    resident.look("「足場」でさがした結果")
    resident.follow("道路占用許可申請")
    resident.look("道路占用許可申請")
    resident.press("入力をはじめる")

    _where_and_when(resident)
    resident.look("置くものと目的")
    resident.answer({"object": "scaffold", "purpose": "外壁の塗り替え工事のため"})
    expect(page.locator("#live-panel")).to_contain_text(re.compile(r"料金の見込み\s*[\d,]+円"))
    resident.look()
    resident.press("保存して次へ")

    resident.look("図面")
    resident.answer({"plans.upload": drawing(folder), "police": "yes"})
    resident.look()
    resident.press("保存して次へ")
    resident.look("申請する方")
    resident.answer({"applicant_is_public_body": "no", **OWNER})
    resident.press("保存して確認へ")

    resident.look("申請内容の確認")
    expect(page.locator("main")).to_contain_text("平面図.pdf")
    prove_address(resident, mailbox, address)
    page.get_by_label("内容に間違いはありません。").check()
    resident.look()
    resident.press("申請を送る")
    resident.look("申請が届きました。")
    expect(page.locator("svg.qr")).to_be_visible()
    sent = number(resident)
    assert sent in mailbox.read(address, "申請が届きました")
    return sent


def _where_and_when(resident: Visitor) -> None:
    """The area is drawn and a period given; the works in the way are got out of by a press."""
    page = resident.page
    resident.look("使う道路の範囲を、地図に描いてください。")
    resident.press("保存して次へ")
    resident.sees("2か所を直してください")
    resident.look()
    drawing = DrawingMap(page)
    drawing.look_at(139.415855, 35.700238, 21)
    for corner in FOOTWAY:
        drawing.press(corner)
    start = today() + timedelta(days=30)
    resident.answer({"period.start": start.isoformat(), "period.end": (start + timedelta(days=40)).isoformat()})
    live = page.locator("#live-panel")
    expect(live).to_contain_text(
        re.compile(r"面積\s*(29|30)\.\d\dm².*料金の見込み\s*[\d,]+円.*年額 7,440円 × 3[01] m² × 2か月 ÷ 12", re.DOTALL)
    )
    expect(live).to_contain_text(re.compile(r"別の許可と\d\.\d\d m²重なっています.*から空きます", re.DOTALL))
    works = page.locator("#live-panel .note--warning")
    expect(works).to_contain_text(re.compile(r"足場・.+・道路課"))
    expect(works).not_to_contain_text(re.compile(r"立-\d{4}"))
    resident.look()
    resident.press("範囲を自動でずらす")
    expect(page.locator("#moved-note")).to_contain_text(re.compile(r"[東西南北]へ\d\.\d m動かしました"))
    expect(page.get_by_role("button", name="元に戻す")).to_be_focused()
    expect(live).to_contain_text("ほかの許可と重なっていません")
    expect(page.locator("[data-error-summary]")).to_have_count(0)
    expect(page.locator(".map-form [aria-invalid]")).to_have_count(0)
    resident.look()
    resident.press("保存して次へ")


def _find_in_list_and_on_map(desk: Desk, number: str) -> None:
    """The case is the newest row, and a pin on the map opens it."""
    desk.window.goto("/desk")
    desk.window.look()
    desk.search(number)
    row = desk.rows
    expect(row).to_have_count(1)
    expect(row).to_contain_text("道路占用許可申請")
    desk.draw_around_pin()
    expect(row).to_have_count(1)
    desk.page.get_by_role("link", name="囲んだ場所").click()
    expect(desk.page.get_by_role("link", name="囲んだ場所")).to_have_count(0)
    desk.press_pin()
    expect(desk.drawer).to_contain_text(number)
    desk.window.look()


def _open_the_drawing(desk: Desk) -> None:
    """The drawing is downloaded once it was scanned."""
    desk.tab("書類")
    for _ in range(50):
        if desk.drawer.get_by_role("link", name="ダウンロード").count():
            break
        desk.page.reload()
    with desk.page.expect_download() as opened:
        desk.drawer.get_by_role("link", name="ダウンロード").first.click()
    assert opened.value.suggested_filename == "平面図.pdf"
    desk.tab("内容")


def _mend(resident: Visitor, mailbox: Mailbox, address: str) -> None:
    """The applicant follows the mail, reads what is asked and sends it again."""
    request = mailbox.read(address, "直していただきたいところがあります")
    assert "・占用の目的" in request
    assert "足場の高さを、目的の欄に書き足してください。" in request
    resident.goto(mailbox.link(address, "直していただきたいところがあります"))
    resident.look("道路占用許可申請")
    resident.follow("直して送る")
    resident.look("直して送る")
    resident.sees("足場の高さを、目的の欄に書き足してください。")
    resident.answer({"purpose": "外壁の塗り替え工事のため。足場の高さは9mです。"})
    resident.press("直した内容を送る")
    resident.page.wait_for_url("**/me/cases/**")
    resident.sees("直した内容が届きました。")


def _check_the_permit(resident: Visitor, stranger: Visitor, folder: Path) -> None:
    """The applicant fetches the permit; somebody else finds that it holds, by its file and by what stands on it."""
    page = resident.page
    for _ in range(50):
        if page.locator("#issued").get_by_role("link", name="受け取る").count():
            break
        page.reload()
    with page.expect_download() as fetched:
        page.locator("#issued").get_by_role("link", name="受け取る").click()
    permit = folder / "permit.pdf"
    fetched.value.save_as(permit)
    resident.look()
    stranger.goto("/verify")
    stranger.look("市が交付した書類を確かめる")
    stranger.page.get_by_label("書類のファイル(PDF)").set_input_files(permit)
    stranger.press("ファイルを確かめる")
    stranger.sees("この書類は有効です")
    stranger.look()
    altered = folder / "altered.pdf"
    altered.write_bytes(permit.read_bytes() + b" ")
    stranger.page.get_by_label("書類のファイル(PDF)").set_input_files(altered)
    stranger.press("ファイルを確かめる")
    stranger.sees("交付したあとで変えられています")
    stranger.look()


def _read_how_it_ended(desk: Desk, sent: str) -> None:
    """The office finds the permit among the papers, and what happened in the history."""
    desk.open(sent)
    desk.stands_at("許可")
    desk.tab("書類")
    expect(desk.drawer).to_contain_text("道路占用許可書")
    desk.window.look()
    desk.tab("履歴")
    desk.window.look()
    for text in (
        "申請が届きました",
        "書類を開きました",
        "補正を求めました",
        "補正が届きました",
        "許可しました",
        "支払いを確かめました",
    ):
        expect(desk.drawer).to_contain_text(text)
