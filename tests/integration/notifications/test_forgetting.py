"""Mails are deleted ninety days after they were written; one that still waits is not."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

import portal.models  # noqa: F401 - foreign keys need every table
from portal.core.clock import frozen, now
from portal.notifications import send_mail
from portal.notifications.jobs import purge_old
from portal.notifications.models import MailMessage


def test_old_mails_are_deleted(city_db: Session) -> None:
    sent_id, _waiting = (
        send_mail(city_db, "sign_in_code", to="misaki@example.jp", language="en", code="012345", path="/x").id
        for _ in range(2)
    )
    city_db.execute(update(MailMessage).where(MailMessage.id == sent_id).values(status="sent"))
    with frozen(now() + timedelta(days=89)):
        purge_old(city_db)
    assert len(city_db.scalars(select(MailMessage.id)).all()) == 2
    with frozen(now() + timedelta(days=91)):
        purge_old(city_db)
    assert city_db.scalars(select(MailMessage.status)).all() == ["waiting"]
