"""Rows with pages of their own in a preview: the preview's form holds them all, and its buttons lead from one to the next as a resident's do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forms import Step
from forms.fields import GroupField
from forms.fields.nesting import asks_rows_on_own_pages
from forms.fields.path import FieldPath, head_of
from forms.rows import with_row_buttons
from portal.residents.own_rows import OwnRow
from portal.residents.row_lists import ADD, OPEN, REMOVE

LIST, NEXT, ROW, SURE = "row-page-list", "row-page-next", "draft-row", "row-page-sure"
"""Buttons of the page of a row in the preview, what says which row that is, and the answer to whether it shall go. Residents have
addresses for them."""

Form = dict[str, list[str]]


@dataclass(frozen=True)
class RowTurn:
    """Which row the preview shows (`children.1`; empty for the list), and what was pressed on the page before, which was that of the row `left`.

    `added` is the group that gets another row, `doomed` the row of which it is asked whether it shall go, `removed` the one that goes.
    `goes_on`: the row is finished, and the next page comes.
    """

    row: str = ""
    left: str = ""
    added: str = ""
    doomed: str = ""
    removed: str = ""
    pressed: bool = False
    goes_on: bool = False

    @classmethod
    def posted(cls, form: Mapping[str, str]) -> "RowTurn":
        """What the preview's form says. A page that is turned to by its number begins with the list."""
        if "to-step" in form:
            return cls()
        left = form.get(ROW, "")
        return cls(
            "" if LIST in form else form.get(OPEN) or left,
            left,
            form.get(ADD, ""),
            form.get(REMOVE, ""),
            form.get(SURE, ""),
            pressed=any(button in form for button in (ADD, LIST, OPEN, REMOVE, SURE)),
            goes_on=NEXT in form,
        )

    @property
    def changes_rows(self) -> bool:
        """Whether there are other rows than before."""
        return bool(self.added or self.removed)

    def applied(self, step: Step, form: Form) -> Form:
        """The posted page with the row that was added, without the one that was taken out. A row into which nothing was written stays a row."""
        left = FieldPath.parse(self.left)
        for group in groups_with_pages(step):
            if group.id == left.head and left.row == rows_in(group, form):
                form = form | _empty_row(group, form)
        if self.removed:
            form, _pressed = with_row_buttons(step, form | {f"{self.removed}.remove": ["1"]})
        for group in groups_with_pages(step):
            if group.id == self.added:
                form = form | _empty_row(group, form)
        return form

    def row_in(self, lists: Sequence[tuple[GroupField, int]]) -> OwnRow | None:
        """The row whose page shows, of so many rows of each group; None for the list, and for a row that there is not (any more)."""
        for group, count in lists:
            if group.id == self.added:
                return OwnRow(group, count - 1, tuple(range(count)))
        return _row_at(self.row, lists)

    def doomed_in(self, lists: Sequence[tuple[GroupField, int]]) -> OwnRow | None:
        """The row of which it is asked whether it shall go."""
        return _row_at(self.doomed, lists)


def _row_at(path: str, lists: Sequence[tuple[GroupField, int]]) -> OwnRow | None:
    at = FieldPath.parse(path)
    for group, count in lists:
        if group.id == at.head and at.row is not None and at.row < count:
            return OwnRow(group, at.row, tuple(range(count)))
    return None


def groups_with_pages(step: Step) -> list[GroupField]:
    """The groups of a page whose rows have pages of their own."""
    return [field for field in step.fields if isinstance(field, GroupField) and asks_rows_on_own_pages(field)]


def rows_in(group: GroupField, form: Mapping[str, object]) -> int:
    """How many rows of a group a posted page has."""
    numbers = [at.row for name in form if (at := FieldPath.parse(name)).head == group.id and at.row is not None]
    return max(numbers, default=-1) + 1


def _empty_row(group: GroupField, form: Form) -> Form:
    """One more row, behind the others, as a browser posts it."""
    return {f"{group.id}.{rows_in(group, form)}.{group.fields[0].id}": [""]}


def carried(step: Step, form: Form, own: OwnRow | None) -> list[tuple[str, str]]:
    """What stands on the other pages, as unseen inputs: all rows beside the list, and everything else beside a row."""
    groups = {group.id for group in groups_with_pages(step)}
    return [
        (name, text)
        for name, texts in form.items()
        if (not own.holds(name) if own else head_of(name) in groups)
        for text in texts
    ]
