"""Rows of a posted page that come and go without JavaScript: the buttons `items.add`, `items.2.remove` and `items.2.copy`."""

from collections.abc import Mapping

from forms.definition.procedure import group_fields
from forms.definition.step import Step
from forms.fields import GroupField
from forms.fields.path import FieldPath

_REMOVE = FieldPath(("remove",))
_COPY = FieldPath(("copy",))

Form = dict[str, list[str]]


def with_row_buttons(step: Step, form: Form) -> tuple[Form, bool]:
    """Return the form without removed rows, the others renumbered, and whether any of the buttons was pressed; a copied row
    says what the one above it says, where it says nothing itself."""
    pressed = False
    for field in step.fields:
        if isinstance(field, GroupField):
            form, of_group = _of_group(field, form)
            pressed = pressed or of_group
    return form, pressed


def _of_group(field: GroupField, form: Form) -> tuple[Form, bool]:
    """The same for one group, and for the groups in each of its rows."""
    rows = _rows(field, form)
    removed = {number for number in rows if f"{field.id}.{number}.remove" in form}
    copied = {number for number in rows if f"{field.id}.{number}.copy" in form}
    pressed = f"{field.id}.add" in form or bool(removed | copied)
    for number in copied:
        rows[number] = _like_above(rows[number], rows.get(max((n for n in rows if n < number), default=-1), {}))
    for number in rows:
        for inner in field.inner_groups:
            rows[number], within = _of_group(inner, rows[number])
            pressed = pressed or within
    kept = [rows[number] for number in sorted(rows) if number not in removed]
    form = {name: values for name, values in form.items() if not name.startswith(f"{field.id}.")}
    for number, row in enumerate(kept):
        form |= {f"{field.id}.{number}.{rest}": values for rest, values in row.items()}
    return form, pressed


def _like_above(row: dict[str, list[str]], above: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The row with what the one above it says wherever it says nothing itself; files stay where they were added."""
    return row | {
        name: values
        for name, values in above.items()
        if not name.endswith(".files") and not any(text.strip() for text in row.get(name, ()))
    }


def _rows(group: GroupField, form: Mapping[str, list[str]]) -> dict[int, Form]:
    """Return the posted rows of a group by number, without inputs that its questions do not have."""
    ids = {field.id for field in group_fields(group)}
    rows: dict[int, Form] = {}
    for name, values in form.items():
        path = FieldPath.parse(name)
        if path.head != group.id or path.row is None:
            continue
        is_button = path.in_row in (_REMOVE, _COPY)
        if path.in_row.head in ids or is_button:
            row = rows.setdefault(path.row, {})
            if not is_button:
                row[str(path.in_row)] = values
    return rows
