"""The list of rows that have pages of their own, as its page is sent: a row opened, added, or about to be taken out."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, request
from werkzeug.wrappers import Response

from forms import Step, StepReading
from forms.fields import GroupField
from forms.fields.path import FieldPath, head_of
from portal.core.text import _
from portal.residents.answers import row_title
from portal.residents.draft_application import DraftApplication
from portal.residents.form_submission import kept_to_review, posted, read
from portal.residents.own_rows import OwnRow, row_of

OPEN, ADD, REMOVE, RESTORE = "row-page-open", "row-page-add", "row-page-remove", "row-page-restore"

Errors = dict[str, list[str]]


@dataclass(frozen=True)
class GoneRow:
    """That a row is not there any more, in words, with its group and what was just written into it, by the names of inputs."""

    sentence: str
    group_id: str = ""
    inputs: Sequence[tuple[str, str]] = ()


def to_row_page(application: DraftApplication, step: Step) -> Response | None:
    """Where a button of the list leads; None where none was pressed. The draft is locked, and the page was kept."""
    for group in application.row_groups(step):
        if request.form.get(ADD) == group.id and (own := added_row(application, step, group)) is not None:
            return redirect(application.row_address(step, group, own.key), 303)
        if request.form.get(RESTORE) == group.id and (own := added_row(application, step, group)) is not None:
            _write(application, step, own)
            return redirect(application.row_address(step, group, own.key), 303)
    for button in (OPEN, REMOVE):
        group_id, _dot, key = request.form.get(button, "").rpartition(".")
        if group_id:
            row = row_of(application, step, group_id, int(key)) if key.isdecimal() else None
            if row is None:  # taken out on another page meanwhile
                return redirect(kept_to_review(application.address(step)), 303)
            address = application.row_address(step, row.group, row.key)
            return redirect(kept_to_review(f"{address}/remove" if button == REMOVE else address), 303)
    return None


def added_row(application: DraftApplication, step: Step, group: GroupField) -> OwnRow | None:
    """A new, empty row behind the others; None where there are as many as there may be. The draft is locked."""
    most = application.outcome.row_limits.get(group.id, (group.least, group.most))[1]
    if len(application.row_keys(group)) >= most:
        return None
    key = application.new_row(step, group)
    return OwnRow(group, key, tuple(application.row_keys(group)))


def remove_row(application: DraftApplication, step: Step, own: OwnRow) -> None:
    """Take out a row with everything in it. The draft is locked."""
    filled = application.filled_rows(own.group)
    form = application.saved_form(step)
    gone = application.file_slots_of(step, {name: texts for name, texts in form.items() if own.holds(name)})
    for slot in gone:
        for file_id in form.get(f"{slot.path}.files", []) if slot.in_row else []:
            application.take_out(slot, file_id)
    form[f"{own.path}.remove"] = ["1"]
    application.keep(step, read(application, step, form))
    application.forget_row(own.group, filled, own.key)


def faults_of_lists(lists: Sequence[tuple[GroupField, int]], reading: StepReading, faults: Errors) -> Errors:
    """What must be corrected on the page: of a row that it only lists, that it is not finished. `lists`: how many rows there are of which group."""
    groups = {group.id: group for group, _count in lists}
    errors: Errors = {}
    for path, sentences in faults.items():
        group, row = groups.get(head_of(path)), FieldPath.parse(path).row
        if group is None or row is None:
            errors[path] = sentences
        else:
            errors[f"{group.id}.{row}"] = [
                _("「{row}」に、直すところがあります。ページを開いて、確かめてください。", row=row_title(group, row))
            ]
    for group, count in lists:
        for number in range(count):
            if number not in reading.rows.get(group.id, ()):
                errors[f"{group.id}.{number}"] = [empty_row(group, number)]
    return errors


def empty_row(group: GroupField, number: int) -> str:
    """What to do about a row into which nothing was written."""
    return _("「{row}」は、まだ何も書いてありません。書くか、消してください。", row=row_title(group, number))


def _write(application: DraftApplication, step: Step, own: OwnRow) -> None:
    """Write into a new row what stood on the page of one that was taken out meanwhile."""
    form = application.saved_form(step)
    lost = {name.removeprefix("lost-"): texts for name, texts in posted().items() if name.startswith("lost-")}
    form |= {f"{own.path}.{name}": texts for name, texts in lost.items()}
    application.keep(step, read(application, step, form))


def lost_inputs(group_id: str) -> list[tuple[str, str]]:
    """What the page of a row that is gone had in it, to be written into a new one."""
    return [
        (f"lost-{at.in_row}", text)
        for name, texts in posted().items()
        if (at := FieldPath.parse(name)).head == group_id and at.row is not None and not name.endswith(".files")
        for text in texts
        if text.strip()
    ]
