"""A page of the form as it was sent: read against the definition, files taken in, buttons for rows and files understood."""

from collections.abc import Iterable

from flask import request

from forms import Step, StepReading
from forms.fields.file import Files
from forms.text.messages import message
from portal.core.errors import NotFound
from portal.core.text import current_language
from portal.residents import uploads
from portal.residents.application import Application, Form
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


def read(application: Application, step: Step, form: Form) -> StepReading:
    """What the texts of the page that was sent say, together with all answers so far."""
    return application.read(step, form, on_page=on_page())


def take_files(application: Application, questions: Iterable[Files], form: Form) -> Taking:
    """Take out the files whose button was pressed, and store those that were sent with a page. The row that owns them is locked."""
    taking, pressed = Taking(), uploads.pressed_to_remove()
    for question in questions:
        removed = {file_id for field_id, file_id in pressed if field_id == question.id}
        named = {file_id for file_id in form.get(f"{question.id}.files", []) if file_id} - removed
        if named - {file.public_id for file in application.current_files_of(question)}:
            taking.refuse(question, message("file_gone", current_language()))
        for file_id in removed:
            application.take_out(question, file_id)
        uploads.take_all(application, question, taking)
    application.forget_files()
    return taking


def file_question(application: Application, step: Step, field_id: str) -> Files:
    """A question of the page that takes files. Raises NotFound."""
    for question in application.file_questions_of(step):
        if question.id == field_id:
            return question
    raise NotFound
