"""Opening what was handed in. Staff get nothing that the scanner has not called clean; applicants may always see their own upload."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of
from portal.core.errors import Conflict, NotFound
from portal.files.kinds import NotAccepted
from portal.files.models import FileContent, StoredFile
from portal.files.pictures import thumbnail_of

_CLOSED = {
    "waiting": "ウイルス検査が終わるまで、このファイルは開けません。しばらくしてから、もう一度お試しください。",
    "failed": "ウイルス検査ができなかったため、このファイルは開けません。申請した方に、別のファイルを送ってもらってください。",
}


def open_for_staff(session: Session, file: StoredFile) -> bytes:
    """The content, once the scanner called it clean. Raises Conflict before that, and permanently when it is infected."""
    _refuse_infected(file)
    if file.scan != "clean":
        raise Conflict(_CLOSED[file.scan])
    return content_of(session, file.id)


def open_for_applicant(session: Session, file: StoredFile) -> bytes:
    """The content for the person who uploaded it, scanned or not. Raises Conflict when it is infected."""
    _refuse_infected(file)
    return content_of(session, file.id)


def thumbnail_for_applicant(session: Session, file: StoredFile) -> bytes:
    """A small JPEG of a picture for the person who uploaded it; of a picture that came without one it is made now, and kept.

    Raises NotFound for what is no picture, Conflict when it is infected, and Busy.
    """
    _refuse_infected(file)
    if not file.media_type.startswith("image/"):
        raise NotFound("このファイルは見つかりません。")
    city, context = city_of(session), thumbnail_context(file.id)
    sealed = session.scalar(select(FileContent.thumbnail).where(FileContent.file_id == file.id))
    if sealed is not None:
        return open_sealed(city, sealed, context)
    try:
        small = thumbnail_of(content_of(session, file.id), file.media_type)
    except NotAccepted as error:
        raise NotFound("このファイルは見つかりません。") from error
    kept = update(FileContent).where(FileContent.file_id == file.id)
    session.execute(kept.values(thumbnail=seal(city, small, context)))
    return small


def _refuse_infected(file: StoredFile) -> None:
    if file.scan == "infected":
        raise Conflict("ウイルスが見つかったため、このファイルは開けません。")


def content_of(session: Session, file_id: int) -> bytes:
    """The bytes as they were stored. Raises NotFound when they were deleted."""
    sealed = session.scalar(select(FileContent.sealed).where(FileContent.file_id == file_id))
    if sealed is None:
        raise NotFound("このファイルは見つかりません。")
    return open_sealed(city_of(session), sealed, content_context(file_id))


def content_context(file_id: int) -> bytes:
    """What sealed content is bound to: it opens as this file and no other."""
    return f"file {file_id}".encode()


def thumbnail_context(file_id: int) -> bytes:
    """The same for its small picture."""
    return f"small {file_id}".encode()
