"""What every typed text is held to, whatever the field: printable, not too long, no My Number."""

from forms.fields.base import Problem
from forms.text.graphemes import length
from forms.text.safety import has_unprintable, holds_my_number

#: Characters (not graphemes) above which a text is not even looked at.
LONGEST = 100_000


def text_problems(text: str, *, max_length: int, min_length: int = 0) -> list[Problem]:
    """Problems of a text; lengths in grapheme clusters."""
    if len(text) > LONGEST:
        return [Problem("too_long", values={"max": max_length, "now": len(text)})]
    if has_unprintable(text):
        return [Problem("unprintable")]
    if holds_my_number(text):
        return [Problem("my_number")]
    seen = length(text)
    if seen > max_length:
        return [Problem("too_long", values={"max": max_length, "now": seen})]
    if seen < min_length:
        return [Problem("too_short", values={"min": min_length, "now": seen})]
    return []
