"""Paying by bank transfer on a phone: the city switches it on, the account is on the page and in the mail, and the money comes in two parts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import expect

from tests.browser import dog
from tests.browser.applications import number
from tests.browser.desk import Desk
from tests.browser.mailbox import Mailbox
from tests.browser.visitor import Visitor
from tests.installation import Installation

PHONE = {"width": 390, "height": 844}


@contextmanager
def transfers_taken(accountant: Visitor) -> Iterator[None]:
    """The city takes bank transfers until the block ends, switched by the accountant."""
    _switch(accountant, "銀行振込を始めます。")
    yield
    _switch(accountant, "銀行振込をやめます。")


def _switch(accountant: Visitor, told: str) -> None:
    accountant.goto("/desk/payments/settings")
    accountant.page.locator('[name="methods"][value="bank_transfer"]').click()
    accountant.press("変えるところを確かめる")
    accountant.sees(told)
    accountant.press("このように変える")
    accountant.sees("支払い方法の設定を変えました")


def test_a_transfer_comes_in_two_parts(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor], mailbox: Mailbox, installation: Installation
) -> None:
    resident, address = visit(viewport=PHONE), "furikomi@example.jp"
    page = resident.page
    with transfers_taken(at_desk("tanaka")):
        dog.ready_to_pay(resident, mailbox, address)
        page.locator('[name="method"][value="bank_transfer"]').check()
        resident.look()
        resident.press("3,000円を支払って申請を送る")
        form = page.locator('form[action$="/transfer"]')
        form.get_by_label("メールアドレス").fill(address)
        form.get_by_label("名前").fill("佐藤 美咲")
        form.get_by_role("button").click()
        page.get_by_role("link", name="のページに戻る").click()
        page.wait_for_url("**/pay/**")
    resident.look("銀行で振り込んでください")
    resident.sees("銀行の振込手数料は、振り込む人の負担です。")
    account = page.locator("dt", has_text="口座番号").locator("+ dd").inner_text()
    assert account in mailbox.read(address, "振込先のお知らせ")

    operator = visit()
    _arrives(operator, installation.sandbox, "1000")
    assert "2,000円" in mailbox.read(address, "振込の一部が届きました")
    page.reload()
    resident.look("銀行で振り込んでください")
    resident.sees("1,000円が届いています")
    resident.follow("手続きの状況を見る")
    case = number(resident)
    desk = Desk(at_desk("tanaka"))
    desk.open(case)
    desk.stands_at("支払い待ち")

    _arrives(operator, installation.sandbox, "2000")
    assert "3,000円" in mailbox.read(address, "お支払いを確認しました")
    page.reload()
    resident.sees("3,000円の支払いが終わりました。")
    desk.open(case)
    desk.stands_at("受付待ち")
    expect(desk.drawer).to_contain_text("支払い済み")


def _arrives(operator: Visitor, sandbox: str, amount: str) -> None:
    operator.goto(sandbox)
    operator.page.locator('form[action*="/operator/transfers/"] input[name="amount"]').first.fill(amount)
    operator.page.get_by_role("button", name="円が振り込まれた").first.click()
