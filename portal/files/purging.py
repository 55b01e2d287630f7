"""Deleting files together with what they belong to; their content goes with them."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.files.models import StoredFile

DraftIds = Collection[int] | Select[int]


def delete_unsent_files(session: Session, draft_ids: DraftIds) -> None:
    """Delete the files of these drafts that belong to no case yet."""
    session.execute(delete(StoredFile).where(StoredFile.draft_id.in_(draft_ids), StoredFile.case_id.is_(None)))


def delete_files_of_cases(session: Session, case_ids: Collection[int], draft_ids: DraftIds) -> None:
    """Delete the files of these cases and of their drafts."""
    session.execute(delete(StoredFile).where(or_(StoredFile.case_id.in_(case_ids), StoredFile.draft_id.in_(draft_ids))))


def purge_orphaned_files(
    session: Session,
    uploaded_before: datetime,
    in_use: Callable[[InstrumentedAttribute[int | None], InstrumentedAttribute[str]], Iterable[ColumnElement[bool]]],
) -> int:
    """Delete files that belong to no case and were uploaded before that moment; return how many.

    `in_use` returns the conditions under which a draft is still in use, given the columns with its id and with what the file names as
    its question: such files stay.
    """
    orphaned = StoredFile.case_id.is_(None), StoredFile.uploaded_at < uploaded_before
    unused = (~condition for condition in in_use(StoredFile.draft_id, StoredFile.field))
    return len(session.scalars(delete(StoredFile).where(*orphaned, *unused).returning(StoredFile.id)).all())
