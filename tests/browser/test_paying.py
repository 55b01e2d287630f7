"""Payments: a provider that is away, a card that is declined and another that is accepted, a convenience store, a refund of one line."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import dog
from tests.browser.applications import number
from tests.browser.audit import PHONE
from tests.browser.desk import Desk
from tests.browser.mailbox import Mailbox
from tests.browser.people import DECLINED_CARD, pay_by_card, provider_away
from tests.browser.visitor import Visitor
from tests.installation import Installation


def test_a_fee_is_paid_at_last_and_one_line_of_it_given_back(
    visit: Callable[..., Visitor],
    at_desk: Callable[..., Visitor],
    mailbox: Mailbox,
    installation: Installation,
    tmp_path: Path,
) -> None:
    resident, address = visit(), "komugi@example.jp"
    page = resident.page
    _fill_in(resident, tmp_path)
    dog.agree(resident, mailbox, address)
    _pay_after_troubles(resident, installation.sandbox)
    sent = number(resident)
    assert "3,550円" in mailbox.read(address, "お支払いを確認しました")

    desk = Desk(at_desk("tanaka"))
    desk.open(sent)
    desk.stands_at("受付待ち")
    expect(desk.drawer).to_contain_text("支払い済み")
    desk.do("受け付ける")
    desk.stands_at("確認中")
    desk.do("完了にする")
    expect(desk.page.locator("dialog[open]")).to_be_visible()
    desk.window.look()
    desk.confirm()
    desk.carry_out_now()
    desk.stands_at("完了")
    _give_back_one_line(desk, sent)
    assert "550円を返金しました" in mailbox.read(address, "返金の手続き")
    desk.page.reload()
    expect(desk.drawer).to_contain_text(re.compile("返金 550円・完了"))
    resident.follow("申請のページを開く")
    expect(page.locator("#payments-title + *")).to_contain_text("返金")
    expect(page.locator("#history-title + *")).to_contain_text("料金をお返ししました")
    resident.look()
    page.locator("#payments-title + *").get_by_role("link").first.click()
    resident.look("支払いが終わりました")
    resident.sees("返金 550円")
    resident.sees(re.compile("お返しのあとの金額\\s*3,000円"))


def _fill_in(resident: Visitor, folder: Path) -> None:
    """Every page of questions, looked at."""
    dog.begin(resident)
    resident.look("飼い主")
    dog.owner(resident)
    resident.look("犬のこと")
    dog.dog(resident)
    dog.vaccinated(resident, folder)
    expect(resident.page.locator("#live-panel")).to_contain_text("3,550円")
    resident.look("狂犬病の予防注射")
    dog.to_review(resident)
    resident.look("申請内容の確認とお支払い")


def _pay_after_troubles(resident: Visitor, sandbox: str) -> None:
    """The provider is away, a card is declined, the payer turns back, and pays with another card."""
    resident.look("申請内容の確認とお支払い")
    with provider_away(resident, sandbox):
        resident.press("3,550円を支払って申請を送る")
        resident.sees("15分後にもう一度お試しください")
        resident.look("お支払い")
    resident.follow("手続きの状況を見る")
    resident.look("申請が届きました。")
    resident.sees("まだ支払われていません")
    resident.follow("申請のページを開く")
    resident.follow("3,550円を支払う")
    resident.look("お支払い")
    resident.press("3,550円を支払う")
    pay_by_card(resident, DECLINED_CARD)
    expect(resident.page.get_by_role("alert")).to_contain_text("カード")
    resident.look()
    resident.follow("支払わずに戻る")
    resident.look("お支払い")
    resident.sees("まだ支払われていません")
    resident.press("3,550円を支払う")
    pay_by_card(resident)
    resident.page.wait_for_url("**/done/**")
    resident.look("申請が届きました。")
    resident.sees("3,550円の支払いが終わりました。")


def _give_back_one_line(desk: Desk, number: str) -> None:
    """Of the two that were paid, at once."""
    desk.drawer.get_by_role("link", name="返金する").click()
    desk.window.look(f"返金({number})")
    desk.page.get_by_label(re.compile("の全額550円を返す$")).check()
    desk.page.get_by_label("返金の理由").fill("注射済票をお渡ししないため、お返しします。")
    desk.window.look()
    desk.window.press("選んだ料金を返金する")
    desk.carry_out_now()


def test_a_fee_is_paid_on_a_phone_at_a_convenience_store_the_next_day(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor], mailbox: Mailbox, installation: Installation
) -> None:
    resident, address = visit(viewport=PHONE, has_touch=True, is_mobile=True), "store@example.jp"
    page = resident.page
    dog.ready_to_pay(resident, mailbox, address)
    page.locator('[name="method"][value="konbini"]').check()
    resident.press("3,000円を支払って申請を送る")
    form = page.locator('form[action$="/konbini"]')
    form.get_by_label("メールアドレス").fill(address)
    form.get_by_label("名前").fill("佐藤 美咲")
    form.get_by_role("button").click()
    resident.sees("お店の端末に入力する番号")
    page.get_by_role("link", name="のページに戻る").click()
    page.wait_for_url("**/pay/**")
    resident.look("コンビニで支払ってください")
    resident.sees("支払い番号")
    told = mailbox.read(address, "コンビニで支払う番号のお知らせ")
    assert re.search(r"3,000円を、.*までに、コンビニで支払ってください", told)
    assert re.search(r"ローソン\s+支払い番号 \d+\s+確認番号 \d+", told)

    resident.follow("手続きの状況を見る")
    resident.look("申請が届きました。")
    resident.sees("お店での支払いを待っています。")
    sent = number(resident)
    desk = Desk(at_desk("tanaka"))
    desk.open(sent)
    desk.stands_at("支払い待ち")
    expect(desk.drawer).not_to_contain_text("支払い済み")

    operator = visit()
    operator.goto(f"{installation.sandbox}/operator/conditions")
    operator.page.get_by_role("button", name="1日進める").click()
    page.reload()
    resident.sees("お店での支払いを待っています。")
    operator.goto(installation.sandbox)
    operator.page.get_by_role("button", name="店頭で支払われた").first.click()
    assert "3,000円" in mailbox.read(address, "お支払いを確認しました")
    page.reload()
    resident.sees("3,000円の支払いが終わりました。")
    desk.open(sent)
    desk.stands_at("受付待ち")
    expect(desk.drawer).to_contain_text("支払い済み")
