"""Rows in a few words: those that a page lists or folds away."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from forms.fields.group import GroupField
from forms.fields.shown import ListedRow, RowState
from portal.core.text import current_language

_LENGTH = 120


def listed_rows(
    group: GroupField, keys: Sequence[int], rows: Mapping[int, Mapping[str, Any]], unfinished: Collection[str]
) -> list[ListedRow]:
    """The rows of a group with pages of their own. `rows` is what is sound in each, `unfinished` the paths of those not finished."""
    listed = []
    for number, key in enumerate(keys):
        begun = number in rows
        state: RowState = "empty" if not begun else "unfinished" if f"{group.id}.{number}" in unfinished else "done"
        words = shortened(group.show_row(rows[number], current_language())) if begun else ""
        listed.append(ListedRow(number, str(key), words, state))
    return listed


def shortened(text: str) -> str:
    """A text cut to what fits on a card."""
    return text if len(text) <= _LENGTH else f"{text[:_LENGTH]}…"
