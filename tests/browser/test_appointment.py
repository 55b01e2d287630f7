"""A time at the counter: booked, changed and given back on a phone, and on the list of the day at the desk."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import applications
from tests.browser.audit import PHONE
from tests.browser.mailbox import Mailbox
from tests.browser.people import prove_address
from tests.browser.visitor import Visitor

VISIT = Path(__file__).with_name("visit.yaml")


@pytest.fixture(scope="module")
def visits(publish: Callable[[Path], None]) -> None:
    """The procedure is published."""
    publish(VISIT)


def _day(window: Visitor, number: int) -> Locator:
    """One of the days that are offered."""
    return window.page.locator(".slot-day").nth(number)


def _choose_last(day: Locator) -> str:
    """The last time of a day, which is opened for it; its date."""
    if day.get_attribute("open") is None:
        day.locator("summary").click()
    time = day.get_by_role("radio").last
    time.check()
    return (time.get_attribute("value") or "").partition("T")[0]


@pytest.mark.slow
@pytest.mark.usefixtures("visits")
def test_a_time_is_booked_changed_and_given_back(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor], mailbox: Mailbox
) -> None:
    resident, clerk = visit(viewport=PHONE), at_desk("tanaka")
    resident.goto("/procedures/visit")
    resident.press("入力をはじめる")
    resident.answer({"name.family": "佐藤", "name.given": "美咲"})
    first = _choose_last(_day(resident, 1))
    resident.look("来庁する日時")
    resident.press("保存して確認へ")
    prove_address(resident, mailbox, "appointment@example.jp")
    resident.look("申込み内容の確認")
    resident.sees("11時〜12時")
    resident.page.get_by_label("内容に間違いはありません。").check()
    resident.press("申込みを送る")
    resident.look("届きました")
    number = applications.number(resident)
    clerk.goto(f"/desk/appointments?day={first}")
    booking = clerk.page.locator("tr", has_text=number)
    expect(booking).to_contain_text("11:00〜12:00")
    clerk.look("予約")

    resident.goto(resident.page.url.replace("/done/", "/me/cases/"))
    expect(resident.region("予約")).to_contain_text("11時〜12時")
    resident.look()
    resident.follow("予約の日時を変える")
    resident.look("予約の日時を変える")
    second = _choose_last(_day(resident, 2))
    resident.press("この日時に変える")
    resident.page.wait_for_url(re.compile(r"/me/cases/[^/]+$"))
    resident.look()
    clerk.page.reload()
    expect(booking).to_have_count(0)
    clerk.goto(f"/desk/appointments?day={second}")
    expect(booking).to_contain_text("佐藤")

    resident.follow("取り下げ")
    resident.look()
    resident.page.locator("main form button").last.click()
    resident.page.wait_for_url(re.compile(r"/me/cases/[^/]+$"))
    resident.look()
    clerk.page.reload()
    clerk.look("予約")
    expect(booking).to_have_count(0)
