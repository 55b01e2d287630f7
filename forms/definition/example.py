"""Examples: answer sets that a department writes to test its own procedure."""

from datetime import date
from typing import Annotated

from pydantic import Field, JsonValue

from forms.definition.fee import FeeMoment
from forms.definition.strict_model import Id, Key, StrictModel


class Expectation(StrictModel):
    """What must come out of an example.

    `fee` is the total in yen, or the total of each moment. `visible` and `hidden` name questions. `errors` are the
    paths of all questions with something to correct. `payout` is the total asked for. `consents` is how many people are asked for theirs. `state` is where
    the case stands after `moves` from submission on.
    """

    fee: int | dict[FeeMoment, int] | None = None
    visible: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    payout: int | None = None
    consents: int | None = None
    moves: tuple[Id, ...] = Field(default=(), max_length=20)
    state: Id | None = None


class ExampleCity(StrictModel):
    """The city in which an example is set, for definitions whose expressions name the city. `code` has six digits."""

    key: Key
    name: Annotated[str, Field(min_length=1, max_length=60)]
    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]

    @property
    def plane(self) -> None:
        """No plane system is named: places are measured in the one made for where they lie."""


class Example(StrictModel):
    """Answers as a resident could give them, the facts of places, the day, and what must come out.

    Without a `city` an example is set in the city that publishes it.
    """

    name: str = ""
    on: date
    city: ExampleCity | None = None
    answers: dict[str, JsonValue] = Field(default_factory=dict)
    facts: dict[str, JsonValue] = Field(default_factory=dict)
    stages: dict[Id, dict[str, JsonValue]] = Field(default_factory=dict)
    expect: Expectation
