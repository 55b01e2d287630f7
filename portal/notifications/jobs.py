"""The job that sends one mail; it may run twice, a mail that was sent is left alone. Another queues again what a server
that was away did not take, and a nightly one forgets old mails.
"""

import logging
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.config import settings
from portal.core.database import city_of, city_session
from portal.core.jobs import RETRY, app, enqueue
from portal.core.locking import lock_row, lock_rows
from portal.core.rounds import in_every_session
from portal.notifications.hooks import tell_undelivered
from portal.notifications.letters import Letter
from portal.notifications.models import MailMessage
from portal.notifications.postman import Refused, Undeliverable, deliver

_log = logging.getLogger(__name__)

_TRIED = timedelta(hours=2)
"""By then every try of a mail's job has passed (`core.jobs.RETRY` takes an hour and a half)."""

_TRIED_AGAIN = timedelta(days=3)
"""How long a mail server may be away before its mails are given up, as mail servers do among themselves (RFC 5321, 4.5.4.1)."""

_MOMENTARY = frozenset({"sign_in_code"})
"""Mails that mean nothing two hours later."""

_KEPT = timedelta(days=90)
"""How long a mail that was sent or given up is kept, to answer whether it went out."""


@app.task(name="notifications.send", retry=RETRY)
def send(*, city: str, message_id: int) -> None:
    """Send the message of that number, unless it was sent. Raises NotTaken when the server is away: the job then comes again."""
    with city_session(city) as session:
        message = lock_row(session, MailMessage, MailMessage.id == message_id, MailMessage.status == "waiting")
        if message is None:
            return
        letter = Letter.opened(city, message.kind, message.sealed)
        try:
            deliver(letter, f"<{city}.{message.id}@{settings().base_hostname}>")
        except Refused as refusal:
            status = "undeliverable" if isinstance(refusal, Undeliverable) else "failed"
            _give_up(session, message, status, refusal.reason)
        else:
            message.status, message.sent_at = "sent", now()


@app.periodic(cron="23 * * * *")
@app.task(name="notifications.try_again", queueing_lock="notifications.try_again")
def try_again(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Queue mails again whose tries are used up, hour by hour for three days; then give them up."""
    in_every_session(queue_late)


def queue_late(session: Session) -> None:
    """Mails that still wait although every try of their job has passed: again, or given up after three days.

    A code for signing in is of no use by then and is given up at once.
    """
    late = MailMessage.status == "waiting", MailMessage.created_at < now() - _TRIED
    for message in lock_rows(session, MailMessage, *late, order_by=[MailMessage.id.asc()]):
        if message.kind in _MOMENTARY or message.created_at < now() - _TRIED_AGAIN:
            _give_up(session, message, "failed", "late")
        else:
            enqueue(session, send.name, key=f"mail {message.id}", message_id=message.id)


def _give_up(session: Session, message: MailMessage, status: str, reason: str) -> None:
    message.status, message.reason = status, reason
    _log.warning("mail %s of %s: %s (%s)", message.id, city_of(session), status, reason)
    tell_undelivered(session, message)


@app.periodic(cron="47 18 * * *")  # 3:47 in Japan
@app.task(name="notifications.clear_away")
def clear_away(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Forget old mails, city by city."""
    in_every_session(forget_old)


def forget_old(session: Session) -> None:
    """Delete mails that were sent or given up, ninety days after they were written."""
    session.execute(delete(MailMessage).where(MailMessage.status != "waiting", MailMessage.created_at < now() - _KEPT))
