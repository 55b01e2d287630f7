"""The outbox: a mail's encrypted message and the job that sends it belong to the caller's transaction."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_of
from portal.core.jobs import enqueue
from portal.core.locking import lock_rows
from portal.core.tenancy import city
from portal.notifications.encrypted_email import Email
from portal.notifications.jobs import send
from portal.notifications.kinds import KINDS
from portal.notifications.models import UNDELIVERED, MailMessage
from portal.notifications.rendering import render


def send_mail(
    session: Session, kind: str, *, to: str, language: str, case_id: int | None = None, **context: Any
) -> MailMessage:
    """Store a mail of that kind, to be sent once the transaction commits.

    Raises ValueError for a kind, or for keys of its context, that `KINDS` does not declare.
    """
    if KINDS.get(kind) != context.keys():
        raise ValueError(f"undeclared mail {kind} or keys {sorted(context)}")
    city_key = city_of(session)
    content = render(kind, language, city(city_key), context)
    email = Email(to, content.subject, content.body)
    message = MailMessage(
        case_id=case_id, kind=kind, sealed=email.encrypt(city_key, kind), status="waiting", created_at=now()
    )
    session.add(message)
    session.flush()
    enqueue(session, send.name, message_id=message.id)
    return message


def retry_undelivered(session: Session, message_ids: Collection[int] = ()) -> int:
    """Queue undelivered mails again: those with these ids, or without any all that `failed`; return how many."""
    selection = MailMessage.id.in_(message_ids) if message_ids else MailMessage.status == "failed"
    criteria = MailMessage.status.in_(UNDELIVERED), selection
    messages = lock_rows(session, MailMessage, *criteria, order_by=[MailMessage.id.asc()])
    for message in messages:
        message.status, message.reason, message.created_at = "waiting", None, now()
        enqueue(session, send.name, message_id=message.id)
    return len(messages)


def delete_mail_of_cases(session: Session, case_ids: Collection[int]) -> None:
    """Delete every mail about these cases, whatever its status."""
    session.execute(delete(MailMessage).where(MailMessage.case_id.in_(case_ids)))
