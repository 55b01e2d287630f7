"""Rows that nothing refers to any more: files that were not submitted, and accounts without an application."""

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.cases.models import Case, CaseStageForm, Draft
from portal.core.clock import now
from portal.files import purge_orphaned_files
from portal.identity import delete_idle_accounts

_LATELY = timedelta(days=1)
ACCOUNT_KEPT = timedelta(days=365)
"""Since the last time somebody signed in; longer while an application of theirs is kept."""


def purge_files(session: Session) -> int:
    """Delete files that belong to no case, no application being written, no correction being answered and no form of a stage being filled in; how many.

    What came within the last day stays: a page may still be open on it.
    """
    return purge_orphaned_files(session, now() - _LATELY, _is_being_answered)


def purge_accounts(session: Session) -> None:
    """Delete accounts in which nobody signed in for a year and to which no application belongs, sent or begun."""
    delete_idle_accounts(session, now() - ACCOUNT_KEPT, _has_application)


def _has_application(account_id: InstrumentedAttribute[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return exists().where(Case.account_id == account_id), exists().where(Draft.account_id == account_id)


def _is_being_answered(
    draft_id: InstrumentedAttribute[int | None], field: InstrumentedAttribute[str]
) -> tuple[ColumnElement[bool], ...]:
    being_written = exists().where(Draft.id == draft_id, Draft.case_id.is_(None))
    being_corrected = exists().where(Case.draft_id == draft_id, Case.status == "fix")
    stage = func.split_part(field, "/", 1)
    filled = exists().where(CaseStageForm.case_id == Case.id, CaseStageForm.stage == stage)
    goes_on = Case.closed_at.is_(None) | (Case.status == "ok")  # a report may be due after a good end
    being_reported = field.contains("/") & exists().where(Case.draft_id == draft_id, goes_on, ~filled)
    return being_written, being_corrected, being_reported
