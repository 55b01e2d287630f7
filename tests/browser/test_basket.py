"""Three applications to three departments, whose payments were broken off, are paid in one go, and one of them
is followed to the certificate."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import dog
from tests.browser.applications import CERTIFICATE, begin, fill_in, leave_unpaid, see_outcome, waste
from tests.browser.audit import PHONE
from tests.browser.desk import Desk
from tests.browser.mailbox import Mailbox
from tests.browser.people import pay_by_card
from tests.browser.visitor import Visitor


def test_the_fees_of_three_departments_are_paid_at_once(
    visit: Callable[..., Visitor], desk_of: Callable[..., Desk], mailbox: Mailbox
) -> None:
    resident, address = visit(viewport=PHONE), "basket@example.jp"
    page = resident.page
    dog.ready_to_pay(resident, mailbox, address)
    leave_unpaid(resident, "3,000円")
    begin(resident, "resident-certificate")
    fill_in(resident, CERTIFICATE)
    leave_unpaid(resident, "300円")
    begin(resident, "bulky-waste")
    fill_in(resident, waste())
    leave_unpaid(resident, "400円")
    resident.goto("/me/basket")
    resident.look("まとめて支払う")
    for department in ("環境対策課", "市民課", "ごみ対策課"):
        resident.sees(department)
    page.locator("main input[type=checkbox]").first.uncheck()
    resident.press("合計を計算し直す")
    resident.sees("700円を支払う")
    page.locator("main input[type=checkbox]").first.check()
    resident.press("合計を計算し直す")
    resident.press("3,700円を支払う")
    pay_by_card(resident)
    page.wait_for_url(lambda url: url.startswith(resident.origin))
    resident.look("支払いが終わりました")
    resident.sees("3,700円の支払いが終わりました。")
    resident.goto("/me")
    resident.look("わたしの手続き")
    resident.sees("朝8時まで")  # when the chair is collected, and what to do for it
    resident.sees("と書いた紙を貼って")
    for amount in ("3,000円", "300円", "400円"):
        expect(page.locator("main").get_by_text(f"支払い済み {amount}")).to_have_count(1)
    card = page.locator("section.application", has_text="住民票の写し").inner_text()
    (certificate,) = set(re.findall(r"\w-\d{4}-\d{5}", card))
    resident.goto("/me/basket")
    resident.sees("支払うものは、ありません。")
    resident.look()
    desk_of("citizens").settle(certificate, "交付する", "交付済み")
    assert certificate in mailbox.read(address, "交付しました")
    see_outcome(resident, certificate, "交付済み")
