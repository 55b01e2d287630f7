"""The names that the questions of a procedure have in a composition, those in rows within their group."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, overload

from forms.fields.path import FieldPath

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Renaming:
    """From the ids of questions to other ones; `rows` has, by the former id of a group, the same for the questions of its rows."""

    names: Mapping[str, str]
    rows: Mapping[str, "Renaming"] = field(default_factory=dict)

    @cached_property
    def back(self) -> "Renaming":
        """The way back."""
        return Renaming(
            {new: old for old, new in self.names.items()},
            {self.names[group]: inner.back for group, inner in self.rows.items()},
        )

    def path(self, path: str) -> str | None:
        """The path under its other name, with or without the numbers of rows; None for what has none."""
        at = FieldPath.parse(path)
        if at.head not in self.names:
            return None
        there, below, inner = FieldPath((self.names[at.head],)), at.rest, self.rows.get(at.head)
        if inner is None or not below.parts:
            return str(there / below)
        if below.number is not None:
            there, below = there / below.head, below.rest
        within = inner.path(str(below)) if below.parts else ""
        return None if within is None else str(there / within)

    def values(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Answers under their other names, row by row; those without one are left out."""
        return {self.names[name]: self._value(name, value) for name, value in answers.items() if name in self.names}

    def texts(self, texts: Mapping[str, Any]) -> dict[str, Any]:
        """Anything by path under its other paths; what has none is left out."""
        renamed = ((self.path(path), value) for path, value in texts.items())
        return {path: value for path, value in renamed if path is not None}

    def _value(self, name: str, value: Any) -> Any:
        inner = self.rows.get(name)
        if inner is None or not isinstance(value, list):
            return value
        return [inner.values(row) if isinstance(row, dict) else row for row in value]


class RenamedRows(Sequence[Row]):
    """The rows of a group as another definition has them: read from the rows there are now, which may still grow."""

    def __init__(self, rows: Sequence[Row], renaming: Renaming) -> None:
        self._rows, self._renaming = rows, renaming
        self._made: dict[int, Row] = {}

    @overload
    def __getitem__(self, number: int) -> Row: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Row]: ...

    def __getitem__(self, number: int | slice) -> Row | Sequence[Row]:
        if isinstance(number, slice):
            return [self[position] for position in range(*number.indices(len(self)))]
        row = self._renaming.values(self._rows[number])
        if row != self._made.get(number):  # the same row stays the same object, by which judges know it
            self._made[number] = row
        return self._made[number]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return (self[number] for number in range(len(self)))
