"""Days that are offered: by the weekday of a place, without those that are full, taken by one of those who want the last, and told afterwards."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from forms import load
from portal.cases.drafts import save_answers, start
from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.submission import submit
from portal.core.clock import TOKYO, frozen
from portal.core.database import city_session
from portal.core.events import Actor
from portal.identity.resident_accounts import sign_in_account
from portal.notifications.encrypted_email import Email
from portal.notifications.models import MailMessage
from portal.procedures import queries
from tests.integration.bookings.definitions import COLLECTION
from tests.integration.bookings.racing import sent_at_once
from tests.kit.browser import Browser
from tests.kit.city import furnish

MONDAY = datetime(2026, 11, 30, 10, tzinfo=TOKYO)
NAME = {"family": "佐藤", "given": "美咲"}


@pytest.fixture
def town(app: Flask, city: str) -> Flask:
    with city_session(city) as session:
        furnish(session, {"test-collection": COLLECTION})
    return app


def to_days(browser: Browser, zone: str = "sakae") -> str:
    """Begin, choose a zone, and return the address of the page on which the day is chosen."""
    address = browser.start("test-collection")
    browser.post(address, {"name.family": "佐藤", "name.given": "美咲", "zone": zone})
    return address.rpartition("/")[0] + "/day"


def choices(page: str) -> list[str]:
    return re.findall(r'name="collect_on"[^>]* value="([\d-]+)"', page)


def newest() -> Case:
    with city_session("hino") as session:
        return session.scalars(select(Case).where(Case.procedure_key == "test-collection").order_by(Case.id)).all()[-1]


def test_days_of_the_zone_are_offered_full_ones_not_and_the_chosen_one_is_told(town: Flask) -> None:
    with frozen(MONDAY):
        browser = Browser(town).sign_in("offered@example.jp")
        page = to_days(browser)
        shown = browser.get(page).text
        assert "栄・高松・曙地区の収集日は木曜日です。" in shown
        days = [date.fromisoformat(day) for day in choices(shown)]
        assert days[:2] == [date(2026, 12, 3), date(2026, 12, 10)]
        assert {day.weekday() for day in days} == {3}
        assert date(2026, 12, 31) not in days
        assert len(days) == len(set(days)) == 12
        assert shown.count('class="option-card"') == 8
        assert "2027年2月" in shown
        refused = browser.post(page, {"collect_on": "2026年12月9日"})
        assert refused.status_code == 422
        assert "2026年12月9日(水)は選べません。栄・高松・曙地区の収集日は木曜日です。" in refused.text
        assert browser.post(page, {"collect_on": "2026-12-10"}).status_code == 303
        assert re.search(r'value="2026-12-10" checked', browser.get(page).text)
        review = page.rpartition("/")[0] + "/review"
        assert browser.agree(review).status_code == 303
        case = newest()
        assert case.due_on == date(2026, 12, 10)  # the city is not done before, whatever the standard time is
        for address in (f"/done/{case.public_id}", f"/me/cases/{case.public_id}", "/me"):
            told = browser.get(address).text
            assert "2026年12月10日(木) 朝8時まで" in told
            assert f"「{case.number}」と書いた紙を貼ってください。" in told
        with city_session("hino") as session:
            mail = session.scalars(select(MailMessage).where(MailMessage.case_id == case.id)).one()
            body = Email.decrypt("hino", mail.kind, mail.sealed).body
        assert "試験用の収集：2026年12月10日(木) 朝8時まで" in body
        assert f"「{case.number}」と書いた紙を貼ってください。" in body
        other = Browser(town).sign_in("offered-too@example.jp")
        full = other.get(to_days(other)).text
        assert "2026-12-10" not in choices(full)
        assert re.search(r'option-card--full"><span>12月10日\(木\)<small>満員', full)
        third = Browser(town).sign_in("offered-elsewhere@example.jp")
        elsewhere = third.get(to_days(third, "nishi")).text
        assert re.findall("西砂地区の収集日は[^<]*", elsewhere) == ["西砂地区の収集日は月曜日、金曜日です。"]
        assert "option-card--full" not in elsewhere


@pytest.mark.usefixtures("town")
def test_of_many_who_want_the_last_place_of_a_day_one_gets_it(city: str) -> None:
    answers = {"name": NAME, "zone": "nishi", "collect_on": "2026-12-11"}
    with frozen(MONDAY), city_session(city) as session:
        definition = load(COLLECTION)
        drafts = []
        for _ in range(6):
            draft = start(session, queries.offer(session, "test-collection"), account_id=None, language="ja")
            save_answers(session, draft, definition, answers)
            drafts.append(draft.id)
    assert sent_at_once(city, drafts, lambda: frozen(MONDAY)) == 1


def to_correct(city: str, zone: str, *days: str) -> list[Case]:
    """Applications for these days that were accepted and given back to be corrected."""
    cases = []
    for number, day in enumerate(days):
        mail = f"moved-{zone}-{number}@example.jp"
        with city_session(city) as session:
            account_id = sign_in_account(session, mail, "ja")
            draft = start(session, queries.offer(session, "test-collection"), account_id=account_id, language="ja")
            save_answers(session, draft, load(COLLECTION), {"name": NAME, "zone": zone, "collect_on": day})
            case = submit(session, draft, load(COLLECTION))
            staff = Actor("staff", None, "高橋")
            ask = MoveInputs(note="日を変えてください。", fields=("collect_on",))
            apply_transition(session, case.id, "accept", staff, roles=("clerk",))
            apply_transition(session, case.id, "request_correction", staff, roles=("clerk",), inputs=ask)
            cases.append(case)
    return cases


def due(case: Case) -> date:
    with city_session("hino") as session:
        return session.get_one(Case, case.id).due_on


def test_a_case_follows_the_day_to_which_its_applicant_moves_it(town: Flask, city: str) -> None:
    with frozen(MONDAY):
        (case,) = to_correct(city, "sakae", "2026-12-17")
        browser = Browser(town).sign_in("moved-sakae-0@example.jp")
        page = f"/me/cases/{case.public_id}/correction"
        assert re.search(r'value="2026-12-17" checked', browser.get(page).text)  # its own place is not full to it
        assert browser.submit(page, collect_on="2026-12-24").status_code == 303
        assert due(case) == date(2026, 12, 24)
        told = browser.get(f"/me/cases/{case.public_id}").text
        assert "2026年12月24日(木) 朝8時まで" in told
        assert "2026年12月17日(木) 朝8時まで" not in told
        other = Browser(town).sign_in("moved-after@example.jp")
        days = choices(other.get(to_days(other)).text)
        assert "2026-12-17" in days
        assert "2026-12-24" not in days


def test_of_two_who_move_to_the_last_place_of_a_day_one_gets_it_and_the_other_keeps_theirs(
    town: Flask, city: str
) -> None:
    with frozen(MONDAY):
        cases = to_correct(city, "nishi", "2026-12-14", "2026-12-18")
        gate = Barrier(len(cases))

        def move(number: int) -> int:
            with frozen(MONDAY):
                browser = Browser(town).sign_in(f"moved-nishi-{number}@example.jp")
                page = f"/me/cases/{cases[number].public_id}/correction"
                browser.get(page)
                gate.wait()
                return browser.submit(page, collect_on="2026-12-21").status_code

        with ThreadPoolExecutor(len(cases)) as threads:
            assert sorted(threads.map(move, range(len(cases)))) == [303, 422]
        days = {due(case) for case in cases}
        assert date(2026, 12, 21) in days
        assert len(days) == len(cases)
        third = Browser(town).sign_in("moved-third@example.jp")
        free = choices(third.get(to_days(third, "nishi")).text)
        assert len({"2026-12-14", "2026-12-18"} & set(free)) == 1
        assert "2026-12-21" not in free
