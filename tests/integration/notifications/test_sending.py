"""A mail is written with its values, goes out once after the transaction committed, and leaves no address in logs or tables."""

import logging

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

import portal.models  # noqa: F401 - foreign keys need every table
from portal.core.database import city_session, owner_engine
from portal.notifications import send_mail
from portal.notifications.jobs import send
from portal.notifications.models import MailMessage
from portal.notifications.smtp import DeliveryDeferred
from tests.integration.notifications.conftest import MailServer

MISAKI = "misaki@example.jp"


def queued_mail(session: Session, **changed: object) -> MailMessage:
    values = {
        "number": "日-1124-00001",
        "title": "犬の登録",
        "act": "申請",
        "office": {"title": "市民課", "phone": None},
        "amount": 0,
        "until": None,
        "visits": [],
        "days": [],
        "path": "/my/abc",
        **changed,
    }
    return send_mail(session, "case_received", to=MISAKI, language="ja", **values)


def committed(city: str) -> int:
    with city_session(city) as session:
        return queued_mail(session).id


def status(city: str) -> str:
    with city_session(city) as session:
        return session.scalars(select(MailMessage.status)).one()


def jobs_for(message_id: int) -> int:
    with owner_engine().connect() as connection:
        query = (
            "SELECT count(*) FROM shared.procrastinate_jobs WHERE task_name = 'notifications.send'"
            " AND args @> jsonb_build_object('message_id', CAST(:id AS bigint), 'city', 'hino')"
        )
        return int(connection.scalar(text(query), {"id": message_id}) or 0)


def our_log(caplog: pytest.LogCaptureFixture) -> str:
    """The lines that the portal itself logged; the mail server of the tests logs everything."""
    return "\n".join(record.getMessage() for record in caplog.records if record.name != "mail.log")


def test_a_mail_arrives(scratch_city: str, mail_server: MailServer) -> None:
    send(city=scratch_city, message_id=committed(scratch_city))
    (mail,) = mail_server.received
    assert mail["To"] == MISAKI
    assert mail["Subject"] == "申請が届きました(受付番号 日-1124-00001)"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "http://hino.localhost:8000/my/abc" in mail.get_content()
    assert "日野市 窓口" in mail.get_content()
    assert status(scratch_city) == "sent"


def test_a_mail_goes_out_once_however_often_its_job_runs(scratch_city: str, mail_server: MailServer) -> None:
    message_id = committed(scratch_city)
    for _ in range(3):
        send(city=scratch_city, message_id=message_id)
    assert len(mail_server.received) == 1


def test_what_did_not_happen_is_not_reported(scratch_city: str) -> None:
    with city_session(scratch_city) as session:
        message_id = queued_mail(session).id
        before = jobs_for(message_id)
        session.rollback()
    with city_session(scratch_city) as session:
        assert session.scalars(select(MailMessage.id)).all() == []
    assert jobs_for(message_id) == before


def test_the_job_waits_with_the_mail(scratch_city: str) -> None:
    with city_session(scratch_city) as session:
        message_id = queued_mail(session).id
        before = jobs_for(message_id)
    assert jobs_for(message_id) == before + 1


def test_a_server_that_is_busy_gets_the_mail_later(
    scratch_city: str, mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    message_id = committed(scratch_city)
    mail_server.answer = "451 come again"
    with pytest.raises(DeliveryDeferred) as refusal:
        send(city=scratch_city, message_id=message_id)
    assert MISAKI not in str(refusal.value)
    assert status(scratch_city) == "waiting"
    mail_server.answer = "250 OK"
    send(city=scratch_city, message_id=message_id)
    assert status(scratch_city) == "sent"
    assert MISAKI not in our_log(caplog)


def test_an_address_that_does_not_exist_is_given_up(
    scratch_city: str, mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    mail_server.answer = f"550 no such user {MISAKI}"
    send(city=scratch_city, message_id=committed(scratch_city))
    assert status(scratch_city) == "undeliverable"
    assert "550" in our_log(caplog)
    assert MISAKI not in our_log(caplog)


def test_a_server_that_is_away_is_logged_without_the_address(
    scratch_city: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.core.config import settings

    away = settings().model_copy(update={"smtp_port": 1})
    monkeypatch.setattr("portal.notifications.smtp.settings", lambda: away)
    with pytest.raises(DeliveryDeferred, match="ConnectionRefusedError"):
        send(city=scratch_city, message_id=committed(scratch_city))


def test_the_table_shows_neither_address_nor_text(city_db: Session) -> None:
    queued_mail(city_db)
    row = str(city_db.execute(text("SELECT * FROM mail_message")).all())
    for hidden in (MISAKI, "misaki", "犬の登録", "日-1124"):
        assert hidden not in row


def test_a_title_cannot_add_headers(scratch_city: str, mail_server: MailServer) -> None:
    with city_session(scratch_city) as session:
        message = send_mail(
            session,
            "payment_failed",
            to=MISAKI,
            language="ja",
            number="日-1\r\nBcc: everybody@example.jp",
            title="犬",
            act="申請",
            office={"title": "市民課", "phone": None},
            amount=3550,
            until=None,
            ran_out=False,
            path="/my",
        )
    send(city=scratch_city, message_id=message.id)
    (mail,) = mail_server.received
    assert mail["Bcc"] is None
    assert "3,550円" in mail.get_content()


@pytest.mark.parametrize(
    ("kind", "values"), [("no_such_mail", {}), ("case_received", {"number": "1"}), ("refund_done", {"more": 1})]
)
def test_undeclared_mails_and_keys_are_refused(city_db: Session, kind: str, values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="undeclared"):
        send_mail(city_db, kind, to=MISAKI, language="ja", **values)
