"""A condition as a table of every combination of answers, packed into one whole number: a bit for each combination.

With it, what is decided, and whether an answer still matters, is a handful of `&`: exact, and fast enough to weigh every answer of
every question for three hundred procedures.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from forms.routing.logic import Always, Atom, Both, Either, Formula, Is, Negated, variables_of

#: Combinations of one condition; some fourteen questions of yes or no.
MAX_COMBINATIONS: Final = 1 << 14

Variable = str | Atom
"""A fact with a few answers, by its name, or a part of the condition that is true or false."""


class TooManyCombinations(ValueError):
    """A condition speaks of more facts than a table can hold."""


@dataclass(frozen=True, slots=True)
class Column:
    """A variable of a table. `masks` has the combinations with each value; those of a value lie `stride` times its place further."""

    variable: Variable
    values: tuple[bool | str, ...]
    masks: tuple[int, ...]
    stride: int

    def mask(self, value: object) -> int:
        """The combinations with this value; none for a value that the column does not have."""
        for place, own in enumerate(self.values):
            if own == value and isinstance(own, bool) is isinstance(value, bool):
                return self.masks[place]
        return 0


class Table:
    """The combinations in which a formula holds."""

    __slots__ = ("columns", "everything", "truth")

    def __init__(self, formula: Formula, domains: Mapping[str, tuple[bool | str, ...]]) -> None:
        names: dict[Variable, tuple[bool | str, ...]] = {}
        for part in variables_of(formula):
            if isinstance(part, Is):
                names[part.fact] = domains[part.fact]
            else:
                names[part] = (False, True)
        count = 1
        for values in names.values():
            count *= len(values)
        if count > MAX_COMBINATIONS:
            raise TooManyCombinations(count)
        self.everything = (1 << count) - 1
        self.columns: dict[Variable, Column] = {}
        stride = 1
        for variable, values in names.items():
            self.columns[variable] = _column(variable, values, stride, self.everything)
            stride *= len(values)
        self.truth = self._truth(formula)

    def _truth(self, formula: Formula) -> int:
        match formula:
            case Always():
                return self.everything if formula.value else 0
            case Is():
                return self.columns[formula.fact].mask(formula.value)
            case Atom():
                return self.columns[formula].mask(True)
            case Negated():
                return self.everything & ~self._truth(formula.part)
            case Both():
                return self._truth(formula.left) & self._truth(formula.right)
            case Either():
                return self._truth(formula.left) | self._truth(formula.right)

    def decided(self, live: int) -> bool | None:
        """What the condition is in the combinations `live` that are left; None where it is not the same in all."""
        holds = live & self.truth
        if holds == live:
            return True
        return None if holds else False

    def matters(self, column: Column, live: int) -> bool:
        """Whether the condition depends on a variable in the combinations that are left."""
        seen: int | None = None
        for place, mask in enumerate(column.masks):
            if not live & mask:
                continue
            holds = (live & mask & self.truth) >> (place * column.stride)
            if seen is not None and holds != seen:
                return True
            seen = holds
        return False

    def after_each(self, columns: list[Column], live: int) -> Iterator[int]:
        """The combinations left after each joint value of these columns."""
        if not columns:
            yield live
            return
        for mask in columns[0].masks:
            if live & mask:
                yield from self.after_each(columns[1:], live & mask)


def _column(variable: Variable, values: tuple[bool | str, ...], stride: int, everything: int) -> Column:
    period = stride * len(values)
    repeated = everything // ((1 << period) - 1)
    block = (1 << stride) - 1
    masks = tuple((block << (place * stride)) * repeated for place in range(len(values)))
    return Column(variable, values, masks, stride)
