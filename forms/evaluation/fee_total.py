"""The total of a fee: its least and most, and rounding once for all lines instead of line by line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from forms.definition.fee import FeeTotal
from forms.expressions.values import Number


class Line(Protocol):
    """What the total looks at in a line of a fee."""

    @property
    def amount(self) -> int | None: ...

    @property
    def exact(self) -> Number: ...

    @property
    def is_due(self) -> bool: ...


L = TypeVar("L", bound=Line)


@dataclass(frozen=True)
class Settled(Generic[L]):
    """A line with the yen it has after the total was settled, and how many of them the total added (below zero: took)."""

    line: L
    amount: int | None
    adjustment: int = 0


def settled(lines: Sequence[L], rule: FeeTotal | None) -> list[Settled[L]]:
    """The lines so that they add up to the total that the rule gives; as they are while one of them is not decided.

    What the total adds or takes goes to the last lines that are due. A fee with nothing due stays free, whatever its least.
    """
    result = [Settled(line, line.amount) for line in lines]
    due = [number for number, line in enumerate(lines) if line.is_due]
    if rule is None or not due or any(line.amount is None for line in lines):
        return result
    total = sum(line.amount or 0 for line in lines)
    rest = rule.of(sum((lines[number].exact for number in due), start=0) if rule.rounding else total) - total
    for number in reversed(due):
        line = result[number]
        step = rest if rest > 0 else max(rest, -(line.amount or 0))
        result[number] = replace(line, amount=(line.amount or 0) + step, adjustment=step)
        rest -= step
    return result
