"""Reading what was handed in; lists never touch the content."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import NotFound
from portal.files.models import StoredFile

_SCAN_TAKES = timedelta(minutes=15)


def files_of_draft(session: Session, draft_id: int) -> list[StoredFile]:
    """Everything uploaded to a draft, in the order it came."""
    return list(session.scalars(select(StoredFile).where(*unsent(draft_id)).order_by(StoredFile.id)))


def files_of_case(session: Session, case_id: int) -> list[StoredFile]:
    """Everything handed in with a case, in the order it came."""
    return list(session.scalars(select(StoredFile).where(StoredFile.case_id == case_id).order_by(StoredFile.id)))


def file_of_draft(session: Session, draft_id: int, public_id: str) -> StoredFile:
    """One file of a draft. Raises NotFound, also for the file of another draft."""
    return _one(session, select(StoredFile).where(*unsent(draft_id), StoredFile.public_id == public_id))


def file_of_case(session: Session, case_id: int, public_id: str) -> StoredFile:
    """One file of a case. Raises NotFound, also for the file of another case."""
    return _one(session, select(StoredFile).where(StoredFile.case_id == case_id, StoredFile.public_id == public_id))


def unsent(draft_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The files of a draft, as its index has them: those that belong to no case yet."""
    return StoredFile.draft_id == draft_id, StoredFile.case_id.is_(None)


def unsent_bytes(session: Session) -> int:
    """How much lies in the city that belongs to no case, in bytes."""
    return int(session.scalar(select(func.sum(StoredFile.size)).where(StoredFile.case_id.is_(None))) or 0)


def waiting_for_scanner(session: Session) -> tuple[int, bool]:
    """How many files of the city wait for a scanner, and whether one of them does so for longer than a scan takes."""
    which = select(func.count(), func.min(StoredFile.uploaded_at)).where(StoredFile.scan == "waiting")
    count, oldest = session.execute(which).one()
    return count, oldest is not None and oldest < now() - _SCAN_TAKES


def reference(file: StoredFile) -> dict[str, str | int]:
    """What an answer keeps of a file."""
    return {"id": file.public_id, "name": file.name, "size": file.size, "media_type": file.media_type}


def _one(session: Session, query: Select[StoredFile]) -> StoredFile:
    found = session.scalar(query)
    if found is None:
        raise NotFound("このファイルは見つかりません。")
    return found
