"""A page of the form as it was sent: read against the definition, files taken in, buttons for rows and files understood."""

from collections.abc import Iterable

from flask import request

from forms import Step, StepReading
from forms.fields import GroupField
from forms.text.messages import message
from portal.core.errors import NotFound
from portal.core.text import current_language
from portal.residents import uploads
from portal.residents.application import Application
from portal.residents.file_slots import FileSlot, Form, slot_at
from portal.residents.uploads import Taking

#: Stands before the path of a question in the name of the input in which options are looked for.
_FIND = "find-"
_BUTTONS = {"add-row": "add", "remove-row": "remove", "copy-row": "copy"}


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


def open_rows() -> frozenset[str]:
    """The rows that the page showed open, and the one that was asked for."""
    return frozenset(request.form.getlist("open-rows") + request.form.getlist("open-row"))


def table_asked_for(step: Step) -> GroupField | None:
    """The group of the page that is to be filled in from a table."""
    asked_for = request.form.get("table-rows")
    return next((group for group in step.fields if isinstance(group, GroupField) and group.id == asked_for), None)


def searches() -> dict[str, str]:
    """What was typed to look for options, by the path of the question."""
    typed = {name.removeprefix(_FIND): request.form[name].strip() for name in request.form if name.startswith(_FIND)}
    return {path: text for path, text in typed.items() if text and path not in ("options", "")}


def stays_to_search() -> bool:
    """Whether the page was sent to look for options: by the button, or with words typed where nothing was chosen."""
    return "find-options" in request.form or any(not request.form.getlist(path) for path in searches())


def stays_on_page() -> bool:
    """Whether a button was pressed that adds what was chosen, takes a file out or opens a row, and nothing else."""
    return not {"add-file", "remove-file", "open-row"}.isdisjoint(request.form)


def read(application: Application, step: Step, form: Form) -> StepReading:
    """What the texts of the page that was sent say, together with all answers so far."""
    return application.read(step, form, on_page=on_page())


def take_files(application: Application, slots: Iterable[FileSlot], form: dict[str, list[str]]) -> Taking:
    """Take out the files whose button was pressed, and store those that were sent with a page. The row that owns them is locked.

    The form names what it brought to its rows from then on.
    """
    taking, pressed = Taking(), uploads.pressed_to_remove()
    take_out_removed_rows(application, slots := list(slots), form)
    for slot in slots:
        name = f"{slot.path}.files"
        removed = {file_id for field_id, file_id in pressed if field_id == slot.path}
        named = {file_id for file_id in form.get(name, []) if file_id} - removed
        application.forget_files()
        if named - {file.public_id for file in application.files_of_question(slot)}:
            taking.refuse(slot, message("file_gone", current_language()))
        for file_id in removed:
            application.take_out(slot, file_id)
        taken = uploads.take_all(application, slot, taking)
        if slot.in_row and (name in form or taken):
            form[name] = [*form.get(name, []), *taken]
    application.forget_files()
    return taking


def take_out_removed_rows(application: Application, slots: Iterable[FileSlot], form: dict[str, list[str]]) -> None:
    """A row that is taken out takes its files along. The row that owns them is locked."""
    by_script = set(uploads.of_removed_rows())
    for slot in slots:
        if not slot.in_row:
            continue
        name = f"{slot.path}.files"
        gone = form.pop(name, []) if any(f"{row}.remove" in form for row in slot.rows) else []
        for file_id in {*gone, *by_script}:
            application.take_out(slot, file_id)


def file_slot(application: Application, step: Step, path: str) -> FileSlot:
    """A place of the page that takes files. Raises NotFound."""
    slot = slot_at(application.questions_of(step), path)
    if slot is None:
        raise NotFound
    return slot
