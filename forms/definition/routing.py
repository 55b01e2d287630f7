"""For whom and when a procedure is due, as a definition writes it."""

from typing import Annotated

from pydantic import Field, model_validator

from forms.definition.strict_model import Expression, Id, Key, StrictModel
from forms.text.localized import Text


class Deadline(StrictModel):
    """So many days or months before or after the date of a fact (`moved_on`), or of a question of that id, which comes first.

    Counting starts on the day after, unless `counts_first_day` (出生届: the day of birth is day one, 戸籍法 第43条).
    A last day on which the city hall is closed moves to the next open day, before an event to the open day before.
    `if_late` says what to do when it has passed.
    """

    days: Annotated[int, Field(ge=0, le=3660)] | None = None
    months: Annotated[int, Field(ge=0, le=120)] | None = None
    before: Id | None = None
    after: Id | None = None
    counts_first_day: bool = False
    if_late: Text | None = None

    @property
    def event(self) -> str:
        """The fact or question whose date it is counted from."""
        return self.before or self.after or ""

    @model_validator(mode="after")
    def _one_length_one_event(self) -> "Deadline":
        if (self.days is None) == (self.months is None):
            raise ValueError("days か months のどちらか1つを書いてください。")
        if (self.before is None) == (self.after is None):
            raise ValueError("before か after のどちらか1つを書いてください。")
        return self


class SpecialDeadline(Deadline):
    """A deadline that holds in place of the usual one when a condition over facts does (死亡届: three months for a death abroad)."""

    when: Expression


class HeldPaper(StrictModel):
    """Something that others bring and this person need not: the city has it or looks it up (所得の証明), where a condition over facts
    holds.
    """

    what: Text
    when: Expression | None = None


class Routing(StrictModel):
    """How a resident is led here: life events, a condition over facts, what must be done before, what to bring.

    `optional` marks what a person may do and need not. Of `special_deadlines` the first whose condition holds comes before
    `deadline`; `earliest` is counted like a deadline and says from when the procedure can be done. `show_facts` are told with it in
    a plan (the school district). `held` need not be brought.
    """

    life_events: tuple[Key, ...] = ()
    applies_when: Expression | None = None
    optional: bool = False
    deadline: Deadline | None = None
    special_deadlines: tuple[SpecialDeadline, ...] = Field(default=(), max_length=10)
    earliest: Deadline | None = None
    after: tuple[Key, ...] = ()
    bring: tuple[Text, ...] = ()
    held: tuple[HeldPaper, ...] = Field(default=(), max_length=10)
    show_facts: tuple[Id, ...] = Field(default=(), max_length=10)
