"""Residents' accounts: one for each e-mail address that was proved."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.identity.models import Account


def sign_in_account(session: Session, email: str, language: str) -> int:
    """The id of the account of a proved address; the first sign-in makes it."""
    moment = now()
    row = insert(Account).values(email=email, language=language, created_at=moment, signed_in_at=moment)
    entered = row.on_conflict_do_update(index_elements=[Account.email_fingerprint], set_={"signed_in_at": moment})
    return session.execute(entered.returning(Account.id)).scalar_one()


def account_email(session: Session, account_id: int) -> str | None:
    """The address of an account, for writing to its owner."""
    return session.scalar(select(Account.email).where(Account.id == account_id))
