"""Letters about a case to the applicant: their address, and sending them."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition
from portal.cases.models import Case
from portal.core.crypto import open_sealed
from portal.core.database import city_of
from portal.core.tenancy import city
from portal.core.text import pick
from portal.identity import get_department
from portal.notifications import send_mail
from portal.procedures import definition_of

ENCRYPTION_CONTEXT = b"contact"


def contact_address(session: Session, case: Case) -> str | None:
    """Return the e-mail address of the applicant, if they left one."""
    if case.contact_email is None:
        return None
    return open_sealed(city_of(session), case.contact_email, ENCRYPTION_CONTEXT).decode()


def title_of(session: Session, case: Case) -> str:
    """The title of a case's procedure as its letters have it: in the language of the applicant, where the definition has it."""
    if case.language == "ja":
        return case.title
    return definition_of(session, case.version_id).title.for_language(case.language)


def told_of_case(session: Session, case: Case, definition: Definition) -> dict[str, Any]:
    """What every letter about a case says: its number and title, what the procedure calls it, which office has it, and where to read more."""
    department = get_department(session, case.department_id)
    return {
        "number": case.number,
        "title": case.title if case.language == "ja" else definition.title.for_language(case.language),
        "act": definition.submission_word.for_language(case.language),
        "office": {
            "title": pick(department.title, case.language),
            "phone": department.phone or city(city_of(session)).phone,
        },
        "path": f"/me/cases/{case.public_id}",
    }


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
        **told_of_case(session, case, definition_of(session, case.version_id)),
        **more,
    )


def ask_to_pay(session: Session, case: Case, amount: int, until: date | None) -> None:
    """Ask for a payment of so many yen that no decision goes with; `until` is the last day, if there is one."""
    notify(
        session,
        case,
        "payment_request",
        amount=amount,
        until=until,
        announcement="",
        next_step="",
        conditions=[],
        objection=False,
        partly=False,
    )
