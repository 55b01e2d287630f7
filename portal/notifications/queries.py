"""Reading what became of mails."""

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from portal.notifications.models import UNDELIVERED, MailMessage


def undelivered_mail(session: Session) -> list[MailMessage]:
    """Return the mails that could not be delivered, oldest first (index `ix_mail_message_given_up`)."""
    query = select(MailMessage).where(MailMessage.status.in_(UNDELIVERED)).order_by(MailMessage.id)
    return list(session.scalars(query))


def count_undelivered(session: Session) -> dict[str, int]:
    """Return the number of mails that could not be delivered, by status."""
    query = (
        select(MailMessage.status, func.count()).where(MailMessage.status.in_(UNDELIVERED)).group_by(MailMessage.status)
    )
    return dict.fromkeys(UNDELIVERED, 0) | {row[0]: row[1] for row in session.execute(query)}


def status_of_mail(session: Session, message_id: int) -> str | None:
    """Return the status of a mail; None once it is deleted."""
    return session.scalar(select(MailMessage.status).where(MailMessage.id == message_id))


def latest_status_of_case(case_id: int) -> ScalarSelect[str]:
    """Return the status of the newest mail about a case that is not waiting any more, as part of a caller's statement; null without one."""
    criteria = MailMessage.case_id == case_id, MailMessage.status != "waiting"
    return select(MailMessage.status).where(*criteria).order_by(MailMessage.id.desc()).limit(1).scalar_subquery()
