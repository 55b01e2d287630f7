"""Storing uploads in a draft, removing them, and attaching them to the case that the draft becomes."""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.crypto import seal
from portal.core.database import city_of
from portal.core.errors import Conflict, Invalid
from portal.core.jobs import enqueue
from portal.core.text import _
from portal.files.inspection import Accepted, inspect
from portal.files.jobs import scan
from portal.files.kinds import FileRejected, FileRules, Upload
from portal.files.models import FileContent, StoredFile
from portal.files.names import clean_name, unique_name, without_number
from portal.files.opening import content_context, read_with_thumbnail, thumbnail_context
from portal.files.queries import file_of_draft, unsent
from portal.files.verdicts import refuse_harmful


def receive(session: Session, draft_id: int, field: str, upload: Upload, rules: FileRules | None = None) -> StoredFile:
    """Inspect an upload and store it in a draft, encrypted, to wait for the scanner.

    Raises Invalid with a message under the field's name, and Busy; nothing is stored then.
    """
    return store(session, draft_id, field, inspect_upload(field, upload, rules))


def inspect_upload(field: str, upload: Upload, rules: FileRules | None = None) -> Accepted:
    """Return the upload inspected and cleaned; nothing is stored. It takes a while, so no row should be locked meanwhile.

    Raises Invalid with a message under the field's name, and Busy.
    """
    try:
        return inspect(upload, rules or FileRules())
    except FileRejected as error:
        message = _("「{name}」：{sentence}", name=clean_name(upload.name), sentence=error)
        raise Invalid(message, {field: message}) from error


def same_file(stored: Iterable[StoredFile], accepted: Accepted) -> StoredFile | None:
    """Return the stored file with the same name and content: the form was sent twice, or again on a slow connection."""
    digest, name = hashlib.sha256(accepted.content).digest(), without_number(accepted.name)
    return next((file for file in stored if file.sha256 == digest and without_number(file.name) == name), None)


def store(
    session: Session, draft_id: int, field: str, accepted: Accepted, siblings: Iterable[StoredFile] = ()
) -> StoredFile:
    """Store an inspected file behind its `siblings`, to wait for the scanner; it gets a name that none of them has."""
    return _keep(session, StoredFile(draft_id=draft_id, field=field), accepted, siblings)


def store_with_case(
    session: Session, case_id: int, field: str, accepted: Accepted, siblings: Iterable[StoredFile] = ()
) -> StoredFile:
    """Store an inspected file that the office adds to a case; `field` says what it is for. It is scanned as any other."""
    return _keep(session, StoredFile(case_id=case_id, field=field), accepted, siblings)


def _keep(session: Session, file: StoredFile, accepted: Accepted, siblings: Iterable[StoredFile]) -> StoredFile:
    siblings = list(siblings)
    file.public_id = secrets.token_urlsafe(16)
    file.name = unique_name(accepted.name, {sibling.name for sibling in siblings})
    file.position = max((sibling.position for sibling in siblings), default=0)
    file.media_type, file.size = accepted.media_type, len(accepted.content)
    file.sha256 = hashlib.sha256(accepted.content).digest()
    file.scan, file.uploaded_at = "waiting", now()
    session.add(file)
    session.flush()
    sealed = seal(city_of(session), accepted.content, content_context(file.id))
    thumbnail = accepted.thumbnail and seal(city_of(session), accepted.thumbnail, thumbnail_context(file.id))
    session.execute(insert(FileContent).values(file_id=file.id, sealed=sealed, thumbnail=thumbnail))
    enqueue(session, scan.name, key=f"scan {file.id}", file_id=file.id)
    return file


def copy_to_draft(session: Session, file: StoredFile, draft_id: int, field: str) -> StoredFile:
    """Store a file once more, for a question of another draft: what was given once lies with everybody who asked for it.

    What the scanner said holds for the copy too; while it has not said anything, the copy waits for it as well.
    """
    copy = StoredFile(
        public_id=secrets.token_urlsafe(16),
        draft_id=draft_id,
        field=field,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        position=file.position,
        sha256=file.sha256,
        scan=file.scan,
        scanned_at=file.scanned_at,
        uploaded_at=file.uploaded_at,
    )
    session.add(copy)
    session.flush()
    city, (content, thumbnail) = city_of(session), read_with_thumbnail(session, file.id)
    sealed = seal(city, content, content_context(copy.id))
    small = thumbnail and seal(city, thumbnail, thumbnail_context(copy.id))
    session.execute(insert(FileContent).values(file_id=copy.id, sealed=sealed, thumbnail=small))
    if copy.scan == "waiting":
        enqueue(session, scan.name, key=f"scan {copy.id}", file_id=copy.id)
    return copy


def put_in_order(session: Session, files: Sequence[StoredFile]) -> None:
    """Let the files of a question lie in this order."""
    for position, file in enumerate(files, start=1):
        file.position = position
    session.flush()


def remove(session: Session, draft_id: int, public_id: str) -> StoredFile:
    """Remove a file with its content from a draft; return what it was. Raises NotFound."""
    file = file_of_draft(session, draft_id, public_id)
    session.execute(delete(StoredFile).where(StoredFile.id == file.id))
    session.expunge(file)
    return file


def attach_to_case(session: Session, public_ids: Collection[str], draft_id: int, case_id: int) -> int:
    """Attach files of a draft to its case, in one statement; return how many.

    Raises Conflict when one does not exist any more, and Invalid when the scanner has refused one meanwhile.
    """
    if not public_ids:
        return 0
    refuse_harmful(session.scalars(select(StoredFile).where(*unsent(draft_id), StoredFile.public_id.in_(public_ids))))
    statement = update(StoredFile).where(*unsent(draft_id), StoredFile.public_id.in_(public_ids))
    count = len(session.scalars(statement.values(draft_id=None, case_id=case_id).returning(StoredFile.id)).all())
    if count != len(set(public_ids)):
        raise Conflict("添付したファイルが見つかりません。もう一度ファイルを選んでください。")
    return count
