"""Examples: answer sets that a department writes to test its own procedure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field, JsonValue, model_validator

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
    def name_kana(self) -> str:
        """No reading: answers of examples are in Japanese."""
        return ""

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


class WrittenExample(StrictModel):
    """An example as it is written: `like` names one before it, of which it has everything but what it says itself.

    An answer, a fact or the form of a stage that is null is none. What is expected is never taken over.
    """

    name: str = ""
    like: Annotated[str, Field(min_length=1)] | None = None
    on: date | None = None
    city: ExampleCity | None = None
    answers: dict[str, JsonValue] = Field(default_factory=dict)
    facts: dict[str, JsonValue] = Field(default_factory=dict)
    stages: dict[Id, dict[str, JsonValue] | None] = Field(default_factory=dict)
    expect: Expectation

    @model_validator(mode="after")
    def _has_a_day(self) -> Self:
        if self.on is None and self.like is None:
            raise ValueError("試しには、申請する日(on)か、もとにする試しの名前(like)を書いてください。")
        return self


def whole_examples(written: Iterable[WrittenExample], samples: Mapping[str, JsonValue]) -> tuple[Example, ...]:
    """The examples with what they take from those before them. One whose `like` names none stands by itself.

    `samples` answer questions of which an example says nothing, unless it expects an error there.
    """
    whole: list[Example] = []
    for example in written:
        base = next((earlier for earlier in whole if earlier.name and earlier.name == example.like), None)
        whole.append(
            Example(
                name=example.name,
                on=example.on or (base.on if base else date.min),
                city=example.city or (base.city if base else None),
                answers=_unsaid(samples, example, base) | _over(base.answers if base else {}, example.answers),
                facts=_over(base.facts if base else {}, example.facts),
                stages=_over(base.stages if base else {}, example.stages),
                expect=example.expect,
            )
        )
    return tuple(whole)


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**base, **own}.items() if value is not None or name not in own}


def _unsaid(samples: Mapping[str, JsonValue], example: WrittenExample, base: Example | None) -> dict[str, JsonValue]:
    """The samples of questions of which an example says nothing, nor the one that it is like."""
    said = example.answers.keys() | (base.answers.keys() if base else set()) | set(example.expect.errors)
    return {name: sample for name, sample in samples.items() if name not in said}
