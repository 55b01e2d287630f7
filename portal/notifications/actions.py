"""Writing a mail: the sealed message and the job that sends it belong to the caller's transaction."""

from typing import Any

from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_of
from portal.core.jobs import enqueue
from portal.core.tenancy import city
from portal.notifications.jobs import send
from portal.notifications.kinds import KINDS
from portal.notifications.letters import Letter
from portal.notifications.models import MailMessage
from portal.notifications.writing import write


def send_mail(
    session: Session, kind: str, *, to: str, language: str, case_id: int | None = None, **context: Any
) -> MailMessage:
    """Write a mail of that kind, to be sent once the transaction commits.

    Raises ValueError for a kind, or for keys of its context, that `KINDS` does not declare.
    """
    if KINDS.get(kind) != context.keys():
        raise ValueError(f"undeclared mail {kind} or keys {sorted(context)}")
    city_key = city_of(session)
    words = write(kind, language, city(city_key), context)
    letter = Letter(to, words.subject, words.body)
    message = MailMessage(
        case_id=case_id, kind=kind, sealed=letter.sealed(city_key, kind), status="waiting", created_at=now()
    )
    session.add(message)
    session.flush()
    enqueue(session, send.name, message_id=message.id)
    return message
