"""Following an application without signing in: number and e-mail address (or check code) show how far it is, and nothing else."""

import re
from datetime import datetime, time, timedelta
from itertools import count

import pytest
from flask import Flask

from portal.cases import moves
from portal.cases.models import Case
from portal.cases.tracking import check_code
from portal.core.clock import TOKYO, frozen, now, today
from portal.core.database import city_session
from portal.core.events import Actor
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_following import ask_for_correction, newest_case
from tests.kit.answers import DOG, damage, example_of, occupancy
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue

WRONG = "受付番号か、メールアドレス(確認番号)がちがいます。"
PERSONAL = ("佐藤", "神明", "9012345678", "090-1234", "ムギ")


ADDRESSES = (f"198.51.100.{number}" for number in count(1))
"""One for each test, so that the limits that another test reached are not its own."""


@pytest.fixture
def asking(app: Flask, browser: Browser) -> Browser:
    """A browser that sent nothing."""
    return Browser(app, address=next(ADDRESSES))


def report_damage(browser: Browser) -> str:
    """Send a report that needs no e-mail address; the path of its receipt."""
    _day, answers = example_of(catalogue()["road-damage"])
    answer = browser.apply("road-damage", answers | {"found_on": str(today())})
    assert answer.location.startswith("/done/")
    return str(answer.location)


def look_up(browser: Browser, number: str, proof: str) -> str:
    """Ask; the words of the page that came."""
    browser.get("/status")
    answer = browser.post("/status", {"number": number, "proof": proof})
    return browser.get(answer.location).text if answer.status_code == 303 else answer.text


@pytest.fixture
def dog(browser: Browser) -> Case:
    browser.apply("dog-registration", DOG, email="status@example.jp")
    return newest_case()


@pytest.mark.parametrize("number_text", ["{}", " {} ", "{dashes}", "{plain}", "{wide}"])
def test_number_and_address_show_the_status_and_what_is_to_pay(dog: Case, asking: Browser, number_text: str) -> None:
    number = number_text.format(
        dog.number,
        dashes=dog.number.replace("-", "ー"),
        plain=dog.number[1:].replace("-", ""),
        wide=dog.number.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)}),
    )
    page = look_up(asking, number, "Status@Example.JP")
    assert dog.number in page
    assert 'class="flow"' in page
    assert "3,000円を支払う" in page
    assert not any(word in page for word in PERSONAL)
    assert f"/me/cases/{dog.public_id}" not in page
    assert asking.get(f"/me/cases/{dog.public_id}/correction").location.startswith("/sign-in?next=")


def test_a_failed_look_up_does_not_say_which_part_is_wrong(dog: Case, asking: Browser) -> None:
    def shape(page: str) -> str:
        return re.sub(r'value="[^"]*"', "", page)

    wrong_address = look_up(asking, dog.number, "somebody@example.jp")
    no_such_number = look_up(asking, "日-0101-99999", "status@example.jp")
    wrong_code = look_up(asking, dog.number, "0000-0000")
    assert WRONG in wrong_address
    assert shape(wrong_address) == shape(no_such_number) == shape(wrong_code)
    assert asking.get("/status/case").location == "/status"


def test_who_gave_no_address_has_a_check_code(browser: Browser, asking: Browser) -> None:
    receipt = report_damage(browser)
    page = browser.get(receipt).text
    case = newest_case()
    assert case.contact_email is None
    assert f'<dd class="ticket__number">{check_code(case)}</dd>' in page
    assert f'<dd class="ticket__number">{case.number}</dd>' in page
    assert case.number in look_up(asking, case.number, check_code(case))
    assert asking.get(receipt).location == "/status/case"


def test_a_request_of_the_office_is_shown_without_its_text(browser: Browser, asking: Browser) -> None:
    browser.apply("road-occupancy", occupancy(23), email="asked@example.jp")
    case = newest_case()
    ask_for_correction(case.id, ("purpose",))
    page = look_up(asking, case.number, "asked@example.jp")
    assert "直してほしいところがあります" in page
    assert "図面の幅を書いてください。" not in page


