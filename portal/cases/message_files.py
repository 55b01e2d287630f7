"""Files that go with messages, either way: inspected before anything is locked, sealed and scanned like all others, with the message that brings them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case, CaseMessage
from portal.core.errors import Invalid
from portal.core.text import _
from portal.files import Accepted, StoredFile, Upload, inspect_upload, store_with_case

FIELD = "files"
MAX_FILES = 5
_SLOT = "message-"


def inspect_files(uploads: Sequence[Upload]) -> list[Accepted]:
    """The files of a message, inspected and cleaned; nothing is stored. No row should be locked meanwhile.

    Raises Invalid, at `FIELD`, for too many and for one that is not accepted, and Busy.
    """
    if len(uploads) > MAX_FILES:
        sentence = _("添付できるファイルは{count}個までです。", count=MAX_FILES)
        raise Invalid(sentence, {FIELD: sentence})
    return [inspect_upload(FIELD, upload) for upload in uploads]


def attach_files(session: Session, case: Case, message: CaseMessage, accepted: Iterable[Accepted]) -> None:
    """Store the files of a message, to wait for the scanner."""
    stored: list[StoredFile] = []
    for file in accepted:
        stored.append(store_with_case(session, case.id, f"{_SLOT}{message.id}", file, stored))


def is_of_message(file: StoredFile) -> bool:
    """Whether a file of a case came with a message."""
    return file.field.startswith(_SLOT)


def files_by_message(files: Iterable[StoredFile]) -> dict[int, list[StoredFile]]:
    """Of the files of a case those that came with messages, by the message's id."""
    of_messages: dict[int, list[StoredFile]] = {}
    for file in files:
        if is_of_message(file):
            of_messages.setdefault(int(file.field.removeprefix(_SLOT)), []).append(file)
    return of_messages


def came_from_office(session: Session, file: StoredFile) -> bool:
    """Whether the office sent a file of a case with a message: its applicant gets it once it was found clean."""
    if not is_of_message(file):
        return False
    sender = select(CaseMessage.sender).where(CaseMessage.id == int(file.field.removeprefix(_SLOT)))
    return session.scalar(sender) == "staff"
