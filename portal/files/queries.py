"""Reading the rows of files; lists never load their content."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import NotFound
from portal.files.models import StoredFile

_SCAN_TAKES = timedelta(minutes=15)

IN_ORDER = (StoredFile.position, StoredFile.id)
"""The order of files of one question."""


def files_of_draft(session: Session, draft_id: int) -> list[StoredFile]:
    """Return the files of a draft, those of a question in the order that the applicant gave them."""
    return list(session.scalars(select(StoredFile).where(*unsent(draft_id)).order_by(*IN_ORDER)))


def files_of_drafts(session: Session, draft_ids: Collection[int]) -> list[StoredFile]:
    """Return the files of several drafts, those of a question in the order that the applicant gave them."""
    which = (StoredFile.draft_id.in_(draft_ids), StoredFile.case_id.is_(None))
    return list(session.scalars(select(StoredFile).where(*which).order_by(*IN_ORDER))) if draft_ids else []


def files_of_case(session: Session, case_id: int) -> list[StoredFile]:
    """Return the files of a case, oldest first."""
    return list(session.scalars(select(StoredFile).where(StoredFile.case_id == case_id).order_by(StoredFile.id)))


def file_of_draft(session: Session, draft_id: int, public_id: str) -> StoredFile:
    """Return one file of a draft. Raises NotFound, also for the file of another draft."""
    return _get(session, select(StoredFile).where(*unsent(draft_id), StoredFile.public_id == public_id))


def file_of_case(session: Session, case_id: int, public_id: str) -> StoredFile:
    """Return one file of a case. Raises NotFound, also for the file of another case."""
    return _get(session, select(StoredFile).where(StoredFile.case_id == case_id, StoredFile.public_id == public_id))


def file_count(case_id: int, fields: Collection[str] | None = None) -> ScalarSelect[int]:
    """Return, as part of a statement of the caller, how many files a case has: for these fields, or for all of them."""
    of_fields = () if fields is None else (StoredFile.field.in_(fields),)
    return select(func.count()).where(StoredFile.case_id == case_id, *of_fields).scalar_subquery()


def count_files_by_case(session: Session, case_ids: Collection[int]) -> dict[int, int]:
    """Return how many files these cases have, by the case's id; a case without any is left out."""
    query = (
        select(StoredFile.case_id, func.count()).where(StoredFile.case_id.in_(case_ids)).group_by(StoredFile.case_id)
    )
    return {case_id: count for case_id, count in session.execute(query) if case_id is not None}


def unsent(draft_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that a file belongs to a draft and to no case yet, as the index `ix_stored_file_unsent` has them."""
    return StoredFile.draft_id == draft_id, StoredFile.case_id.is_(None)


def unsent_bytes(session: Session) -> int:
    """Return the total size of the city's files that belong to no case yet, in bytes."""
    return int(session.scalar(select(func.sum(StoredFile.size)).where(StoredFile.case_id.is_(None))) or 0)


def waiting_for_scanner(session: Session) -> tuple[int, bool]:
    """Return how many files of the city wait for the virus scanner, and whether one has waited for longer than a scan takes."""
    query = select(func.count(), func.min(StoredFile.uploaded_at)).where(StoredFile.scan == "waiting")
    count, oldest = session.execute(query).one()
    return count, oldest is not None and oldest < now() - _SCAN_TAKES


def in_order(files: Iterable[StoredFile]) -> list[StoredFile]:
    """Return files in the order that the applicant gave those of each question."""
    return sorted(files, key=lambda file: (file.position, file.id))


def reference(file: StoredFile) -> dict[str, str | int]:
    """Return what an answer stores about a file."""
    return {"id": file.public_id, "name": file.name, "size": file.size, "media_type": file.media_type}


def _get(session: Session, query: Select[StoredFile]) -> StoredFile:
    file = session.scalar(query)
    if file is None:
        raise NotFound("このファイルは見つかりません。")
    return file
