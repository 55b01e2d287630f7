"""A page of the form as it was sent: read against the definition, files taken in, buttons for rows and files understood."""

from collections.abc import Iterable

from flask import request

from forms import Step, StepReading
from forms.fields import GroupField
from forms.text.messages import message
from portal import files
from portal.core.errors import NotFound
from portal.core.text import current_language
from portal.residents import uploads
from portal.residents.application import Application
from portal.residents.file_slots import FileSlot, Form, slot_at
from portal.residents.postal_codes import with_areas
from portal.residents.uploads import Taking

#: Stands before the path of a question in the name of the input in which options are looked for.
_FIND = "find-"
_PLACED = ("geometry", "found", "lat", "coordinates")
#: What a form brings from a browser that runs no script.
_WITHOUT_SCRIPT = "without-script"
#: In the address of a page that was opened to change an answer on the review, and in its form.
_TO_REVIEW = "to-review"
#: In the address of a page that shows what must be corrected in what was saved of it.
_CHECKED = "checked"
_BUTTONS = {"add-row": "add", "remove-row": "remove", "copy-row": "copy"}


def posted() -> dict[str, list[str]]:
    """The posted texts; the buttons `add-row=items` and `remove-row=items.2` as the library reads them.

    An address of which the postal code alone is written has what that says of it.
    """
    form = {name: request.form.getlist(name) for name in request.form}
    for button, action in _BUTTONS.items():
        for group in form.pop(button, []):
            form[f"{group}.{action}"] = ["1"]
    return with_areas(form)


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
    return "find-options" in request.form or any(not _is_answered(path) for path in searches())


def _is_answered(path: str) -> bool:
    """Whether something was chosen at a question, or a place given, as its inputs stand."""
    return bool(request.form.getlist(path)) or any(request.form.get(f"{path}.{part}") for part in _PLACED)


def stays_on_page() -> bool:
    """Whether a button was pressed that adds what was chosen, takes a file out, moves one or opens a row, and nothing else."""
    return not {"add-file", "remove-file", "move-file", "open-row"}.isdisjoint(request.form)


def needs_own_address() -> bool:
    """Whether a refused page is led to an address of its own, because the browser runs no script. One that does gives it one (history.js); any
    other would ask on the way back whether to send the form a second time. What was found for words on the page is not saved, so it stays.
    """
    return _WITHOUT_SCRIPT in request.form and not searches()


def refused_address(page: str) -> str:
    """The address at which a page shows again what was typed, with what must be corrected."""
    return kept_to_review(f"{page}?{_CHECKED}=1")


def goes_to_review() -> bool:
    """Whether the page was opened to change an answer on the review, and leads back there once it is saved."""
    return _TO_REVIEW in request.values


def then_to_review(page: str) -> str:
    """The address of a page that leads back to the review once it is saved."""
    before, mark, fragment = page.partition("#")
    return f"{before}{'&' if '?' in before else '?'}{_TO_REVIEW}=1{mark}{fragment}"


def kept_to_review(page: str) -> str:
    """The address of another page of a form, which leads back to the review if this one does."""
    return then_to_review(page) if goes_to_review() else page


def is_refused_address() -> bool:
    """Whether the page was asked for by that address."""
    return _CHECKED in request.args


def read_saved(application: Application, step: Step) -> StepReading:
    """What was saved of a page, read as if the page had been sent with all its questions."""
    conditional = frozenset(question.id for question in application.questions_of(step) if question.show_when)
    return application.read(step, application.saved_form(step), on_page=conditional)


def read(application: Application, step: Step, form: Form) -> StepReading:
    """What the texts of the page that was sent say, together with all answers so far."""
    return application.read(step, form, on_page=on_page())


def take_files(application: Application, slots: Iterable[FileSlot], form: dict[str, list[str]]) -> Taking:
    """Take out or move the files whose button was pressed, and store those that were sent with a page. The row that owns them is locked.

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
        for field_id, file_id, by in uploads.pressed_to_move():
            if field_id == slot.path:
                application.move_file(slot, file_id, by, sorted(named))
        taken = uploads.take_all(application, slot, taking)
        if slot.in_row and (name in form or taken):
            form[name] = [*form.get(name, []), *taken]
    application.forget_files()
    for slot in slots:
        for file in application.files_of(slot):
            if refused := files.refusal(file):
                taking.refuse(slot, refused)
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
