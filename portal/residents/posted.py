"""A page of the form as it was sent: read against the definition, files taken in, buttons for rows understood."""

from collections.abc import Mapping
from typing import BinaryIO, cast

from flask import request
from sqlalchemy.orm import Session

from forms import Step, StepReading, read_step
from forms.fields.file import Files
from portal import files
from portal.core.clock import today
from portal.core.errors import Invalid, Unavailable
from portal.core.tenancy import current_city
from portal.core.text import _, current_language
from portal.residents.application import Application

_BUTTONS = {"add_row": "add", "remove_row": "remove"}


def posted() -> dict[str, list[str]]:
    """The posted texts; the buttons `add_row=items` and `remove_row=items.2` as the library reads them."""
    form = {name: request.form.getlist(name) for name in request.form}
    for button, action in _BUTTONS.items():
        for group in form.pop(button, []):
            form[f"{group}.{action}"] = ["1"]
    return form


def groups_to_extend() -> frozenset[str]:
    """The groups for which another row was asked."""
    return frozenset(request.form.getlist("add_row"))


def read(application: Application, step: Step, form: Mapping[str, list[str]]) -> StepReading:
    """What a page's texts say, together with all answers so far."""
    return read_step(
        application.definition,
        step.id,
        form,
        application.answers,
        application.draft.facts,
        today=today(),
        language=current_language(),
        files=application.files,
        city=current_city(),
    )


def take_files(application: Application, step: Step, form: dict[str, list[str]]) -> dict[str, list[str]]:
    """Store the files sent with a page, throw away those that were unticked, and let the form name what is there.

    Gives back the messages for files that could not be taken, by question.
    """
    refused: dict[str, list[str]] = {}
    for asked in step.fields:
        if isinstance(asked, Files):
            _drop_unticked(application, asked, form)
            sentences = receive(application.session, application.draft.id, asked, form)
            if sentences:
                refused[asked.id] = sentences
    application.forget_files()
    return refused


def _drop_unticked(application: Application, asked: Files, form: Mapping[str, list[str]]) -> None:
    ticked = form.get(f"{asked.id}.files", [])
    for file in application.stored_files:
        if file.field == asked.id and file.public_id not in ticked:
            files.remove(application.session, application.draft.id, file.public_id)


def receive(session: Session, draft_id: int, asked: Files, form: dict[str, list[str]]) -> list[str]:
    """Store what was sent for one question and let the form name it; the messages for what could not be taken."""
    rules = files.FileRules(media_types=frozenset(asked.media_types), max_bytes=asked.max_mb * 1_000_000)
    refused = []
    for upload in request.files.getlist(f"{asked.id}.upload"):
        if not upload.filename:
            continue
        try:
            stored = files.receive(
                session, draft_id, asked.id, files.Upload(upload.filename, cast(BinaryIO, upload.stream)), rules
            )
        except Invalid as fault:
            refused.append(fault.fields.get(asked.id, fault.message))
        except Unavailable as busy:
            refused.append(_("「{name}」:{sentence}", name=files.clean_name(upload.filename), sentence=busy.message))
        else:
            form.setdefault(f"{asked.id}.files", []).append(stored.public_id)
    return refused