def test_it_is_shown_for_a_while_and_no_longer_than_wished(dog: Case, asking: Browser) -> None:
    look_up(asking, dog.number, "status@example.jp")
    assert asking.post("/status/end").location == "/status"
    assert asking.get("/status/case").location == "/status"
    look_up(asking, dog.number, "status@example.jp")
    with frozen(now() + timedelta(minutes=16)):
        assert asking.get("/status/case").location == "/status"


def test_the_owner_may_look_as_often_as_they_like(dog: Case, asking: Browser) -> None:
    for _time in range(8):
        assert 'class="flow"' in look_up(asking, dog.number, "status@example.jp")


def test_guessing_is_stopped_with_the_same_message_for_every_number(dog: Case, asking: Browser) -> None:
    for number, language, message in (
        (dog.number, "ja", "分ほど待ってから"),
        ("日-0101-99998", "en", "Too many attempts. Please wait about"),
        ("日-0101-99997", "ja-easy", "待(ま)ってから"),
    ):
        asking.get("/?lang=ja")
        for _try in range(5):
            assert WRONG in look_up(asking, number, "somebody@example.jp")
        asking.get(f"/status?lang={language}")
        stopped = asking.post("/status", {"number": number, "proof": "status@example.jp"})
        assert stopped.status_code == 429
        assert message in re.sub(r"<rp>|</?ruby>|</?rt>|</rp>", "", stopped.text)
        assert int(stopped.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("number", "proof", "message"),
    [
        ("", "a@example.jp", "受付番号は、日-"),
        ("12", "a@example.jp", "受付番号は、日-"),
        ("日-1124-00001", "", "8けたの確認番号を入力"),
        ("日-1124-00001", "1234", "8けたの確認番号を入力"),
        ("日-1124-00001\0", "1234\0", "8けたの確認番号を入力"),
    ],
)
def test_an_invalid_number_or_address_is_reported_beside_its_field(
    asking: Browser, number: str, proof: str, message: str
) -> None:
    assert message in look_up(asking, number, proof)


@pytest.mark.parametrize(("language", "message"), [("en", "Check code"), ("ja-easy", "かくにんばんごう")])
def test_it_speaks_the_readers_language(browser: Browser, language: str, message: str) -> None:
    browser.get(f"/?lang={language}")
    assert message in browser.get(report_damage(browser)).text
    assert message.lower() in browser.get("/status").text.lower()


def test_who_reported_reads_on_the_same_page_what_became_of_it_and_whom_to_call_meanwhile(
    browser: Browser, asking: Browser
) -> None:
    browser.apply("road-damage", damage(CITY, "深い穴です") | {"danger": True})
    case = newest_case()
    page = look_up(asking, case.number, check_code(case))
    assert "市役所に電話してください" in page
    assert "いま、していただくことはありません" not in page, "there is something to do: to call"
    own = browser.get(f"/me/cases/{case.public_id}").text
    assert "市役所に電話してください" in own
    with city_session(CITY) as session:
        office = Actor("staff", None, "高橋")
        for name, note in (("accept", ""), ("complete", "穴をふさぎました。")):
            inputs = moves.MoveInputs(note=note, internal_note="確かめました。")
            moves.apply_transition(session, case.id, name, office, roles=("clerk", "decider"), inputs=inputs)
    page = look_up(asking, case.number, check_code(case))
    assert "穴をふさぎました。" in page
    assert "市役所に電話してください" not in page
    assert "深い穴です" not in page


def test_the_chosen_day_and_what_to_do_for_it_stand_there(browser: Browser, asking: Browser) -> None:
    day, answers = example_of(catalogue()["bulky-waste"])
    with frozen(datetime.combine(day, time(10), TOKYO)):
        browser.apply("bulky-waste", answers, email="bulky.status@example.jp")
        case = newest_case()
        receipt = browser.get(f"/done/{case.public_id}").text
        days = receipt.partition('id="chosen-days-title"')[2].partition("</section>")[0].partition("</h2>")[2]
        assert days
        assert days.strip() in look_up(asking, case.number, "bulky.status@example.jp")
