"""What of a definition could not be read, so that nothing is reported that only follows from it."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)


@dataclass(frozen=True)
class Unread:
    """Parts of a faulty definition that its sound parts may speak of. Empty for a definition that is sound.

    `ids` are the ids of faulty questions as they are written, `untyped` those whose answer may be anything, `stand_ins` the
    ids put in their place. `some_question` says that a question has no readable id at all: any unknown name may be its
    name. `tables` are those whose columns are not known, and `workflow` says that not every state is known.
    """

    ids: frozenset[str] = frozenset()
    untyped: frozenset[str] = frozenset()
    stand_ins: frozenset[str] = frozenset()
    some_question: bool = False
    tables: frozenset[str] = frozenset()
    workflow: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The written ids that an expression can name."""
        return frozenset(name for name in self.ids if _WORD.fullmatch(name))

    def is_named_in(self, expression: str) -> bool:
        """Whether an expression speaks of what cannot be checked: an id that is no name (`学年`, `c-grade`), a faulty table."""
        unspeakable = any(name in expression for name in self.ids - self.names)
        return unspeakable or not self.tables.isdisjoint(_WORD.findall(expression))

    def speaks_of_untyped(self, expression: str) -> bool:
        """Whether an expression names a question whose answer may be anything."""
        return not (self.untyped | self.ids).isdisjoint(_WORD.findall(expression))


NOTHING_UNREAD = Unread()
