"""Files that residents choose: each is judged, counted against what its question takes, and kept at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from flask import current_app, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from forms.fields.file_links import FileLinks
from forms.fields.rendering import FieldPage
from forms.text.messages import message
from forms.text.ruby import ruby
from portal import files
from portal.cases.messages import MAX_FILES, inspect_files
from portal.core.errors import DomainError, Invalid, Unavailable
from portal.core.forms import UploadsField
from portal.core.text import _, current_language
from portal.files import Accepted, StoredFile
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
    replaced: StoredFile | None = None

    @property
    def sentence(self) -> str:
        """What to tell the applicant."""
        if self.replaced is not None:
            return message("file_replaced", current_language(), name=self.file.name, earlier=self.replaced.name)
        return message("file_known" if self.again else "file_added", current_language(), name=self.file.name)


def take_all(application: Application, slot: FileSlot, taking: Taking) -> list[str]:
    """Store the files that a page brought for one question, and return their ids. The draft or case must be locked."""
    taken = []
    for earlier, upload in _sent_for(slot):
        try:
            kept = take(application, slot, upload, lock=lambda: application, instead_of=earlier)
            taken.append(kept.file.public_id)
        except DomainError as fault:
            taking.refuse(slot, _sentence(slot, upload, fault))
            taking.status = _STATUS.get(type(fault), taking.status)
    return taken


def _sent_for(slot: FileSlot) -> Iterator[tuple[str | None, FileStorage]]:
    """The files that a page brought for one question, each with the id of the one that it takes the place of, if it does."""
    replacing = f"{slot.path}.replace."
    for name, upload in request.files.items(multi=True):
        if upload.filename and name == f"{slot.path}.upload":
            yield None, upload
        elif upload.filename and name.startswith(replacing):
            yield name.removeprefix(replacing), upload


def take(
    application: Application,
    slot: FileSlot,
    upload: FileStorage,
    *,
    lock: Callable[[], Application],
    instead_of: str | None = None,
) -> Kept:
    """Store one file. `lock` is called when the file was judged, which takes a while: it locks what the file belongs to, and returns
    that as it is then. `instead_of` is the id of a file whose place it takes.

    Raises Invalid in words under the question's id, Conflict where no file can be added, Busy, and OverQuota; nothing is stored then.
    """
    question, accepted = slot.question, judged(application.session, slot, upload)
    locked = lock()
    others = locked.current_files_of(slot)
    same = files.same_file(others, accepted)
    if same is not None:
        return Kept(same, again=True)
    leaves = any(file.public_id == instead_of for file in others)
    if len(others) - leaves >= question.max:
        sentence = message(f"{question.counted_as}_full", current_language(), name=accepted.name, max=question.max)
        raise Invalid(sentence, {slot.path: sentence})
    stored = locked.store(slot, accepted, others)
    locked.forget_files()
    return Kept(stored, again=False, replaced=locked.put_in_place_of(slot, instead_of, stored) if instead_of else None)


def judged(session: Session, slot: FileSlot, upload: FileStorage) -> Accepted:
    """A file that was sent, counted and judged by what its question takes. Raises Invalid, Busy and OverQuota."""
    quotas.before_upload(session, _size(upload))
    question = slot.question
    rules = files.FileRules(media_types=frozenset(question.media_types), max_bytes=question.max_mb * 1_000_000)
    return files.inspect_upload(slot.path, files.Upload(upload.filename or "", cast(BinaryIO, upload.stream)), rules)


def chosen_files(field: UploadsField) -> list[files.Upload]:
    """The files that were chosen in a field of a fixed screen."""
    return [files.Upload(file.filename or "", cast(BinaryIO, file.stream)) for file in field.chosen]


def judged_with_message(session: Session, field: UploadsField) -> list[Accepted]:
    """The files of a visitor's message, counted, inspected and cleaned; nothing is stored. Raises Invalid, Busy and OverQuota."""
    for file in field.chosen[:MAX_FILES]:
        quotas.before_upload(session, _size(file))
    return inspect_files(chosen_files(field))


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


def pressed_to_move() -> list[tuple[str, str, int]]:
    """Question, file and way of the buttons that move a file in its list (`move-file=photos:id:-1`)."""
    pressed = (text.rpartition(":") for text in request.form.getlist("move-file"))
    return [
        (field_id, file_id, int(by))
        for which, _colon, by in pressed
        for field_id, _colon, file_id in [which.partition(":")]
        if by in ("-1", "1")
    ]


def sent_move() -> tuple[str, int]:
    """The file that a script moves, and which way. Raises Invalid for anything else."""
    by = request.form.get("by", "")
    if by not in ("-1", "1"):
        raise Invalid(_("ファイルを動かせませんでした。ページを読み込み直して、もう一度お試しください。"))
    return request.form.get("file", ""), int(by)


def named_files(path: str) -> list[str]:
    """The ids of the files that a page names for a question."""
    return request.form.getlist(f"{path}.files")


def moved_sentence(moved: tuple[StoredFile, int] | None) -> str:
    """What to tell the applicant when a file was moved to a place; nothing when it stayed where it was."""
    return message("file_moved", current_language(), name=moved[0].name, place=moved[1]) if moved else ""


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
        "status": str(ruby(sentence) + " " + page.progress(slot.question, inputs)),
    }


def _size(upload: FileStorage) -> int:
    end = upload.stream.seek(0, 2)
    upload.stream.seek(0)
    return end


def _sentence(slot: FileSlot, upload: FileStorage, fault: DomainError) -> str:
    if isinstance(fault, Invalid):
        return fault.fields.get(slot.path, fault.message)
    return _("「{name}」：{sentence}", name=files.clean_name(upload.filename or ""), sentence=fault.message)
