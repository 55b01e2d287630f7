"""The job that sends one mail. It may run twice; a mail that was sent is left alone."""

import logging

from sqlalchemy import select

from portal.core.clock import now
from portal.core.config import settings
from portal.core.database import city_session
from portal.core.jobs import RETRY, app
from portal.notifications.letters import Letter
from portal.notifications.models import MailMessage
from portal.notifications.postman import Refused, deliver

_log = logging.getLogger(__name__)


@app.task(name="notifications.send", retry=RETRY)
def send(*, city: str, message_id: int) -> None:
    """Send the message of that number, unless it was sent. Raises NotTaken when the server is away: the job then comes again."""
    with city_session(city) as session:
        message = session.scalar(
            select(MailMessage).where(MailMessage.id == message_id, MailMessage.status == "waiting").with_for_update()
        )
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
