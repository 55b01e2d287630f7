"""Taking an application in for somebody: the same form, with who asked and how, by the day on which a paper came in, and without a mail address."""

import io
import re
import secrets
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.cases import intakes
from portal.cases.models import Case, Draft
from portal.cases.queries import history
from portal.core.clock import local_date, today
from portal.core.database import city_session
from portal.files import files_of_case
from portal.identity import staff_id_of
from portal.notifications.models import MailMessage
from portal.procedures import offer
from tests.integration.desk.conftest import CITY, Office
from tests.integration.desk.test_bulk import words
from tests.kit.answers import damage
from tests.kit.browser import Browser
from tests.kit.pictures import photo

WHO = {"procedure": "road-damage", "channel": "phone", "name": "相田 花子(母)", "contact": "042-000-0001"}


@pytest.fixture
def desk(app: Flask, office: Office) -> Browser:
    """A clerk at a computer of this test's own, so that no other test's drafts are known there."""
    return Browser(app, CITY, f"192.0.2.{secrets.randbelow(100) + 100}").sign_in_at_desk("clerk@example.jp")


def begin(desk: Browser, **more: object) -> str:
    """The public id of a draft that the desk has begun."""
    desk.get("/desk/intakes")
    answer = desk.post("/desk/intakes", {**WHO, **more})
    assert answer.status_code == 303, words(answer.text)
    return answer.location.rsplit("/", 1)[1]


def send(desk: Browser, public_id: str, **more: str) -> Case:
    """Fill the form in and send it; the case."""
    first = desk.get(f"/drafts/{public_id}").location
    with city_session(CITY) as session:
        definition = offer(session, "road-damage").definition
    review = desk.fill(first, definition, damage(CITY, "電話で聞いた穴") | more)
    page = words(desk.get(review).text)
    assert "職員が代わりに入力しています" in page and "本人に確かめてください" in page
    sent = desk.agree(review)
    assert sent.status_code == 303 and "/done/" in sent.location
    again = desk.agree(review)
    assert again.location == sent.location, "a second press sends nothing"
    with city_session(CITY) as session:
        return session.scalars(select(Case).where(Case.public_id == sent.location.rsplit("/", 1)[1])).one()


def test_a_call_becomes_a_case_and_says_who_took_it_in(office: Office, desk: Browser) -> None:
    public_id = begin(desk)
    assert "相田 花子(母)" in words(desk.get("/desk/intakes").text)
    case = send(desk, public_id)
    with city_session(CITY) as session:
        first = history(session, case.id)[0]
        staff_id = staff_id_of(session, "clerk@example.jp")
        letters = list(session.scalars(select(MailMessage.kind).where(MailMessage.case_id == case.id)))
    assert (first.name, first.actor_kind, first.actor_id, first.data["channel"]) == (
        "case.submitted",
        "staff",
        staff_id,
        "phone",
    )
    assert letters == [], "nobody without an address is written to"
    receipt = words(desk.get(f"/done/{case.public_id}").text)
    assert case.number in receipt and "確認番号" in receipt and "控えを印刷" in receipt
    drawer = words(office.roads.get(f"/desk/cases/{case.id}").text)
    assert "代理で受付 電話" in drawer and "申し出た人 相田 花子(母)" in drawer and "042-000-0001" in drawer
    assert "相田 花子(母)" not in words(desk.get("/desk/intakes").text), "it was sent"
    last_three = case.number[-3:]
    assert case.number in office.roads.get(f"/desk?q={last_three}").text, "found by what is said on the telephone"
    ended = desk.post(f"/me/cases/{case.public_id}/forget")
    assert ended.location.endswith("/desk/intakes")
    assert (
        desk.get(f"/done/{case.public_id}").status_code != 200
        or case.number not in desk.get(f"/me/cases/{case.public_id}").text
    )


def test_a_paper_counts_from_the_day_on_which_it_came_in_and_is_attached(desk: Browser) -> None:
    day = today() - timedelta(days=4)
    scan = (io.BytesIO(photo("PNG")), "申請書.png")
    public_id = begin(desk, channel="post", received_on=day.isoformat(), scan=scan)
    with city_session(CITY) as session:
        draft = session.scalars(select(Draft).where(Draft.public_id == public_id)).one()
        assert intakes.day_of_receipt(draft) == day
        assert "相田" not in str(
            session.connection()
            .exec_driver_sql(f"SELECT taken_in FROM city_{CITY}.draft WHERE id = {draft.id}")
            .scalar()
        ), "who asked is sealed"
    case = send(desk, public_id, found_on=day.isoformat())
    assert local_date(case.submitted_at) == day
    with city_session(CITY) as session:
        assert [file.field for file in files_of_case(session, case.id)] == [intakes.PAPER]
    assert "届いた紙" in words(desk.get(f"/desk/cases/{case.id}?tab=files").text)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"procedure": ""}, "手続きを選んでください"),
        ({"procedure": "nothing"}, "手続きを選んでください"),
        ({"channel": ""}, "どのように届いたかを選んでください"),
        ({"channel": "fax"}, "どのように届いたかを選んでください"),
        ({"name": " "}, "申し出た人の名前を書いてください"),
        ({"name": "あ" * 101}, "100文字までにしてください"),
        ({"channel": "post", "received_on": ""}, "紙が届いた日を入力してください"),
        ({"channel": "post", "received_on": "きのう"}, "日付で入力してください"),
        ({"channel": "post", "received_on": "2999-01-01"}, "今日までの日にしてください"),
    ],
)
def test_what_is_missing_is_said_and_what_was_written_stays(
    desk: Browser, wrong: dict[str, str], sentence: str
) -> None:
    desk.get("/desk/intakes")
    refused = desk.post("/desk/intakes", {**WHO, **wrong})
    assert refused.status_code == 422
    assert sentence in refused.text and "042-000-0001" in refused.text


def test_a_colleague_who_lost_the_right_meanwhile_sends_nothing(desk: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    public_id = begin(desk)
    with city_session(CITY) as session:
        definition = offer(session, "road-damage").definition
    review = desk.fill(desk.get(f"/drafts/{public_id}").location, definition, damage(CITY, "穴"))
    monkeypatch.setattr(intakes, "read_staff", lambda _session, _id: None)
    refused = desk.agree(review)
    assert refused.status_code == 409
    assert "いま代理で受け付けることができません" in refused.text
    with city_session(CITY) as session:
        draft = session.scalars(select(Draft).where(Draft.public_id == public_id)).one()
        assert draft.case_id is None, "what was written is kept"


def test_one_goes_on_from_another_computer_and_nobody_else_does(app: Flask, office: Office, desk: Browser) -> None:
    public_id = begin(desk)
    elsewhere = Browser(app, CITY, "192.0.2.99").sign_in_at_desk("clerk@example.jp")
    elsewhere.get("/desk/intakes")
    assert elsewhere.post(f"/desk/intakes/{public_id}").status_code == 303
    assert re.search(r"/apply/d/", elsewhere.get(f"/drafts/{public_id}").location)
    office.second.get("/desk/intakes")
    assert office.second.post(f"/desk/intakes/{public_id}").status_code == 404
    assert Browser(app, CITY).get(f"/drafts/{public_id}").status_code == 404
