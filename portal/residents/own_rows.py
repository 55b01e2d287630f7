"""Rows with pages of their own, as the pages of an application post them: which row a page is of, and the saved rows around it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import request

from forms import Step
from forms.fields import GroupField
from forms.fields.file_links import FileLinks
from forms.fields.nesting import asks_rows_on_own_pages
from forms.fields.path import FieldPath, head_of
from portal.core.errors import Conflict
from portal.core.text import _
from portal.residents.answers import row_title
from portal.residents.draft_application import DraftApplication
from portal.residents.file_slots import FileSlot
from portal.residents.form_submission import file_slot, posted, read
from portal.residents.questions import Questions

ROW_PAGE = "row-page"
"""What such a page posts: the group and the key of its row (`children.3`)."""


class RowGone(Conflict):
    """The row of a page was taken out on another page."""


@dataclass(frozen=True)
class OwnRow:
    """The row of a page: its group, its key, its number among the `keys` of all rows, from 0."""

    group: GroupField
    key: int
    keys: tuple[int, ...]

    @property
    def number(self) -> int:
        """The number that the row has in the form now."""
        return self.keys.index(self.key)

    @property
    def path(self) -> str:
        """Its path in the form."""
        return f"{self.group.id}.{self.number}"

    @property
    def title(self) -> str:
        """What it is called: 「お子さん 2」."""
        return row_title(self.group, self.number)

    def holds(self, path: str) -> bool:
        """Whether something is at a path in this row."""
        at = FieldPath.parse(path)
        return (at.head == self.group.id and at.row == self.number) or path == self.path


def row_of(application: DraftApplication, step: Step, group_id: str, key: int) -> OwnRow | None:
    """A row by its key; None where the step has no such group, or the group no such row (any more)."""
    for group in application.row_groups(step):
        keys = tuple(application.row_keys(group))
        if group.id == group_id and key in keys:
            return OwnRow(group, key, keys)
    return None


def row_posted(application: DraftApplication, step: Step) -> OwnRow | None:
    """The row whose page was sent; None where it was the page of a step. Raises RowGone."""
    name, _dot, key = request.values.get(ROW_PAGE, "").rpartition(".")
    if not name:
        return None
    row = row_of(application, step, name, int(key)) if key.isdecimal() else None
    if row is None:
        raise RowGone(_("このページの内容は、別の画面で消されました。一覧から、もう一度確かめてください。"))
    return row


def row_after(questions: Questions, own: OwnRow) -> OwnRow | None:
    """The row that comes next on its own page: the one behind this, while that is not finished."""
    if own.number + 1 >= len(own.keys):
        return None
    following = replace(own, key=own.keys[own.number + 1])
    begun = following.number in questions.rows.get(own.group.id, {})
    return following if not begun or following.path in questions.unfinished else None


def posted_page(application: DraftApplication, step: Step) -> dict[str, list[str]]:
    """The posted texts of a page, with the saved ones of the rows that stand on pages of their own. Raises RowGone.

    The page of a row is taken for the row of its key, whatever number that has now.
    """
    form = posted()
    groups = {group.id for group in application.row_groups(step)}
    if not groups:
        return form
    own = row_posted(application, step)
    saved = application.saved_form(step)
    if own is None:
        posted_here = {name: texts for name, texts in form.items() if head_of(name) not in groups}
        return {name: texts for name, texts in saved.items() if head_of(name) in groups} | posted_here
    return {name: texts for name, texts in saved.items() if not own.holds(name)} | in_row(own, form)


def in_row(own: OwnRow, form: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What a form has of one row, at the number that the row has now."""
    return {
        str(FieldPath.parse(own.path) / str(at.in_row)): texts
        for name, texts in form.items()
        if (at := FieldPath.parse(name)).head == own.group.id and at.row is not None
    }


def slot_posted(application: DraftApplication, step: Step, path: str) -> FileSlot:
    """The place for files to which a page sends one. Raises NotFound, RowGone."""
    own = row_posted(application, step)
    at = FieldPath.parse(path)
    if own is not None and at.head == own.group.id and at.row is not None:
        path = f"{own.path}.{at.in_row}"
    return file_slot(application, step, path)


def file_links(application: DraftApplication, step: Step, own: OwnRow | None) -> FileLinks:
    """Where the files of a page, or of the page of one row, are looked at, added and taken out."""
    links = application.file_links(step)
    if own is None:
        return links
    whose = f"?{ROW_PAGE}={own.group.id}.{own.key}"
    return replace(
        links,
        add=lambda path: links.add(path) + whose,
        remove=lambda path: links.remove(path) + whose,
        move=lambda path: links.move(path) + whose,
        page=application.row_address(step, own.group, own.key),
    )


def keys_of(application: DraftApplication, step: Step) -> dict[str, tuple[int, ...]]:
    """The keys of the rows with pages of their own, by group."""
    return {group.id: tuple(application.row_keys(group)) for group in application.row_groups(step)}


def lists_of(application: DraftApplication, step: Step) -> list[tuple[GroupField, int]]:
    """The groups whose rows a page lists because they have pages of their own, with how many rows there are."""
    return [
        (group, len(application.row_keys(group)))
        for group in application.row_groups(step)
        if application.outcome.is_visible(group.id)
    ]


def on_page(application: DraftApplication, path: str) -> str:
    """The path of something in the answers as its page has it: rows with pages of their own keep their numbers while some are empty."""
    question = application.definition.fields.get(head_of(path))
    if question is None or not asks_rows_on_own_pages(question):
        return path
    step = application.definition.step_of(question.id)
    return read(application, step, application.saved_form(step)).on_page(path)


def address_of(application: DraftApplication, step: Step, path: str) -> str:
    """The page on which something at a path stands: that of its row, where that has one."""
    at = FieldPath.parse(path)
    for group in application.row_groups(step):
        keys = application.row_keys(group)
        if group.id == at.head and at.row is not None and at.row < len(keys):
            return application.row_address(step, group, keys[at.row])
    return application.address(step)
