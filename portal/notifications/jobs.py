"""The job that sends one mail; it may run twice, since a mail that was sent is skipped. Another one queues mails again that a server
did not accept while it was unavailable, and a nightly one purges old mails.
"""

import logging
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.config import settings
from portal.core.database import city_of, city_session
from portal.core.jobs import RETRY, app, enqueue, periodic
from portal.core.locking import lock_row, lock_rows
from portal.core.rounds import for_each_city_session
from portal.core.tenancy import city as city_by_key
from portal.notifications.encrypted_email import Email
from portal.notifications.listeners import notify_undelivered
from portal.notifications.models import MailMessage
from portal.notifications.smtp import DeliveryRejected, Undeliverable, deliver

_log = logging.getLogger(__name__)

_JOB_EXHAUSTED = timedelta(hours=2)
"""By then a mail's job has made all of its attempts (`core.jobs.RETRY` takes an hour and a half)."""

_GIVE_UP_AFTER = timedelta(days=3)
"""How long a mail server may be unavailable before its mails are given up, as among mail servers (RFC 5321, 4.5.4.1)."""

_SHORT_LIVED = frozenset({"sign_in_code"})
"""Mails that are useless two hours later."""

_RETENTION = timedelta(days=90)
"""How long a mail that was sent or given up is kept, to answer whether it was sent."""


@app.task(name="notifications.send", retry=RETRY)
def send(*, city: str, message_id: int) -> None:
    """Send the mail with this id, unless it was sent. Raises DeliveryDeferred when the server is unavailable: the job is then retried."""
    with city_session(city) as session:
        message = lock_row(session, MailMessage, MailMessage.id == message_id, MailMessage.status == "waiting")
        if message is None:
            return
        email = Email.decrypt(city, message.kind, message.sealed)
        try:
            deliver(email, f"<{city}.{message.id}@{settings().base_hostname}>", city_by_key(city))
        except DeliveryRejected as error:
            status = "undeliverable" if isinstance(error, Undeliverable) else "failed"
            _give_up(session, message, status, error.reason)
        else:
            message.status, message.sent_at = "sent", now()


@periodic("23 * * * *", "notifications.try_again")
def requeue_in_cities() -> None:
    """Every hour: queue mails again whose job has made all of its attempts, for three days; then give them up."""
    for_each_city_session(requeue_waiting)


def requeue_waiting(session: Session) -> None:
    """Queue mails again that still wait although their job has made all of its attempts, or give them up after three days.

    A sign-in code is useless by then and is given up at once.
    """
    waiting = MailMessage.status == "waiting", MailMessage.created_at < now() - _JOB_EXHAUSTED
    for message in lock_rows(session, MailMessage, *waiting, order_by=[MailMessage.id.asc()]):
        if message.kind in _SHORT_LIVED or message.created_at < now() - _GIVE_UP_AFTER:
            _give_up(session, message, "failed", "late")
        else:
            enqueue(session, send.name, key=f"mail {message.id}", message_id=message.id)


def _give_up(session: Session, message: MailMessage, status: str, reason: str) -> None:
    message.status, message.reason = status, reason
    _log.warning("mail %s of %s: %s (%s)", message.id, city_of(session), status, reason)
    notify_undelivered(session, message)


@periodic("47 18 * * *", "notifications.purge", former="notifications.clear_away")  # 3:47 in Japan
def purge_in_cities() -> None:
    """Every night: delete old mails in every city."""
    for_each_city_session(purge_old)


def purge_old(session: Session) -> None:
    """Delete mails that were sent or given up, ninety days after they were stored."""
    old = MailMessage.status != "waiting", MailMessage.created_at < now() - _RETENTION
    session.execute(delete(MailMessage).where(*old))
