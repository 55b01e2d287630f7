"""Files that residents choose: each is judged, counted against what its question takes, and kept at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from flask import current_app, request
from werkzeug.datastructures import FileStorage

from forms.fields.rendering import FieldPage, FileLinks
from forms.text.messages import message
from portal import files
from portal.core.errors import DomainError, Invalid, Unavailable
from portal.core.text import _, current_language
from portal.files import StoredFile
from portal.residents import quotas
from portal.residents.application import Application
from portal.residents.file_slots import FileSlot

_STATUS: dict[type[DomainError], int] = {files.Busy: 503, Unavailable: 503, quotas.OverQuota: 429}


@dataclass
class Taking:
    """What became of the files sent with a page: sentences for those that could not be kept, by question, and the status of the
    answer that shows them.
    """

    refused: dict[str, list[str]] = field(default_factory=dict)
    status: int = 422

    def refuse(self, slot: FileSlot, sentence: str) -> None:
        """Say of one question what could not be done."""
        self.refused.setdefault(slot.path, []).append(sentence)


@dataclass(frozen=True)
class Kept:
    """A file that is in; `again` when the same content was in before."""

    file: StoredFile
    again: bool

    @property
    def sentence(self) -> str:
        """What to tell the applicant."""
        return message("file_known" if self.again else "file_added", current_language(), name=self.file.name)


def take_all(application: Application, slot: FileSlot, taking: Taking) -> list[str]:
    """Store the files that a page brought for one question, and return their ids. The draft or case must be locked."""
    taken = []
    for upload in request.files.getlist(f"{slot.path}.upload"):
        if not upload.filename:
            continue
        try:
            taken.append(take(application, slot, upload, lock=lambda: application).file.public_id)
        except DomainError as fault:
            taking.refuse(slot, _sentence(slot, upload, fault))
            taking.status = _STATUS.get(type(fault), taking.status)
    return taken


def take(application: Application, slot: FileSlot, upload: FileStorage, *, lock: Callable[[], Application]) -> Kept:
    """Store one file. `lock` is called when the file was judged, which takes a while: it locks what the file belongs to, and returns
    that as it is then.

    Raises Invalid in words under the question's id, Conflict where no file can be added, Busy, and OverQuota; nothing is stored then.
    """
    session, question = application.session, slot.question
    quotas.before_upload(session, _size(upload))
    rules = files.FileRules(media_types=frozenset(question.media_types), max_bytes=question.max_mb * 1_000_000)
    accepted = files.inspect_upload(
        slot.path, files.Upload(upload.filename or "", cast(BinaryIO, upload.stream)), rules
    )
    locked = lock()
    others = locked.current_files_of(slot)
    same = files.same_file(others, accepted)
    if same is not None:
        return Kept(same, again=True)
    if len(others) >= question.max:
        sentence = message(f"{question.counted_as}_full", current_language(), name=accepted.name, max=question.max)
        raise Invalid(sentence, {slot.path: sentence})
    stored = locked.store(slot, accepted, others)
    locked.forget_files()
    return Kept(stored, again=False)


def sent_file() -> FileStorage:
    """The one file that a script sent. Raises Invalid without one."""
    upload = request.files.get("upload")
    if upload is None:
        raise Invalid(_("ファイルの中身がありません。もう一度選んでください。"))
    return upload


def pressed_to_remove() -> list[tuple[str, str]]:
    """Question and file of the buttons that take a file out (`remove-file=photos:id`)."""
    return [
        (field_id, file_id)
        for field_id, _colon, file_id in (text.partition(":") for text in request.form.getlist("remove-file"))
    ]


def of_removed_rows() -> list[str]:
    """The ids of files whose row a script has taken out of the page."""
    return request.form.getlist("removed-file")


def removed_sentence(removed: StoredFile | None) -> str:
    """What to tell the applicant when a file was taken out; nothing when there was none."""
    return message("file_removed", current_language(), name=removed.name) if removed else ""


def answer(slot: FileSlot, stored: Sequence[StoredFile], links: FileLinks, sentence: str) -> dict[str, str]:
    """What a script shows after a change: the list as it is now, and a sentence about it."""
    page = FieldPage(
        language=current_language(),
        files={file.public_id: cast(Any, files.reference(file)) for file in stored},
        file_links=links,
        environment=current_app.jinja_env,
    )
    inputs = {"files": [file.public_id for file in stored]}
    return {
        "list": str(page.file_list(slot.question, slot.path, inputs)),
        "status": f"{sentence} {page.progress(slot.question, inputs).striptags()}",
    }


def _size(upload: FileStorage) -> int:
    end = upload.stream.seek(0, 2)
    upload.stream.seek(0)
    return end


def _sentence(slot: FileSlot, upload: FileStorage, fault: DomainError) -> str:
    if isinstance(fault, Invalid):
        return fault.fields.get(slot.path, fault.message)
    return _("「{name}」:{sentence}", name=files.clean_name(upload.filename or ""), sentence=fault.message)
