"""Rows that nothing refers to any more: files that were not submitted, and accounts without an application."""

from datetime import timedelta

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.cases.models import Case, Draft
from portal.core.clock import now
from portal.files import purge_orphaned_files
from portal.identity import delete_idle_accounts

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
    delete_idle_accounts(session, now() - ACCOUNT_KEPT, _has_application)


def _has_application(account_id: InstrumentedAttribute[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return exists().where(Case.account_id == account_id), exists().where(Draft.account_id == account_id)


def _is_being_answered(draft_id: InstrumentedAttribute[int | None]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    being_written = exists().where(Draft.id == draft_id, Draft.case_id.is_(None))
    being_corrected = exists().where(Case.draft_id == draft_id, Case.status == "fix")
    return being_written, being_corrected
