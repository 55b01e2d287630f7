"""Files that nothing refers to any more: chosen for an application that was sent without them, or for an answer that was given."""

from datetime import timedelta

from sqlalchemy import delete, exists
from sqlalchemy.orm import Session

from portal.cases.models import CaseFile, Draft
from portal.core.clock import now
from portal.files.models import StoredFile

_LATELY = timedelta(days=1)


def forget_leftovers(session: Session) -> int:
    """Delete files that belong to no case, no application being written and no correction being answered; how many.

    What came within the last day stays: a page may still be open on it.
    """
    being_written = exists().where(Draft.id == StoredFile.draft_id, Draft.case_id.is_(None))
    being_corrected = exists().where(CaseFile.draft_id == StoredFile.draft_id, CaseFile.status == "fix")
    left = (StoredFile.case_id.is_(None), StoredFile.uploaded_at < now() - _LATELY, ~being_written, ~being_corrected)
    return len(session.scalars(delete(StoredFile).where(*left).returning(StoredFile.id)).all())
