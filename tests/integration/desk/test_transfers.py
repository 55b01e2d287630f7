"""Handing a case over to another department: who may what afterwards, what the applicant reads, and everything that can come between."""

import secrets
import threading

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from portal.cases import allocation, decisions, moves
from portal.cases.messages import messages_of
from portal.cases.models import Case, CasePlace
from portal.cases.queries import history, views
from portal.cases.versions import seen_version
from portal.core.database import city_session
from portal.core.errors import Conflict, NotFound
from portal.identity import department_by_key, read_staff
from portal.identity.models import Department
from portal.identity.resident_accounts import sign_in_account
from portal.notifications.models import MailMessage
from portal.procedures import definition_of
from tests.integration.desk.conftest import CITY, Office
from tests.integration.desk.test_bulk import words
from tests.kit.answers import damage
from tests.kit.browser import Browser
from tests.kit.city import begin, send

REASON = "公園の中なので、公園を管理する課が担当します。"


@pytest.fixture
def applicant(app: Flask) -> tuple[Browser, str]:
    """Somebody signed in, and the address, which no other test has."""
    email = f"{secrets.token_hex(4)}@transfer.example.jp"
    return Browser(app, CITY).sign_in(email), email


@pytest.fixture
def report(office: Office, applicant: tuple[Browser, str]) -> int:
    """A report of this test's own, by an applicant with an address."""
    with city_session(CITY) as session:
        account_id = sign_in_account(session, applicant[1], "ja")
        answers = damage(CITY, "段差があります") | {"wants_answer": True, "email": applicant[1]}
        return send(session, begin(session, "road-damage", answers, account_id)).id


def department(key: str) -> int:
    with city_session(CITY) as session:
        return department_by_key(session, key).id


def hand_over(office: Office, case_id: int, to: int, reason: str = REASON) -> TestResponse:
    page = office.roads.get(f"/desk/cases/{case_id}/transfer")
    seen = page.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    return office.roads.post(f"/desk/cases/{case_id}/transfer", {"seen": seen, "department": str(to), "reason": reason})


def test_rights_move_and_the_old_department_sees_where_it_went(office: Office, report: int) -> None:
    citizens = department("citizens")
    assert "ほかの課に移す" in office.roads.get(f"/desk/cases/{report}").text
    assert office.citizens.get(f"/desk/cases/{report}").status_code == 404
    assert hand_over(office, report, citizens).status_code == 303
    with city_session(CITY) as session:
        case = session.get_one(Case, report)
        assert (case.department_id, case.assignee_id, case.unread) == (citizens, None, True)
        assert set(session.scalars(select(CasePlace.department_id).where(CasePlace.case_id == report))) == {citizens}
        number = case.number
        assert [message.body for message in messages_of(session, report)] == [REASON]
        assert "case.transferred" in [event.name for event in history(session, report)]
    gone = office.roads.get(f"/desk/cases/{report}")
    assert gone.status_code == 404
    assert f"この案件({number})は" in gone.text and "ほかの課へ移しました。いまは" in gone.text
    listed = office.roads.get("/desk/transfers").text
    assert number in listed and f'href="/desk/cases/{report}"' not in listed
    page = office.citizens.get(f"/desk/cases/{report}?tab=history")
    assert page.status_code == 200
    assert "担当課が変わりました" in page.text and "から" in words(page.text)
    assert number not in office.citizens.get("/desk/transfers").text, "only the department that handed it over"


def test_the_applicant_reads_who_has_it_now_and_why(
    office: Office, report: int, applicant: tuple[Browser, str]
) -> None:
    assert hand_over(office, report, department("citizens")).status_code == 303
    with city_session(CITY) as session:
        public_id = session.get_one(Case, report).public_id
        kinds = list(
            session.scalars(select(MailMessage.kind).where(MailMessage.case_id == report).order_by(MailMessage.id))
        )
        title = session.get_one(Department, department("citizens")).title["ja"]
    assert kinds[-1] == "case_transferred" and kinds.count("case_transferred") == 1
    assert "message_from_office" not in kinds, "one letter tells both"
    page = words(applicant[0].get(f"/me/cases/{public_id}").text)
    assert f"いまの担当 {title} 042-585-1111" in page
    assert REASON in page
    assert page.count("担当する課が変わりました") == 2, "the notice and the line of the history"


def test_who_opens_the_page_leaves_a_look(office: Office, report: int) -> None:
    office.second.get(f"/desk/cases/{report}/transfer")
    with city_session(CITY) as session:
        assert [event.name for event in views(session, report)] == ["case.viewed"]


