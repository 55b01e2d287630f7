"""A fee that a chosen day waits for is due before that day, and until it is paid nobody is told to act on it."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest

from forms.text.ways import ways_of
from portal.cases import moves
from portal.cases.capacity import lapse_places
from portal.cases.models import Case
from portal.core.clock import TOKYO, frozen
from portal.core.database import city_session
from portal.core.events import SYSTEM
from portal.core.text import LANGUAGES
from portal.payments import payments_of_case
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_after_sending import letter
from tests.integration.residents.test_following import newest_case
from tests.kit.answers import example_of
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue

FIRST = "先に料金の支払いが必要です。支払いが済んだら、出すもの1つずつに「"


@pytest.fixture(autouse=True)
def on_the_day_of_the_example() -> Iterator[None]:
    day, _answers = example_of(catalogue()["bulky-waste"])
    with frozen(datetime.combine(day, time(10), TOKYO)):
        yield


def send(browser: Browser, email: str) -> tuple[Case, date]:
    """A sofa to be collected on a day of next week, unpaid; and that day."""
    _day, answers = example_of(catalogue()["bulky-waste"])
    browser.apply("bulky-waste", answers, email=email)
    return newest_case(), date.fromisoformat(answers["collect_on"])


def last_day(case: Case) -> date | None:
    with city_session(CITY) as session:
        (payment,) = payments_of_case(session, case.id)
        return payment.pay_by


def pay(case: Case) -> None:
    with city_session(CITY) as session:
        moves.apply_transition(session, case.id, "pay", SYSTEM, roles=("system",))


def test_it_is_to_be_paid_before_the_day_and_the_letter_says_so(browser: Browser) -> None:
    case, collected = send(browser, "gated.letter@example.jp")
    before = collected - timedelta(days=1)
    assert last_day(case) == before
    _subject, body = letter(case.id, "case_received")
    assert f"{ways_of('ja').show_date(before)}までに2,800円を支払うと" in body
    assert FIRST in body


@pytest.mark.parametrize("address", ["/done/{}", "/me/cases/{}", "/me"])
def test_no_page_says_to_put_it_out_before_it_is_paid(browser: Browser, address: str) -> None:
    case, _collected = send(browser, "gated.page@example.jp")
    page = address.format(case.public_id)
    assert FIRST in browser.get(page).text
    pay(case)
    paid = browser.get(page).text
    assert "先に料金の支払いが必要です" not in paid
    assert re.search(f"出すもの1つずつに「{case.number}」と書いた紙を貼って", paid)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_puts_the_payment_first(browser: Browser, language: str) -> None:
    case, _collected = send(browser, "gated.language@example.jp")
    page = browser.get(f"/me/cases/{case.public_id}?lang={language}").text
    words = {
        "ja": "先に料金の支払い",
        "ja-easy": "払",
        "en": "The fee has to be paid first.",
        "zh": "需要先付款。付款后：",
        "ko": "먼저 요금을 결제해야 합니다.",
    }
    days = page.partition("chosen-days__when")[2].partition("</section>")[0]
    assert words[language] in days
    browser.get("/me?lang=ja")


def move(case: Case, name: str) -> None:
    with city_session(CITY) as session:
        moves.apply_transition(session, case.id, name, SYSTEM, roles=("clerk",))


def test_nobody_is_told_that_there_is_nothing_to_do_before_the_day(browser: Browser) -> None:
    case, collected = send(browser, "gated.nothing@example.jp")
    pay(case)
    page = f"/me/cases/{case.public_id}?lang=ja"
    assert "日を変えたいときは、" in browser.get(page).text
    assert "取り下げて、もう一度申し込むこともできます。" in browser.get(page).text
    when = f"{ways_of('ja').show_date(collected)} 朝8時まで"
    for step, kind in ((None, None), ("accept", "case_accepted"), ("complete", "decision_approved")):
        if step:
            move(case, step)
        told = [browser.get(page).text, *([letter(case.id, kind)[1]] if kind else [])]
        for text in told:
            assert f"{when}に、していただくことがあります。" in text
            assert "していただくことはありません" not in text
            assert "していただくことは、もうありません" not in text
            assert f"「{case.number}」と書いた紙を貼って" in text
    assert "収集の日が決まりました" in letter(case.id, "decision_approved")[0]


def test_who_does_not_pay_in_time_gives_the_place_to_others_before_the_day(browser: Browser) -> None:
    case, collected = send(browser, "gated.lapse@example.jp")
    eve, day = (datetime.combine(collected - timedelta(days=count), time(0, 5), TOKYO) for count in (1, 0))
    with city_session(CITY) as session:
        with frozen(eve):
            assert case.id not in lapse_places(session)
        with frozen(day):
            assert case.id in lapse_places(session)
