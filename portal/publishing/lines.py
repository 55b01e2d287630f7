"""Two versions of a text line by line: what was added, what was taken away, and a little of what stands around it."""

from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 3
"""Unchanged lines shown before and after a change."""


@dataclass(frozen=True)
class Line:
    """A line with its number in the old and the new text; `kind` is add, remove, same, or place (where lines are left out)."""

    kind: str
    old: int | None
    new: int | None
    text: str


def changed_lines(before: str, after: str) -> list[Line]:
    """The changes in order; nothing when the texts are the same."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for number, group in enumerate(SequenceMatcher(None, old, new).get_grouped_opcodes(AROUND)):
        if number or group[0][1]:
            lines.append(Line("place", None, None, ""))
        for kind, old_from, old_to, new_from, new_to in group:
            if kind == "equal":
                pairs = zip(range(old_from, old_to), range(new_from, new_to), strict=True)
                lines += [Line("same", left + 1, right + 1, old[left]) for left, right in pairs]
                continue
            lines += [Line("remove", place + 1, None, old[place]) for place in range(old_from, old_to)]
            lines += [Line("add", None, place + 1, new[place]) for place in range(new_from, new_to)]
    return lines
