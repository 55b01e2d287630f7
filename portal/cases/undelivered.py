"""A letter about a case that cannot arrive is work for its office: the applicant waits for something they were never told."""

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from portal.cases.events import of_case
from portal.cases.models import Case
from portal.core.events import SYSTEM, record
from portal.core.locking import lock_row
from portal.notifications.hooks import on_undelivered
from portal.notifications.models import MailMessage


@on_undelivered
def show_to_office(session: Session, message: MailMessage) -> None:
    """The case is unread again, and its history says that a letter did not arrive."""
    case = lock_row(session, Case, Case.id == message.case_id) if message.case_id is not None else None
    if case is not None:
        case.unread = True
        record(session, of_case(case.id), "mail.undelivered", SYSTEM, mail_id=message.id)


def newest_letter(case_id: int) -> ScalarSelect[str]:
    """The status of the newest letter about a case that was sent or given up; null without one."""
    decided = MailMessage.case_id == case_id, MailMessage.status != "waiting"
    return select(MailMessage.status).where(*decided).order_by(MailMessage.id.desc()).limit(1).scalar_subquery()
