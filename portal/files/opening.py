"""Opening uploaded files. Staff get nothing that the scanner has not found clean; applicants may always see their own upload."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of
from portal.core.errors import Conflict, NotFound
from portal.core.text import _
from portal.files.kinds import FileRejected
from portal.files.models import FileContent, StoredFile
from portal.files.pictures import thumbnail_of

_NOT_SCANNED = {
    "waiting": "ウイルス検査が終わるまで、このファイルは開けません。しばらくしてから、もう一度お試しください。",
    "failed": "ウイルス検査ができなかったため、このファイルは開けません。申請した方に、別のファイルを送ってもらってください。",
}


def open_for_staff(session: Session, file: StoredFile) -> bytes:
    """Return the content, once the scanner found it clean. Raises Conflict before that, and permanently when it is infected."""
    _refuse_infected(file)
    if file.scan != "clean":
        raise Conflict(_NOT_SCANNED[file.scan])
    return read_content(session, file.id)


def open_for_applicant(session: Session, file: StoredFile) -> bytes:
    """Return the content for the person who uploaded it, scanned or not. Raises Conflict when it is infected."""
    _refuse_infected(file)
    return read_content(session, file.id)


def open_from_office(session: Session, file: StoredFile) -> bytes:
    """Return the content for an applicant to whom the office sent it, once it was found clean. Raises Conflict before, and when it is infected."""
    _refuse_infected(file)
    if file.scan != "clean":
        raise Conflict(_("このファイルは、ウイルス検査が終わると開けます。しばらくしてから、もう一度お試しください。"))
    return read_content(session, file.id)


def thumbnail_for_applicant(session: Session, file: StoredFile) -> bytes:
    """Return a thumbnail, a JPEG, of a picture for the person who uploaded it; a missing one is made now, and stored.

    Raises NotFound for what is not a picture, Conflict when it is infected, and Busy.
    """
    _refuse_infected(file)
    if not file.media_type.startswith("image/"):
        raise NotFound("このファイルは見つかりません。")
    city, context = city_of(session), thumbnail_context(file.id)
    sealed = session.scalar(select(FileContent.thumbnail).where(FileContent.file_id == file.id))
    if sealed is not None:
        return open_sealed(city, sealed, context)
    try:
        thumbnail = thumbnail_of(read_content(session, file.id), file.media_type)
    except FileRejected as error:
        raise NotFound("このファイルは見つかりません。") from error
    statement = update(FileContent).where(FileContent.file_id == file.id)
    session.execute(statement.values(thumbnail=seal(city, thumbnail, context)))
    return thumbnail


def _refuse_infected(file: StoredFile) -> None:
    if file.scan == "infected":
        raise Conflict("ウイルスが見つかったため、このファイルは開けません。")


def read_content(session: Session, file_id: int) -> bytes:
    """Return the bytes as they were stored. Raises NotFound when they were deleted."""
    sealed = session.scalar(select(FileContent.sealed).where(FileContent.file_id == file_id))
    if sealed is None:
        raise NotFound("このファイルは見つかりません。")
    return open_sealed(city_of(session), sealed, content_context(file_id))


def read_with_thumbnail(session: Session, file_id: int) -> tuple[bytes, bytes | None]:
    """Return the bytes, and those of the small picture where there is one. Raises NotFound when they were deleted."""
    row = session.execute(
        select(FileContent.sealed, FileContent.thumbnail).where(FileContent.file_id == file_id)
    ).first()
    if row is None:
        raise NotFound("このファイルは見つかりません。")
    city = city_of(session)
    small = row.thumbnail and open_sealed(city, row.thumbnail, thumbnail_context(file_id))
    return open_sealed(city, row.sealed, content_context(file_id)), small


def content_context(file_id: int) -> bytes:
    """Return what encrypted content is bound to: it can only be decrypted as this file."""
    return f"file {file_id}".encode()


def thumbnail_context(file_id: int) -> bytes:
    """Return what an encrypted thumbnail is bound to."""
    return f"small {file_id}".encode()
