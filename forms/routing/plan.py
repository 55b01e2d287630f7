"""What a person is told: the procedures with why they are needed, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from forms.definition.procedure import Definition
from forms.routing.deadlines import Due
from forms.text.localized import Text

#: `to_confirm`: nothing left to ask settles it, because the person does not know; the procedure stays, to be confirmed at the window.
Status = Literal["needed", "optional", "not_for_you", "undecided", "to_confirm"]


@dataclass(frozen=True)
class Entry:
    """A procedure in a plan. `deciding` are the facts that decided it; of what is to be confirmed, those that nobody knows.

    `shown` are known facts that go with it (`routing.show_facts`), `held` what need not be brought (`routing.held`), as far as facts say so.
    """

    key: str
    definition: Definition
    status: Status
    deciding: tuple[str, ...] = ()
    due: Due | None = None
    earliest: Due | None = None
    shown: tuple[str, ...] = ()
    held: tuple[Text, ...] = ()

    @property
    def included(self) -> bool:
        """Whether it is among what the person does, or should ask about."""
        return self.status in ("needed", "optional", "to_confirm")


@dataclass(frozen=True)
class Plan:
    """Every procedure that was weighed. `entries` are in the order in which they are done; `open` counts what is not settled yet."""

    entries: Sequence[Entry]
    open: int

    @property
    def included(self) -> list[Entry]:
        """What the person does, or should ask about."""
        return [entry for entry in self.entries if entry.included]

    def entry(self, key: str) -> Entry:
        """The entry of a procedure. KeyError if it was not weighed."""
        for entry in self.entries:
            if entry.key == key:
                return entry
        raise KeyError(key)
