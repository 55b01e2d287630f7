"""What nothing refers to any more: files that were not handed in, and accounts without an application."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, exists, func
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.cases.models import Case, Draft
from portal.core.clock import now
from portal.files import purge_orphaned_files
from portal.identity.models import Account

_LATELY = timedelta(days=1)
ACCOUNT_KEPT = timedelta(days=365)
"""Since the last time somebody signed in; longer while an application of theirs is kept."""


def purge_files(session: Session) -> int:
    """Delete files that belong to no case, no application being written and no correction being answered; how many.

    What came within the last day stays: a page may still be open on it.
    """
    return purge_orphaned_files(session, now() - _LATELY, _is_being_answered)


def purge_accounts(session: Session) -> None:
    """Delete accounts in which nobody signed in for a year and to which no application belongs, sent or begun."""
    last_used = func.coalesce(Account.signed_in_at, Account.created_at)
    has_case = exists().where(Case.account_id == Account.id)
    has_draft = exists().where(Draft.account_id == Account.id)
    session.execute(delete(Account).where(last_used < now() - ACCOUNT_KEPT, ~has_case, ~has_draft))


def _is_being_answered(draft_id: InstrumentedAttribute[int | None]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    being_written = exists().where(Draft.id == draft_id, Draft.case_id.is_(None))
    being_corrected = exists().where(Case.draft_id == draft_id, Case.status == "fix")
    return being_written, being_corrected
