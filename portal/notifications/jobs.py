"""The job that sends one mail; it may run twice, a mail that was sent is left alone. And the nightly one that forgets old mails."""

import logging
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.config import settings
from portal.core.database import city_session
from portal.core.jobs import RETRY, app
from portal.core.locking import lock_row
from portal.core.tenancy import cities
from portal.notifications.letters import Letter
from portal.notifications.models import MailMessage
from portal.notifications.postman import Refused, deliver

_log = logging.getLogger(__name__)

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
            message.status = "failed"
            _log.warning("mail %s of %s: %s", message_id, city, refusal)
        else:
            message.status, message.sent_at = "sent", now()


@app.periodic(cron="47 18 * * *")  # 3:47 in Japan
@app.task(name="notifications.clear_away")
def clear_away(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Forget old mails, city by city."""
    for city in cities():
        with city_session(city.key) as session:
            forget_old(session)


def forget_old(session: Session) -> None:
    """Delete mails that were sent or given up, ninety days after they were written."""
    session.execute(delete(MailMessage).where(MailMessage.status != "waiting", MailMessage.created_at < now() - _KEPT))
