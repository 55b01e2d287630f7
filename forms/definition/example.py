"""Examples: answer sets that a department writes to test its own procedure."""

from datetime import date

from pydantic import Field, JsonValue

from forms.definition.fee import FeeMoment
from forms.definition.strict import Id, Part


class Expectation(Part):
    """What must come out of an example.

    `fee` is the total in yen, or the total of each moment. `visible` and `hidden` name questions. `errors` are the
    paths of all questions with something to mend. `state` is where the case stands after `moves` from submission on.
    """

    fee: int | dict[FeeMoment, int] | None = None
    visible: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    moves: tuple[Id, ...] = Field(default=(), max_length=20)
    state: Id | None = None


class Example(Part):
    """Answers as a resident could give them, the facts of places, the day, and what must come out."""

    name: str = ""
    on: date
    answers: dict[str, JsonValue] = Field(default_factory=dict)
    facts: dict[str, JsonValue] = Field(default_factory=dict)
    expect: Expectation
