"""Which numbers of a definition are money: what the lines of the fee count with."""

import re
from collections.abc import Iterable
from typing import Final

from forms.definition.procedure import Definition

_MONEY: Final = re.compile(r"(^|_)(fee|fees|price|amount|cost|charge|yen|deposit|fare|tariff|toll|rent)(_|$)")
_COUNT: Final = re.compile(
    r"(^|_)(rate|ratio|percent|percentage|factor|multiplier|share|count|times|copies|number|days?|weeks?|months?|years?|hours?|minutes?"
    r"|age|area|length|width|height|size|capacity|limit|points?|level|rank|code)(_|$)"
)


class Prices:
    """The expressions of the fees of some versions of a definition."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self._expressions = "\n".join(
            expression for definition in definitions for expression in _counted_expressions(definition)
        )

    def counts(self, question: str, name: str) -> bool:
        """Whether a fee depends on `question.name`, the value of an option or of a look-up."""
        return bool(re.search(rf"\b{re.escape(question)}\.{re.escape(name)}\b", self._expressions))

    def names(self, name: str) -> bool:
        """Whether a fee depends on a table or a named value."""
        return _names(self._expressions, name)

    def is_yen(self, question: str, name: str, value: object) -> bool:
        """Whether a number is an amount of money: by its name, or because a fee counts with it and it is no rate, no duration."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if _MONEY.search(name) and not _COUNT.search(name):
            return True
        return isinstance(value, int) and not _COUNT.search(name) and self.counts(question, name)


def _counted_expressions(definition: Definition) -> list[str]:
    """The expressions of the fee, and those of the named values that it counts with, directly or through another."""
    expressions = [
        expression
        for rule in definition.fee
        for expression in (rule.amount, rule.applies_when, rule.waived_when)
        if expression
    ]
    waiting = list(definition.compute)
    while counted := [value for value in waiting if any(_names(expression, value.id) for expression in expressions)]:
        expressions += [value.value for value in counted]
        waiting = [value for value in waiting if value not in counted]
    return expressions


def _names(expression: str, name: str) -> bool:
    return bool(re.search(rf"(?<![\w.]){re.escape(name)}\b", expression))
