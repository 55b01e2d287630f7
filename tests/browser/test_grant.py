"""Money from the city: a resident asks for it, two people decide on it within the budget, and the bank gets a file."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal.core.clock import today
from tests.browser import applications
from tests.browser.desk import Desk
from tests.browser.visitor import Visitor

GRANT = Path(__file__).with_name("grant.yaml")
RECORD = 120
"""Bytes of a line of the file, without its end: 総合振込 of the 全銀協."""
ACCOUNT = {
    "account.bank_name": "見本銀行",
    "account.bank_code": "9999",
    "account.branch_name": "立川支店",
    "account.branch_code": "001",
    "account.kind": "ordinary",
    "account.number": "1234567",
    "account.holder": "サトウ ミサキ",
}
CITY_ACCOUNT = {
    "code": "1234567890",
    "name": "タチカワシ",
    "bank_code": "0001",
    "bank_name": "ミホン",
    "branch_code": "001",
    "branch_name": "ホンテン",
    "number": "7654321",
}


@pytest.fixture(scope="module")
def grants(publish: Callable[[Path], None]) -> None:
    """The procedure is published."""
    publish(GRANT)


def _apply(resident: Visitor) -> str:
    """Ask for half of 1,200,000 yen, which is more than the budget has; the number of the case."""
    resident.goto("/procedures/grant")
    resident.look("ブロック塀を取り除く補助金")
    resident.press("入力をはじめる")
    resident.answer({"name.family": "佐藤", "name.given": "美咲", "cost": "1200000"} | ACCOUNT)
    resident.look("工事と振込先")
    resident.press("保存して確認へ")
    resident.sees("600,000円")
    resident.look("申請内容の確認")
    resident.page.get_by_label("内容に間違いはありません。").check()
    resident.press("申請を送る")
    resident.look("届きました")
    return applications.number(resident)


def _decide(desk: Desk, number: str) -> None:
    """Less than was asked for, since the budget does not reach; it waits for somebody else."""
    desk.open(number)
    expect(desk.drawer).to_contain_text("先に受け付けてから、交付額を決めてください。")
    desk.do("受け付ける")
    expect(desk.drawer).to_contain_text("年度の予算の残り 500,000円")
    decide = desk.drawer.get_by_role("button", name="交付額を決める")
    decide.click()
    desk.window.sees("予算が足りません。")
    desk.window.look()
    desk.drawer.get_by_label("交付額(円)").fill("140000")
    desk.drawer.get_by_label("減らす理由").fill("門の柱は対象になりません。")
    decide.click()
    expect(desk.drawer).to_contain_text("2人目の確認を待っています")
    desk.window.sees("決めた人とは別の人が確認します。")
    desk.window.look()


def _transfer(accountant: Visitor, file: Path) -> None:
    """Say which account of the city it leaves, and download the file for the bank."""
    accountant.goto("/desk/payouts")
    accountant.answer(CITY_ACCOUNT)
    accountant.look("市から払うお金")
    accountant.press("この口座にする")
    accountant.sees("タチカワシ ミホン")
    accountant.answer({"transfer_on": (today() + timedelta(days=3)).isoformat()})
    accountant.look()
    accountant.press("振込のファイルを作る")
    accountant.look("振込のファイル")
    with accountant.page.expect_download() as download:
        accountant.follow("全銀形式のファイルを受け取る")
    download.value.save_as(file)


@pytest.mark.slow
@pytest.mark.usefixtures("grants")
def test_a_grant_is_decided_by_two_and_transferred(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor], tmp_path: Path
) -> None:
    number = _apply(visit())
    _decide(Desk(at_desk("takahashi")), number)

    colleague = at_desk("tanaka")
    desk = Desk(colleague)
    desk.open(number)
    desk.drawer.get_by_role("button", name="交付の決定を確認する").click()
    expect(desk.drawer).to_contain_text("交付決定・振込待ち")
    colleague.look()

    file = tmp_path / "transfer.txt"
    _transfer(colleague, file)
    lines = file.read_bytes().splitlines()
    assert [(line[:1], len(line)) for line in lines[:4]] == [(kind, RECORD) for kind in (b"1", b"2", b"8", b"9")]
    for part in (b"9999", b"1234567", b"0000140000"):
        assert part in lines[1]
    colleague.press("結果を記録する")
    colleague.sees("振込済み")
    colleague.look()
    colleague.goto("/desk/payouts")
    colleague.look("市から払うお金")
