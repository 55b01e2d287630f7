"""Residents' accounts: one for each e-mail address that was proved."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import InstrumentedAttribute

from portal.core.clock import now
from portal.identity.models import Account


def sign_in_account(session: Session, email: str, language: str) -> int:
    """Return the id of the account of a proved address; the first sign-in creates it."""
    moment = now()
    row = insert(Account).values(email=email, language=language, created_at=moment, signed_in_at=moment)
    upsert = row.on_conflict_do_update(index_elements=[Account.email_fingerprint], set_={"signed_in_at": moment})
    return session.execute(upsert.returning(Account.id)).scalar_one()


def account_email(session: Session, account_id: int) -> str | None:
    """Return the address of an account; None for an unknown id."""
    account = session.get(Account, account_id)
    return account.email if account else None


def account_fingerprint(session: Session, account_id: int) -> bytes:
    """The keyed digest of an account's proved address: the same in every city of the installation, and nothing can be read from it."""
    return session.get_one(Account, account_id).email_fingerprint


def delete_idle_accounts(
    session: Session,
    idle_since: datetime,
    in_use: Callable[[InstrumentedAttribute[int]], Iterable[ColumnElement[bool]]],
) -> None:
    """Delete the accounts without a sign-in since that time.

    `in_use`: the conditions, of the account's id, under which something of the account is kept; any of them keeps it.
    """
    last_used = func.coalesce(Account.signed_in_at, Account.created_at)
    unused = [~condition for condition in in_use(Account.id)]
    session.execute(delete(Account).where(last_used < idle_since, *unused))
