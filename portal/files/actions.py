"""Taking files in, letting them go, and handing them from a draft to its case."""

import hashlib
import secrets
from collections.abc import Collection

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.crypto import seal
from portal.core.database import city_of
from portal.core.errors import Conflict, Invalid
from portal.core.jobs import enqueue
from portal.core.text import _
from portal.files.inspection import inspect
from portal.files.jobs import scan
from portal.files.kinds import FileRules, NotAccepted, Upload
from portal.files.models import FileContent, StoredFile
from portal.files.names import clean_name
from portal.files.opening import content_context
from portal.files.queries import file_of_draft


def receive(session: Session, draft_id: int, field: str, upload: Upload, rules: FileRules | None = None) -> StoredFile:
    """Take one file into a draft: judged, cleaned, sealed, and waiting for the scanner.

    Raises Invalid with plain words under the field's name; nothing is stored then.
    """
    try:
        accepted = inspect(upload, rules or FileRules())
    except NotAccepted as refusal:
        message = _("「{name}」:{sentence}", name=clean_name(upload.name), sentence=refusal)
        raise Invalid(message, {field: message}) from refusal
    file = StoredFile(
        public_id=secrets.token_urlsafe(16),
        draft_id=draft_id,
        field=field,
        name=accepted.name,
        media_type=accepted.media_type,
        size=len(accepted.content),
        sha256=hashlib.sha256(accepted.content).digest(),
        scan="waiting",
        uploaded_at=now(),
    )
    session.add(file)
    session.flush()
    sealed = seal(city_of(session), accepted.content, content_context(file.id))
    session.execute(insert(FileContent).values(file_id=file.id, sealed=sealed))
    enqueue(session, scan.name, key=f"scan {file.id}", file_id=file.id)
    return file


def remove(session: Session, draft_id: int, public_id: str) -> None:
    """Take a file out of a draft again, with its content. Raises NotFound."""
    file = file_of_draft(session, draft_id, public_id)
    session.execute(delete(StoredFile).where(StoredFile.id == file.id))
    session.expunge(file)


def scan_waiting(session: Session) -> int:
    """Ask again for every file that still waits, for example after a scanner was set up; how many."""
    waiting = session.scalars(select(StoredFile.id).where(StoredFile.scan == "waiting").order_by(StoredFile.id)).all()
    for file_id in waiting:
        enqueue(session, scan.name, key=f"scan {file_id}", file_id=file_id)
    return len(waiting)


def attach_to_case(session: Session, public_ids: Collection[str], draft_id: int, case_id: int) -> int:
    """Hand the files of a draft to its case, all in one statement; how many. Raises Conflict when one is not there any more."""
    if not public_ids:
        return 0
    moved = update(StoredFile).where(StoredFile.draft_id == draft_id, StoredFile.public_id.in_(public_ids))
    count = len(session.scalars(moved.values(draft_id=None, case_id=case_id).returning(StoredFile.id)).all())
    if count != len(set(public_ids)):
        raise Conflict("添付したファイルが見つかりません。もう一度ファイルを選んでください。")
    return count
