"""Letters about a case to the applicant: their address, and sending them."""

from typing import Any

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core.crypto import open_sealed
from portal.core.database import city_of
from portal.notifications import send_mail

ENCRYPTION_CONTEXT = b"contact"


def contact_address(session: Session, case: Case) -> str | None:
    """Return the e-mail address of the applicant, if they left one."""
    if case.contact_email is None:
        return None
    return open_sealed(city_of(session), case.contact_email, ENCRYPTION_CONTEXT).decode()


def notify(session: Session, case: Case, kind: str, **more: Any) -> None:
    """Send one of the letters that `notifications` knows, if the applicant left an address."""
    to = contact_address(session, case)
    if to is None:
        return
    send_mail(
        session,
        kind,
        to=to,
        language=case.language,
        case_id=case.id,
        number=case.number,
        title=case.title,
        path=f"/me/cases/{case.public_id}",
        **more,
    )
