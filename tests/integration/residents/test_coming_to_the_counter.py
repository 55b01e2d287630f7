"""Who finishes a procedure at the counter is told so from the first page on, with the law's last day: it does not wait for the office."""

from collections.abc import Iterator
from datetime import datetime, time

import pytest

from portal.cases.models import Case
from portal.core.clock import TOKYO, frozen
from tests.integration.residents.test_after_sending import letter, move
from tests.integration.residents.test_following import newest_case
from tests.integration.residents.test_gated_days import pay
from tests.integration.residents.test_plan import offered
from tests.kit.answers import example_of
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue, shipped_source

DAY, ANSWERS = example_of(shipped_source("death-notification"))
NOTHING = "していただくことはありません"


@pytest.fixture(autouse=True)
def on_the_day_of_the_example(open_city: str) -> Iterator[None]:
    with offered("death-notification"), frozen(datetime.combine(DAY, time(10), TOKYO)):
        yield


def send(browser: Browser, email: str, **answers: object) -> Case:
    days = {"died_on": "2026-11-20", "death_known_on": "2026-11-20"}
    browser.apply("death-notification", ANSWERS | days | answers, email=email)
    return newest_case()


def test_every_page_and_letter_says_by_when_and_that_the_night_reception_takes_it(browser: Browser) -> None:
    case = send(browser, "counter.death@example.jp")
    pages = [browser.get(address).text for address in (f"/done/{case.public_id}", f"/me/cases/{case.public_id}")]
    received = letter(case.id, "case_received")[1]
    move(case.id, "accept")
    accepted = letter(case.id, "case_accepted")[1]
    for text in (*pages, browser.get(f"/me/cases/{case.public_id}").text, received, accepted):
        assert "この手続きの期限" in text
        assert "11月26日" in text, "seven days, the one on which it was known being the first"
        assert NOTHING not in text
        assert "夜間や休日も預かります" in text
    assert "11月26日(木)までに、市役所の窓口に来てください。" in accepted


def test_a_death_abroad_leaves_three_months(browser: Browser) -> None:
    case = send(browser, "counter.abroad@example.jp", died_abroad=True)
    assert "2027年2月19日" in browser.get(f"/me/cases/{case.public_id}").text


def test_who_came_too_late_is_told_to_come_at_once(browser: Browser) -> None:
    case = send(browser, "counter.late@example.jp", died_on="2026-11-10", death_known_on="2026-11-10")
    assert "できるだけ早く、市役所の窓口に来てください。" in browser.get(f"/me/cases/{case.public_id}").text


def test_the_day_that_was_chosen_is_named_in_the_readers_language(browser: Browser) -> None:
    _day, answers = example_of(catalogue()["moving-in"])
    browser.apply("moving-in", answers, email="counter.moving@example.jp")
    address = f"/me/cases/{newest_case().public_id}"
    page = browser.get(address).text
    assert NOTHING not in page
    assert "に、市役所の窓口に来てください。" in page
    english = browser.get(f"{address}?lang=en").text
    assert "do not need to do anything" not in english
    assert "Please come to the city hall:" in english
    browser.get("/me?lang=ja")


@pytest.mark.parametrize(
    ("procedure", "language", "identity", "nothing"),
    [
        ("resident-certificate", "ja", "本人確認をしてから", NOTHING),
        ("resident-certificate", "en", "confirm your identity", "do not need to do anything"),
        ("child-allowance", "ja", "本人確認をしてから", NOTHING),
    ],
)
def test_whose_identity_the_office_confirms_is_not_told_to_do_nothing(
    browser: Browser, procedure: str, language: str, identity: str, nothing: str
) -> None:
    _day, answers = example_of(shipped_source(procedure))
    browser.apply(procedure, answers, email=f"identity.{language}@example.jp")
    case = newest_case()
    if case.state == "awaiting_fee":
        pay(case)
    page = browser.get(f"/me/cases/{case.public_id}?lang={language}").text
    assert identity in page
    assert nothing not in page
    browser.get("/me?lang=ja")
