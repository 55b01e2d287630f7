"""What people answer in the applications that several journeys send, and the way from a procedure's page to the receipt."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import expect

from portal.core.clock import today
from tests.browser.people import OWNER
from tests.browser.visitor import Visitor

Pages = Mapping[str, Mapping[str, str | Path | list[Path]]]
"""What is answered on each page of a form, by the names of its inputs."""

HOME = (139.4198, 35.7012)
"""Longitude and latitude of a house."""
THURSDAY = 3
"""When bulky waste is collected around there."""
KANA = {"kana.family": "サトウ", "kana.given": "ミサキ"}
CERTIFICATE: Pages = {
    "kind": {"scope": "whole", "copies": "1", "purpose": "work"},
    "applicant": OWNER | KANA | {"birthday": "1990-04-02"},
}
"""A copy of the record of the whole household, 300円."""
BANK_ACCOUNT = {
    "bank_name": "見本銀行",
    "bank_code": "9999",
    "branch_name": "立川支店",
    "branch_code": "001",
    "kind": "ordinary",
    "number": "1234567",
    "holder": "サトウ ミサキ",
}


def collection_day() -> date:
    """The next Thursday that can be chosen."""
    return next(day for n in range(3, 10) if (day := today() + timedelta(days=n)).weekday() == THURSDAY)


def waste() -> Pages:
    """A chair, 400円, that stands where bulky waste is collected on Thursdays."""
    return {
        "items_step": {"items.0.item_kind": "chair", "items.0.item_count": "1"},
        "place": {"spot.lat": str(HOME[1]), "spot.lon": str(HOME[0]), "housing": "house"},
        "date": {"collect_on": collection_day().isoformat()},
        "relief": {"exempt": "none"},
        "applicant": OWNER | KANA,
    }


def bank_account(name: str) -> dict[str, str]:
    """The inputs of an account at a bank."""
    return {f"{name}.{part}": text for part, text in BANK_ACCOUNT.items()}


def begin(resident: Visitor, procedure: str) -> None:
    """From the procedure's page, looked at, to the first page of questions."""
    resident.goto(f"/procedures/{procedure}")
    resident.look()
    resident.page.get_by_role("button", name=re.compile("をはじめる$")).first.click()
    resident.page.wait_for_url("**/apply/d/**")


def fill_in(resident: Visitor, pages: Pages, button: str = "保存して(次|確認)へ") -> None:
    """Page after page, each looked at, to the review. Each that is named has to come."""
    page, filled = resident.page, set[str]()
    while (step := page.url.rpartition("/")[2]) != "review":
        answers = pages.get(step, {})
        if any(name.endswith(".lines") for name in answers):
            page.locator("[data-address-abroad] > summary").first.click()
        if any(name.endswith(".lat") for name in answers):
            page.get_by_text("座標で入力する", exact=True).click()
        resident.answer(answers)
        resident.look()
        page.get_by_role("button", name=re.compile(button)).click()
        page.wait_for_url(lambda url, step=step: url.rpartition("/")[2] != step)
        filled.add(step)
    assert pages.keys() <= filled


def send(resident: Visitor) -> None:
    """Agree to the review, and send what costs nothing now; to the receipt."""
    resident.page.get_by_label("内容に間違いはありません。").check()
    resident.page.get_by_role("button", name=re.compile("を送る$")).click()
    resident.page.wait_for_url("**/done/**")


def leave_unpaid(resident: Visitor, amount: str) -> None:
    """Agree to the review, send it, and turn back at the provider's page."""
    resident.page.get_by_label("内容に間違いはありません。").check()
    resident.page.get_by_role("button", name=re.compile(f"{amount}を支払って.+を送る")).click()
    resident.follow("支払わずに戻る")
    resident.sees("まだ支払われていません")


def number(resident: Visitor) -> str:
    """The receipt number on the receipt that is open: it stands first, whatever is to be noted down stands below."""
    return resident.page.locator(".ticket__number").first.inner_text().strip()


def see_outcome(resident: Visitor, number: str, state: str) -> None:
    """What became of it: the state among one's own applications, and on its page."""
    resident.goto("/me")
    resident.look("わたしの手続き")
    card = resident.page.locator("section.application", has_text=number)
    expect(card).to_contain_text(state)
    card.get_by_role("link").first.click()
    resident.page.wait_for_url("**/me/cases/**")
    resident.sees(state)
    resident.look()
