"""Addresses as mail servers accept them, and the handling of a mail that cannot be delivered."""

import smtplib
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

import portal.models  # noqa: F401 - foreign keys need every table
from portal.core.clock import now
from portal.core.database import city_session
from portal.notifications import (
    count_undelivered,
    latest_status_of_case,
    listeners,
    retry_undelivered,
    send_mail,
    undelivered_mail,
)
from portal.notifications.jobs import requeue_waiting, send
from portal.notifications.models import MailMessage
from tests.integration.notifications.conftest import MailServer

OFFICE = {"title": "市民課", "phone": None}


def committed(city: str, to: str, kind: str = "consent_revoked") -> int:
    values = {"number": "日-1124-00001", "title": "犬の登録", "act": "申請", "office": OFFICE, "path": "/my/abc"}
    with city_session(city) as session:
        return send_mail(session, kind, to=to, language="ja", **values).id


def outcome(city: str, message_id: int) -> tuple[str, str | None]:
    with city_session(city) as session:
        message = session.get_one(MailMessage, message_id)
        return message.status, message.reason


@pytest.mark.parametrize(
    ("address", "recipient"),
    [
        ("taro@例え.jp", "taro@xn--r8jz45g.jp"),
        ("taro..x.@docomo.ne.jp", '"taro..x."@docomo.ne.jp'),
        ("taro.x.@docomo.ne.jp", '"taro.x."@docomo.ne.jp'),
        ("taro.x@docomo.ne.jp", "taro.x@docomo.ne.jp"),
    ],
)
def test_any_server_is_given_an_address_it_takes(
    scratch_city: str, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, address: str, recipient: str
) -> None:
    recipients: list[str] = []
    say = smtplib.SMTP.rcpt
    monkeypatch.setattr(
        smtplib.SMTP, "rcpt", lambda self, to, options=(): recipients.append(to) or say(self, to, options)
    )
    message_id = committed(scratch_city, address)
    send(city=scratch_city, message_id=message_id)
    assert outcome(scratch_city, message_id) == ("sent", None)
    assert recipients == [recipient]
    assert mail_server.received[0]["To"].addresses[0].addr_spec == recipient.replace('"', "")


def test_an_address_that_no_server_takes_is_given_up_and_reported_at_once(
    scratch_city: str, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = committed(scratch_city, "太郎@example.jp")
    message_ids: list[int] = []
    monkeypatch.setattr(listeners, "_connected", [lambda _session, message: message_ids.append(message.id)])
    send(city=scratch_city, message_id=message_id)
    send(city=scratch_city, message_id=message_id)
    assert outcome(scratch_city, message_id) == ("undeliverable", "address")
    assert message_ids == [message_id]
    assert not mail_server.received


def test_a_process_that_would_notify_nobody_gives_no_mail_up(
    scratch_city: str, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "_connected", [])
    message_id = committed(scratch_city, "太郎@example.jp")
    with pytest.raises(listeners.NotConnected):
        send(city=scratch_city, message_id=message_id)
    assert outcome(scratch_city, message_id) == ("waiting", None)


def test_what_a_server_did_not_take_for_days_is_given_up_and_can_be_queued_again(scratch_city: str) -> None:
    new, late, old, code = (committed(scratch_city, "misaki@example.jp") for _ in range(4))
    with city_session(scratch_city) as session:
        for message_id, age in ((late, timedelta(hours=3)), (old, timedelta(days=4)), (code, timedelta(hours=3))):
            session.execute(update(MailMessage).where(MailMessage.id == message_id).values(created_at=now() - age))
        session.execute(update(MailMessage).where(MailMessage.id == code).values(kind="sign_in_code"))
    with city_session(scratch_city) as session:
        requeue_waiting(session)
    assert [outcome(scratch_city, message_id)[0] for message_id in (new, late, old, code)] == [
        "waiting",
        "waiting",
        "failed",
        "failed",
    ]
    with city_session(scratch_city) as session:
        assert [message.id for message in undelivered_mail(session)] == [old, code]
        assert count_undelivered(session) == {"failed": 2, "undeliverable": 0}
        assert retry_undelivered(session, [old]) == 1
    assert outcome(scratch_city, old) == ("waiting", None)


def test_a_refused_sender_is_the_operators_to_fix_and_loses_no_mail(
    scratch_city: str, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.notifications.smtp import DeliveryDeferred

    monkeypatch.setattr(smtplib.SMTP, "mail", lambda self, sender, options=(): (550, b"no"))
    message_id = committed(scratch_city, "misaki@example.jp")
    with pytest.raises(DeliveryDeferred):
        send(city=scratch_city, message_id=message_id)
    assert outcome(scratch_city, message_id) == ("waiting", None)


def test_the_newest_decided_letter_counts(city_db: Session) -> None:

    for status in ("undeliverable", "sent", "waiting"):
        made = MailMessage(case_id=77, kind="case_received", sealed=b"", status=status, created_at=now())
        city_db.add(made)
        city_db.flush()
    assert city_db.scalar(select(latest_status_of_case(77))) == "sent"
    assert city_db.scalar(select(latest_status_of_case(78))) is None
