"""The mails that the portal wrote, opened."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.database import city_of, city_session
from portal.notifications.encrypted_email import Email
from portal.notifications.models import MailMessage


def letters(city: str, kind: str | None = None, case_id: int | None = None) -> list[Email]:
    """Every mail written in a city, oldest first; of one kind, about one case."""
    query = select(MailMessage).order_by(MailMessage.id)
    if kind is not None:
        query = query.where(MailMessage.kind == kind)
    if case_id is not None:
        query = query.where(MailMessage.case_id == case_id)
    with city_session(city) as session:
        return [Email.decrypt(city, row.kind, row.sealed) for row in session.scalars(query)]


def letters_to(session: Session, email: str) -> list[Email]:
    """The mails to an address that a session wrote, whether it commits or not, oldest first."""
    rows = session.scalars(select(MailMessage).order_by(MailMessage.id))
    written = [Email.decrypt(city_of(session), row.kind, row.sealed) for row in rows]
    return [letter for letter in written if letter.to == email]


def mailed_to(city: str, email: str, kind: str) -> str:
    """The newest mail of a kind to an address, its body."""
    return next(letter.body for letter in reversed(letters(city, kind)) if letter.to == email)


def code_mailed_to(city: str, email: str) -> str:
    """The newest sign-in code for an address."""
    code = re.search(r"(?<!\d)\d{6}(?!\d)", mailed_to(city, email, "sign_in_code"))
    assert code
    return code[0]
