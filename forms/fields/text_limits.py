"""Limits of every typed text: printable, not too long, no My Number."""

from forms.fields.base import FieldError
from forms.text.graphemes import length
from forms.text.safety import has_unprintable, holds_my_number

#: Characters (not graphemes) above which a text is rejected unread.
MAX_LENGTH = 100_000


def text_errors(text: str, *, max_length: int, min_length: int = 0) -> list[FieldError]:
    """Return the errors of a text; lengths are in grapheme clusters."""
    if len(text) > MAX_LENGTH:
        return [FieldError("too_long", values={"max": max_length, "now": len(text)})]
    if has_unprintable(text):
        return [FieldError("unprintable")]
    if holds_my_number(text):
        return [FieldError("my_number")]
    if len(text) <= max_length and min_length <= bool(text):  # there are no more clusters than characters
        return []
    seen = length(text)
    if seen > max_length:
        return [FieldError("too_long", values={"max": max_length, "now": seen})]
    if seen < min_length:
        return [FieldError("too_short", values={"min": min_length, "now": seen})]
    return []
