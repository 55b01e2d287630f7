"""Files that residents choose: each is judged, counted against what its question takes, and kept at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from flask import current_app, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from forms.fields.file import Files
from forms.fields.rendering import FieldPage, FileLinks
from forms.text.messages import message
from portal import files
from portal.core.errors import DomainError, Invalid, Unavailable
from portal.core.text import _, current_language
from portal.files.models import StoredFile
from portal.residents import quotas

_STATUS: dict[type[DomainError], int] = {files.Busy: 503, Unavailable: 503, quotas.OverQuota: 429}


@dataclass
class Taking:
    """What became of the files sent with a page: sentences for those that could not be kept, by question, and the status of the
    answer that shows them.
    """

    refused: dict[str, list[str]] = field(default_factory=dict)
    status: int = 422

    def refuse(self, asked: Files, sentence: str) -> None:
        """Say of one question what could not be done."""
        self.refused.setdefault(asked.id, []).append(sentence)


@dataclass(frozen=True)
class Kept:
    """A file that is in; `again` when the same content was in before."""

    file: StoredFile
    again: bool

    @property
    def said(self) -> str:
        """What is said of it."""
        return message("file_known" if self.again else "file_added", current_language(), name=self.file.name)


def take_all(
    session: Session, draft_id: int, asked: Files, taking: Taking, *, there: Callable[[], list[StoredFile]]
) -> None:
    """Keep the files that a page brought for one question. The draft or case must be locked; `there` as in `take`."""
    for upload in request.files.getlist(f"{asked.id}.upload"):
        if not upload.filename:
            continue
        try:
            take(session, draft_id, asked, upload, there=there)
        except DomainError as fault:
            taking.refuse(asked, _sentence(asked, upload, fault))
            taking.status = _STATUS.get(type(fault), taking.status)


def take(
    session: Session, draft_id: int, asked: Files, upload: FileStorage, *, there: Callable[[], list[StoredFile]]
) -> Kept:
    """Keep one file. `there` is asked when the file was judged, which takes a while: it locks what the file belongs to, and gives
    the files that its question has then.

    Raises Invalid in words under the question's id, Busy, and OverQuota; nothing is kept then.
    """
    quotas.before_upload(session, _size(upload))
    rules = files.FileRules(media_types=frozenset(asked.media_types), max_bytes=asked.max_mb * 1_000_000)
    accepted = files.judge(asked.id, files.Upload(upload.filename or "", cast(BinaryIO, upload.stream)), rules)
    others = there()
    known = files.same_file(others, accepted)
    if known is not None:
        return Kept(known, again=True)
    if len(others) >= asked.max:
        said = message(f"{asked.counted_as}_full", current_language(), name=accepted.name, max=asked.max)
        raise Invalid(said, {asked.id: said})
    return Kept(files.keep(session, draft_id, asked.id, accepted, others), again=False)


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


def answer(asked: Files, stored: Sequence[StoredFile], links: FileLinks, said: str) -> dict[str, str]:
    """What a script shows after a change: the list as it is now, and what is said of it."""
    page = FieldPage(
        language=current_language(),
        files={file.public_id: cast(Any, files.reference(file)) for file in stored},
        file_links=links,
        environment=current_app.jinja_env,
    )
    inputs = {"files": [file.public_id for file in stored]}
    return {
        "list": str(page.file_list(asked, asked.id, inputs)),
        "status": f"{said} {page.progress(asked, inputs).striptags()}",
    }


def _size(upload: FileStorage) -> int:
    end = upload.stream.seek(0, 2)
    upload.stream.seek(0)
    return end


def _sentence(asked: Files, upload: FileStorage, fault: DomainError) -> str:
    if isinstance(fault, Invalid):
        return fault.fields.get(asked.id, fault.message)
    return _("「{name}」:{sentence}", name=files.clean_name(upload.filename or ""), sentence=fault.message)
