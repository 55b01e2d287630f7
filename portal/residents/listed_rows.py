"""Rows in a few words: those that a page lists or folds away."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from forms.fields.applicant import ApplicantField
from forms.fields.group import GroupField
from forms.fields.shown import ListedRow, RowState
from portal.core.text import _, current_language

_LENGTH = 120


def listed_rows(
    group: GroupField, keys: Sequence[int], rows: Mapping[int, Mapping[str, Any]], unfinished: Collection[str]
) -> list[ListedRow]:
    """The rows of a group with pages of their own. `rows` is what is sound in each, `unfinished` the paths of those not finished."""
    begun_rows = [rows.get(number, {}) for number in range(len(keys))]
    representative = group.representative_of(begun_rows) if len(keys) > 1 else None
    listed = []
    for number, key in enumerate(keys):
        begun = number in rows
        state: RowState = "empty" if not begun else "unfinished" if f"{group.id}.{number}" in unfinished else "done"
        words = _words(group, rows[number], is_representative=number == representative) if begun else ""
        listed.append(ListedRow(number, str(key), words, state))
    return listed


def _words(group: GroupField, row: Mapping[str, Any], *, is_representative: bool) -> str:
    """A row in a few words; an applicant by the name alone."""
    question = next((field for field in group.fields if group.applicants and field.id == group.applicants.who), None)
    if not isinstance(question, ApplicantField):
        return shortened(group.show_row(row, current_language()))
    name = question.name_of(row.get(question.id))
    return _("{title}(代表者)", title=name) if is_representative and name else name


def shortened(text: str) -> str:
    """A text cut to what fits on a card."""
    return text if len(text) <= _LENGTH else f"{text[:_LENGTH]}…"