def test_a_stale_page_hands_nothing_over(office: Office, report: int) -> None:
    page = office.roads.get(f"/desk/cases/{report}/transfer")
    seen = page.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    with city_session(CITY) as session:
        moves.lock_case(session, report).advance()
    form = {"seen": seen, "department": str(department("citizens")), "reason": REASON}
    refused = office.roads.post(f"/desk/cases/{report}/transfer", form)
    assert refused.status_code == 409
    assert REASON in refused.text, "what was written is still there"
    with city_session(CITY) as session:
        assert session.get_one(Case, report).department_id == department("road-management")


@pytest.mark.parametrize(
    ("to", "reason", "sentence"),
    [
        ("", REASON, "移す先の課を選んでください"),
        ("999999", REASON, "移す先の課を選んでください"),
        ("citizens", " ", "メッセージを書いてください"),
        ("citizens", "{nothing}です", "nothing"),
        ("road-management", REASON, "いま担当している課です"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(
    office: Office, report: int, to: str, reason: str, sentence: str
) -> None:
    number = department(to) if to.isascii() and to.replace("-", "").isalpha() else to
    form_answer = office.roads.get(f"/desk/cases/{report}/transfer").text
    seen = form_answer.split('name="seen"')[1].split('value="')[1].split('"')[0]
    form = {"seen": seen, "department": str(number), "reason": reason}
    refused = office.roads.post(f"/desk/cases/{report}/transfer", form)
    assert refused.status_code == 422
    assert sentence in refused.text


def test_a_department_that_closed_in_between_is_named_with_its_successor(office: Office, report: int) -> None:
    with city_session(CITY) as session:
        closed = Department(key="closed-now", title={"ja": "旧公園課"}, sort=90)
        session.add(closed)
        session.flush()
        closed_id = closed.id
    page = office.roads.get(f"/desk/cases/{report}/transfer").text
    assert "旧公園課" in page
    with city_session(CITY) as session:
        row = session.get_one(Department, closed_id)
        row.closed_at, row.successor_id = text("now()"), department("citizens")
        session.flush()
    try:
        refused = hand_over(office, report, closed_id)
        assert refused.status_code == 409
        assert "旧公園課は、なくなりました" in refused.text
        assert "が引き継いでいます" in refused.text
    finally:
        with city_session(CITY) as session:
            session.execute(text("DELETE FROM department WHERE id = :id"), {"id": closed_id})


def test_a_case_that_ended_or_whose_decision_waits_stays(office: Office, report: int, held: None) -> None:
    with city_session(CITY) as session:
        staff = read_staff(session, office.roads_id)
        case = session.get_one(Case, report)
        option = next(
            move
            for move in moves.available(case, definition_of(session, case.version_id), {"clerk", "decider"})
            if move.effects.leave_the_office and not move.asks_fields
        )
        waits = not decisions.decide(
            session, report, option.id, staff, moves.MoveInputs(note="はい"), seen=seen_version(session, case)
        )
        assert waits
    refused = hand_over(office, report, department("citizens"))
    assert refused.status_code == 409
    assert "決定を待っている" in refused.text


def test_of_two_who_hand_it_over_at_once_one_is_told(office: Office, report: int) -> None:
    goals = [department("citizens"), department("environment")]
    outcomes: list[str] = []

    def act(to: int) -> None:
        try:
            with city_session(CITY) as session:
                staff = read_staff(session, office.roads_id)
                barrier.wait()
                allocation.transfer(session, report, to, REASON, staff, seen=seen)
            outcomes.append("done")
        except (Conflict, NotFound):
            outcomes.append("refused")

    barrier = threading.Barrier(2)
    with city_session(CITY) as session:
        seen = seen_version(session, session.get_one(Case, report))
    threads = [threading.Thread(target=act, args=(to,)) for to in goals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    with city_session(CITY) as session:
        assert len(allocation.transfers_of_case(session, report)) == 1


def test_how_much_is_on_whose_desk_stands_beside_the_choice(office: Office, report: int) -> None:
    page = words(office.roads.get(f"/desk/cases/{report}").text)
    with city_session(CITY) as session:
        loads = allocation.workloads(session, [office.roads_id])
        expected = session.scalar(
            text("SELECT count(*) FROM case_file WHERE assignee_id = :id AND closed_at IS NULL"),
            {"id": office.roads_id},
        )
    assert loads[office.roads_id].open == expected > 0
    assert f"試験 職員・{expected}件" in page
    assert "件数がいちばん少ないのは" in page
