"""A page of the form as it was sent: read against the definition, files taken in, buttons for rows and files understood."""

from collections.abc import Mapping
from functools import partial

from flask import request

from forms import Step, StepReading, read_step
from forms.fields.file import Files
from forms.text.messages import message
from portal import files
from portal.core.clock import today
from portal.core.errors import NotFound
from portal.core.tenancy import current_city
from portal.core.text import current_language
from portal.files.models import StoredFile
from portal.residents import uploads
from portal.residents.application import Application
from portal.residents.uploads import Taking

_BUTTONS = {"add-row": "add", "remove-row": "remove"}


def posted() -> dict[str, list[str]]:
    """The posted texts; the buttons `add-row=items` and `remove-row=items.2` as the library reads them."""
    form = {name: request.form.getlist(name) for name in request.form}
    for button, action in _BUTTONS.items():
        for group in form.pop(button, []):
            form[f"{group}.{action}"] = ["1"]
    return form


def on_page() -> frozenset[str]:
    """The conditional questions that the page showed."""
    return frozenset(request.form.getlist("shown-questions"))


def groups_to_extend() -> frozenset[str]:
    """The groups for which another row was asked."""
    return frozenset(request.form.getlist("add-row"))


def stays_for_files() -> bool:
    """Whether a button was pressed that adds what was chosen or takes a file out, and nothing else."""
    return "add-file" in request.form or "remove-file" in request.form


def read(application: Application, step: Step, form: Mapping[str, list[str]]) -> StepReading:
    """What a page's texts say, together with all answers so far. Its files are those that were kept as they were chosen,
    whatever a page that was opened earlier, or on another device, still names.
    """
    kept = {f"{asked.id}.files": ids for asked, ids in _stored(application, step)}
    return read_step(
        application.definition,
        step.id,
        dict(form) | kept,
        application.answers,
        application.draft.facts,
        today=today(),
        language=current_language(),
        typed=application.typed,
        on_page=on_page(),
        files=application.files,
        city=current_city(),
    )


def take_files(application: Application, step: Step, form: Mapping[str, list[str]]) -> Taking:
    """Take out what a button says, and store the files that were sent with a page. The draft must be locked."""
    taking = Taking()
    removed = _take_out(application, step)
    for asked, ids in _stored(application, step):
        named = {file_id for file_id in form.get(f"{asked.id}.files", []) if file_id} - removed
        if named - set(ids):
            taking.refuse(asked, message("file_gone", current_language()))
        uploads.take_all(
            application.session, application.draft.id, asked, taking, there=partial(files_of, application, asked)
        )
    application.forget_files()
    return taking


def _take_out(application: Application, step: Step) -> set[str]:
    """Remove the files whose button was pressed; pressing twice is no fault."""
    removed = set()
    for field_id, file_id in uploads.pressed_to_remove():
        stored = next((file for file in application.stored_files if file.public_id == file_id), None)
        if stored is not None and stored.field == field_id and field_id in {asked.id for asked in step.fields}:
            files.remove(application.session, application.draft.id, file_id)
        removed.add(file_id)
    application.forget_files()
    return removed


def file_question(step: Step, field_id: str) -> Files:
    """A question of the page that takes files. Raises NotFound."""
    for asked in step.fields:
        if isinstance(asked, Files) and asked.id == field_id:
            return asked
    raise NotFound


def files_of(application: Application, asked: Files) -> list[StoredFile]:
    """The files that are kept for a question, read again: others may have been added meanwhile."""
    application.forget_files()
    return [file for file in application.stored_files if file.field == asked.id]


def _stored(application: Application, step: Step) -> list[tuple[Files, list[str]]]:
    """The questions of the page that take files, and which are kept for each."""
    return [
        (asked, [file.public_id for file in application.stored_files if file.field == asked.id])
        for asked in step.fields
        if isinstance(asked, Files)
    ]
