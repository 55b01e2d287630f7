"""A fee is paid by somebody else, on another device and without JavaScript, by a link."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.applications import CERTIFICATE, begin, fill_in, leave_unpaid
from tests.browser.audit import PHONE
from tests.browser.mailbox import Mailbox
from tests.browser.people import pay_by_card, prove_address
from tests.browser.visitor import Visitor


def test_an_uncle_pays_on_his_own_phone(visit: Callable[..., Visitor], mailbox: Mailbox) -> None:
    resident = visit()
    begin(resident, "resident-certificate")
    fill_in(resident, CERTIFICATE)
    prove_address(resident, mailbox, "niece@example.jp")
    resident.look("請求内容の確認とお支払い")
    leave_unpaid(resident, "300円")
    resident.look("お支払い")
    resident.goto("/me/basket")
    resident.press("ほかの人に払ってもらう")
    resident.look("ほかの人に払ってもらう")
    resident.press("リンクを作る")
    resident.sees("支払いのリンクができました")
    resident.look()
    link = resident.page.get_by_label("支払いのリンク", exact=True).input_value()

    uncle = visit(viewport=PHONE, java_script_enabled=False)
    uncle.goto(link)
    uncle.look("お支払いのお願い")
    expect(uncle.page.locator("main")).not_to_contain_text("佐藤")
    uncle.page.get_by_label("支払いの確認を受け取るメールアドレス").fill("uncle@example.jp")
    uncle.press("300円を支払う")
    pay_by_card(uncle)
    uncle.page.wait_for_url("**/pay-for/*")
    uncle.sees("ありがとうございました")
    uncle.look("支払いが終わりました")
    assert "300円" in mailbox.read("uncle@example.jp", "お支払いを確認しました")

    resident.goto("/me/basket")
    resident.sees("支払うものは、ありません。")
    resident.goto("/me")
    resident.follow("くわしく見る")
    resident.sees("リンクを受け取った人が支払いました。")
    resident.look()
