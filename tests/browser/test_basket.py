"""Two applications whose payments were broken off are paid in one go."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import dog
from tests.browser.audit import PHONE
from tests.browser.mailbox import Mailbox
from tests.browser.people import pay_by_card
from tests.browser.visitor import Visitor


def test_two_fees_are_paid_at_once(visit: Callable[..., Visitor], mailbox: Mailbox) -> None:
    resident, address = visit(viewport=PHONE), "basket@example.jp"
    dog.ready_to_pay(resident, mailbox, address)
    _leave_unpaid(resident)
    dog.up_to_vaccination(resident)
    resident.answer({"vaccinated": "no"})
    dog.to_review(resident)
    resident.page.get_by_label("書いた内容は正しいです。").check()
    _leave_unpaid(resident)
    resident.goto("/me/basket")
    resident.look("まとめて支払う")
    resident.page.locator("main input[type=checkbox]").first.uncheck()
    resident.press("合計を計算し直す")
    resident.sees("3,000円を支払う")
    resident.page.locator("main input[type=checkbox]").first.check()
    resident.press("合計を計算し直す")
    resident.press("6,000円を支払う")
    pay_by_card(resident)
    resident.page.wait_for_url(lambda url: url.startswith(resident.origin))
    resident.look("支払いが終わりました")
    resident.sees("6,000円を受け取りました")
    resident.goto("/me")
    resident.look("わたしの申請")
    expect(resident.page.locator("main").get_by_text("支払い済み 3,000円")).to_have_count(2)
    resident.goto("/me/basket")
    resident.sees("支払うものは、ありません。")
    resident.look()


def _leave_unpaid(resident: Visitor) -> None:
    """Send the registration of a dog, and turn back at the provider's page."""
    resident.press("3,000円を支払って申請する")
    resident.follow("支払わずに戻る")
    resident.sees("まだ支払われていません")
