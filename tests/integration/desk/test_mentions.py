"""Colleagues named in notes: they find it in their list and by mail, and nobody is named who may not read the case."""

import html

import pytest
from sqlalchemy import select

from portal.cases.notes import notes_of
from portal.core.database import city_session
from portal.identity.models import Staff
from portal.notifications.models import MailMessage
from tests.integration.desk.acting import events_of
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import unshared_occupancy
from tests.kit.browser import Browser
from tests.kit.city import begin, hire, send

COLLEAGUE = "named.colleague@example.jp"
INSPECTOR = "named.inspector@example.jp"
ELSEWHERE = "named.elsewhere@example.jp"


@pytest.fixture(scope="module")
def names(office: Office) -> dict[str, str]:
    """Somebody who reads cases of the department, somebody there who only sees places, and somebody of another department."""
    hire(CITY, COLLEAGUE, {"road-management": ("clerk",)})
    hire(CITY, INSPECTOR, {"road-management": ("inspector",)})
    hire(CITY, ELSEWHERE, {"environment": ("clerk",)})
    called = {COLLEAGUE: "宇佐美 智子", INSPECTOR: "権藤 進", ELSEWHERE: "比嘉 光"}
    with city_session(CITY) as session:
        for person in session.scalars(select(Staff).where(Staff.email.in_(called))):
            person.name = called[person.email]
    return called


@pytest.fixture
def case_id(office: Office) -> int:
    """An application of the department."""
    with city_session(CITY) as session:
        return send(session, begin(session, "road-occupancy", unshared_occupancy())).id


def mails() -> int:
    """How many colleagues were told by mail so far."""
    with city_session(CITY) as session:
        return len(session.scalars(select(MailMessage.id).where(MailMessage.kind == "colleague_mentioned")).all())


def test_a_colleague_who_is_named_finds_the_note_once_and_by_mail(
    office: Office, names: dict[str, str], case_id: int
) -> None:
    before = mails()
    colleague = Browser(office.roads.client.application, CITY, "192.0.2.96").sign_in_at_desk(COLLEAGUE)
    assert "未読" not in colleague.get("/desk/mentions").text
    body = "幅を@宇佐美さん、確かめてください。連絡先はa@example.jpです。"
    assert office.roads.post(f"/desk/cases/{case_id}/notes", {"note_body": body}).status_code == 303
    assert "case.colleague_mentioned" in events_of(case_id)
    assert mails() == before + 1
    assert "未読" in colleague.get("/desk/mentions").text
    assert "1" in colleague.get("/desk/mentions/unread").text
    link = f"/desk/cases/{case_id}?tab=messages"
    assert html.escape(link) in colleague.get("/desk/mentions").text
    assert body in html.unescape(colleague.get(link).text)
    assert "未読" not in colleague.get("/desk/mentions").text
    assert colleague.get("/desk/mentions/unread").text.strip() == ""


def test_who_wants_no_mail_finds_the_note_in_the_list_alone(
    office: Office, names: dict[str, str], case_id: int
) -> None:
    colleague = Browser(office.roads.client.application, CITY, "192.0.2.97").sign_in_at_desk(COLLEAGUE)
    assert colleague.post("/desk/mentions/mail", {}).status_code == 303
    before = mails()
    body = "＠宇佐美　智子 図面を見てください。"
    assert office.roads.post(f"/desk/cases/{case_id}/notes", {"note_body": body}).status_code == 303
    assert mails() == before
    assert "未読" in colleague.get("/desk/mentions").text
    assert colleague.post("/desk/mentions/mail", {"by_mail": "y"}).status_code == 303


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("@権藤 現地はどうでしたか。", "権藤 進さんは、この案件の内容を見る権限がない"),
        ("@比嘉光 そちらは。", "比嘉 光さんは、この案件の課の職員ではない"),
        ("@だれか お願いします。", "という職員は、この課にいません"),
    ],
)
def test_who_may_not_read_the_case_is_not_told_and_the_note_stays_in_its_box(
    office: Office, names: dict[str, str], case_id: int, body: str, told: str
) -> None:
    answer = office.roads.post(f"/desk/cases/{case_id}/notes", {"note_body": body})
    assert answer.status_code == 422
    text = html.unescape(answer.text)
    assert told in text
    assert body in text
    with city_session(CITY) as session:
        assert notes_of(session, case_id) == []
