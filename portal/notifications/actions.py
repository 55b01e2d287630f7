"""Writing a mail: the sealed message and the job that sends it belong to the caller's transaction."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_of
from portal.core.jobs import enqueue
from portal.core.locking import lock_rows
from portal.core.tenancy import city
from portal.notifications.jobs import send
from portal.notifications.kinds import KINDS
from portal.notifications.letters import Letter
from portal.notifications.models import MailMessage
from portal.notifications.writing import write

GIVEN_UP = ("failed", "undeliverable")


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


def given_up(session: Session) -> list[MailMessage]:
    """Mails that did not arrive, oldest first (index `ix_mail_message_given_up`)."""
    query = select(MailMessage).where(MailMessage.status.in_(GIVEN_UP)).order_by(MailMessage.id)
    return list(session.scalars(query))


def count_given_up(session: Session) -> dict[str, int]:
    """How many mails did not arrive, by status."""
    query = (
        select(MailMessage.status, func.count()).where(MailMessage.status.in_(GIVEN_UP)).group_by(MailMessage.status)
    )
    return dict.fromkeys(GIVEN_UP, 0) | {row[0]: row[1] for row in session.execute(query)}


def retry(session: Session, message_ids: Collection[int] = ()) -> int:
    """Queue mails that were given up once more, all that `failed` or those of the given numbers; how many."""
    which = MailMessage.id.in_(message_ids) if message_ids else MailMessage.status == "failed"
    criteria = MailMessage.status.in_(GIVEN_UP), which
    messages = lock_rows(session, MailMessage, *criteria, order_by=[MailMessage.id.asc()])
    for message in messages:
        message.status, message.reason, message.created_at = "waiting", None, now()
        enqueue(session, send.name, message_id=message.id)
    return len(messages)
