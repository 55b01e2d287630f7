"""Paths to questions and their parts, as inputs, answers and errors are named: `name.family`, `children.0.name`."""

from dataclasses import dataclass

#: More digits than a row number has; what is longer is not one.
_MAX_ROW_DIGITS = 3


@dataclass(frozen=True, order=True, slots=True)
class FieldPath:
    """A dotted path. The empty path is the question itself, seen from inside.

    `children.0.name` has the head `children`, the row 0 and, in that row, `name`. `checks.<step>` is the path of what does
    not hold between the answers of a page.
    """

    parts: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "FieldPath":
        """Read a path. Any text is one; `str` gives it back unchanged."""
        return cls(tuple(text.split("."))) if text else cls()

    @classmethod
    def of_check(cls, step_id: str) -> "FieldPath":
        """The path of what does not hold between the answers of a step."""
        return cls(("checks", step_id))

    @property
    def head(self) -> str:
        """The first part, which is the id of a question or `checks`; empty for the empty path."""
        return self.parts[0] if self.parts else ""

    @property
    def rest(self) -> "FieldPath":
        """The path below the head."""
        return FieldPath(self.parts[1:])

    @property
    def number(self) -> int | None:
        """The head as the number of a row, counted from 0; None if it is not one."""
        is_number = self.head.isascii() and self.head.isdigit() and len(self.head) <= _MAX_ROW_DIGITS
        return int(self.head) if is_number else None

    @property
    def row(self) -> int | None:
        """The row of a group that the path leads to: 0 for `children.0.name`. None if it leads to none."""
        return self.rest.number

    @property
    def in_row(self) -> "FieldPath":
        """The path below the row: `name` of `children.0.name`. Empty for a path that leads to no row."""
        return self.rest.rest if self.row is not None else FieldPath()

    @property
    def step(self) -> str | None:
        """The step of a `checks.<step>` path; None for the path of a question."""
        return self.parts[1] if self.head == "checks" and len(self.parts) > 1 else None

    def within(self, outer: "FieldPath") -> "FieldPath | None":
        """The path seen from `outer`: empty for the same path, None where it lies elsewhere."""
        depth = len(outer.parts)
        return FieldPath(self.parts[depth:]) if self.parts[:depth] == outer.parts else None

    def __truediv__(self, inner: "FieldPath | str | int") -> "FieldPath":
        """The path to what lies at `inner` below this one."""
        below = inner if isinstance(inner, FieldPath) else FieldPath.parse(str(inner))
        return FieldPath(self.parts + below.parts)

    def __str__(self) -> str:
        return ".".join(self.parts)


def head_of(path: str) -> str:
    """The question that a dotted path begins with, or `checks`."""
    return path.partition(".")[0]


def joined(outer: str, inner: str) -> str:
    """The dotted path of `inner` below `outer`; `outer` itself for an empty `inner`."""
    return f"{outer}.{inner}" if outer and inner else outer or inner
