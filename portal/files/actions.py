"""Taking files in, letting them go, and handing them from a draft to its case."""

import hashlib
import secrets
from collections.abc import Collection, Iterable

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.crypto import seal
from portal.core.database import city_of
from portal.core.errors import Conflict, Invalid
from portal.core.jobs import enqueue
from portal.core.text import _
from portal.files.inspection import Accepted, inspect
from portal.files.jobs import scan
from portal.files.kinds import FileRules, NotAccepted, Upload
from portal.files.models import FileContent, StoredFile
from portal.files.names import apart_from, clean_name, without_number
from portal.files.opening import content_context, thumbnail_context
from portal.files.queries import file_of_draft, unsent


def receive(session: Session, draft_id: int, field: str, upload: Upload, rules: FileRules | None = None) -> StoredFile:
    """Take one file into a draft: judged, cleaned, sealed, and waiting for the scanner.

    Raises Invalid with plain words under the field's name, and Busy; nothing is stored then.
    """
    return keep(session, draft_id, field, judge(field, upload, rules))


def judge(field: str, upload: Upload, rules: FileRules | None = None) -> Accepted:
    """The upload judged and cleaned, nothing stored: it takes a while, so no row should be locked meanwhile.

    Raises Invalid with plain words under the field's name, and Busy.
    """
    try:
        return inspect(upload, rules or FileRules())
    except NotAccepted as refusal:
        message = _("「{name}」:{sentence}", name=clean_name(upload.name), sentence=refusal)
        raise Invalid(message, {field: message}) from refusal


def same_file(stored: Iterable[StoredFile], accepted: Accepted) -> StoredFile | None:
    """The one of these files that has the same name and content: a double press, or a second try on a slow line."""
    digest, name = hashlib.sha256(accepted.content).digest(), without_number(accepted.name)
    return next((file for file in stored if file.sha256 == digest and without_number(file.name) == name), None)


def keep(
    session: Session, draft_id: int, field: str, accepted: Accepted, beside: Iterable[StoredFile] = ()
) -> StoredFile:
    """Store a file that was judged, to wait for the scanner; its name differs from those of the files `beside` it."""
    file = StoredFile(
        public_id=secrets.token_urlsafe(16),
        draft_id=draft_id,
        field=field,
        name=apart_from(accepted.name, {file.name for file in beside}),
        media_type=accepted.media_type,
        size=len(accepted.content),
        sha256=hashlib.sha256(accepted.content).digest(),
        scan="waiting",
        uploaded_at=now(),
    )
    session.add(file)
    session.flush()
    sealed = seal(city_of(session), accepted.content, content_context(file.id))
    small = accepted.thumbnail and seal(city_of(session), accepted.thumbnail, thumbnail_context(file.id))
    session.execute(insert(FileContent).values(file_id=file.id, sealed=sealed, thumbnail=small))
    enqueue(session, scan.name, key=f"scan {file.id}", file_id=file.id)
    return file


def remove(session: Session, draft_id: int, public_id: str) -> StoredFile:
    """Take a file out of a draft again, with its content; what it was. Raises NotFound."""
    file = file_of_draft(session, draft_id, public_id)
    session.execute(delete(StoredFile).where(StoredFile.id == file.id))
    session.expunge(file)
    return file


def attach_to_case(session: Session, public_ids: Collection[str], draft_id: int, case_id: int) -> int:
    """Hand the files of a draft to its case, all in one statement; how many. Raises Conflict when one is not there any more."""
    if not public_ids:
        return 0
    moved = update(StoredFile).where(*unsent(draft_id), StoredFile.public_id.in_(public_ids))
    count = len(session.scalars(moved.values(draft_id=None, case_id=case_id).returning(StoredFile.id)).all())
    if count != len(set(public_ids)):
        raise Conflict("添付したファイルが見つかりません。もう一度ファイルを選んでください。")
    return count
