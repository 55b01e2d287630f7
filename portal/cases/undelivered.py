"""A mail about a case that cannot be delivered is work for its office: the applicant waits without knowing what was decided."""

from sqlalchemy.orm import Session

from portal.cases.events import of_case
from portal.cases.models import Case
from portal.core.events import SYSTEM, record
from portal.core.locking import lock_row
from portal.notifications import MailMessage


def show_to_office(session: Session, message: MailMessage) -> None:
    """Mark the case unread, and record in its history that a mail was not delivered. `portal.wiring` connects this to notifications."""
    case = lock_row(session, Case, Case.id == message.case_id) if message.case_id is not None else None
    if case is not None:
        case.unread = True
        record(session, of_case(case.id), "mail.undelivered", SYSTEM, mail_id=message.id)
