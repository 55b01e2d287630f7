"""Three applications to three departments, whose payments were broken off, are paid in one go."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from playwright.sync_api import expect

from portal.core.clock import today
from tests.browser import dog
from tests.browser.audit import PHONE
from tests.browser.mailbox import Mailbox
from tests.browser.people import OWNER, pay_by_card
from tests.browser.test_together import HOME, THURSDAY
from tests.browser.visitor import Visitor

Pages = Mapping[str, Mapping[str, str]]

CERTIFICATE: Pages = {
    "kind": {"scope": "whole", "copies": "1", "purpose": "work"},
    "applicant": OWNER | dog.KANA | {"birthday": "1990-04-02"},
}


def _waste() -> Pages:
    """A chair that stands where bulky waste is collected on Thursdays."""
    thursday = next(day for n in range(3, 10) if (day := today() + timedelta(days=n)).weekday() == THURSDAY)
    return {
        "items_step": {"items.0.item_kind": "chair", "items.0.item_count": "1"},
        "place": {"spot.lat": str(HOME[1]), "spot.lon": str(HOME[0]), "housing": "house"},
        "date": {"collect_on": thursday.isoformat()},
        "relief": {"exempt": "none"},
        "applicant": OWNER | dog.KANA,
    }


def test_the_fees_of_three_departments_are_paid_at_once(visit: Callable[..., Visitor], mailbox: Mailbox) -> None:
    resident, address = visit(viewport=PHONE), "basket@example.jp"
    page = resident.page
    dog.ready_to_pay(resident, mailbox, address)
    _leave_unpaid(resident, "3,000円")
    _fill_in(resident, "resident-certificate", CERTIFICATE)
    _leave_unpaid(resident, "300円")
    _fill_in(resident, "bulky-waste", _waste())
    _leave_unpaid(resident, "400円")
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
    resident.goto("/me/basket")
    resident.sees("支払うものは、ありません。")
    resident.look()


def _fill_in(resident: Visitor, procedure: str, pages: Pages) -> None:
    """From the page of the procedure to the ticked review, for somebody who is signed in."""
    resident.goto(f"/procedures/{procedure}")
    resident.page.get_by_role("button", name="をはじめる").first.click()
    for step, answers in pages.items():
        resident.page.wait_for_url(f"**/{step}")
        if step == "place":
            resident.page.get_by_text("座標で入力する", exact=True).click()
        resident.answer(answers)
        if step == "date":
            resident.sees("収集日は木曜日です。")
            resident.look("収集日")
        resident.page.get_by_role("button", name=re.compile("保存して(次|確認)へ")).click()
    resident.page.wait_for_url("**/review")
    resident.page.get_by_label("内容に間違いはありません。").check()


def _leave_unpaid(resident: Visitor, amount: str) -> None:
    """Send the application, and turn back at the provider's page."""
    resident.page.get_by_role("button", name=re.compile(f"{amount}を支払って.+を送る")).click()
    resident.follow("支払わずに戻る")
    resident.sees("まだ支払われていません")
