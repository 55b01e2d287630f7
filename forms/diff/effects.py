"""What a change does to the examples that a department saved: their fees before and after, and what no longer comes out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from forms.checks.completing import with_missing_answers
from forms.checks.examples import failures_of
from forms.definition.example import Example
from forms.definition.procedure import Definition
from forms.diff.pairing import pairs
from forms.diff.wording import same
from forms.evaluation.city import City
from forms.evaluation.evaluate import evaluate


@dataclass(frozen=True)
class ExampleEffect:
    """A saved example that comes out otherwise now. `before` and `after` are its totals in yen, None where undecided.

    `failures` say what it expects in vain. `draft` is what the new version made of the example: left it as it was
    (`kept`), corrected it so that it comes out (`corrected`), changed it although it does not (`failing`), or dropped it.
    """

    name: str
    before: int | None
    after: int | None
    failures: tuple[str, ...]
    draft: Literal["kept", "corrected", "failing", "dropped"]


def example_effects(old: Definition, new: Definition, city: City | None = None) -> list[ExampleEffect]:
    """The examples of the old version that have another fee or fail in the new one, in their order."""
    counterparts = {
        old_at: new_at for old_at, new_at in pairs(old.written_examples, new.written_examples) if old_at is not None
    }
    return [
        effect
        for number, example in enumerate(old.examples)
        for effect in _effects(old, new, number, example, counterparts[number], city)
    ]


def _effects(
    old: Definition, new: Definition, number: int, example: Example, new_at: int | None, city: City | None
) -> Iterator[ExampleEffect]:
    before, after = _total(old, example, city), _total(new, example, city)
    failures = tuple(failures_of(new, example, city))
    if before == after and not failures:
        return
    counterpart = None if new_at is None else new.examples[new_at]
    name = example.name or f"{number + 1}つめの試し"
    yield ExampleEffect(name, before, after, failures, _in_draft(new, example, counterpart, city))


def _in_draft(
    new: Definition, example: Example, counterpart: Example | None, city: City | None
) -> Literal["kept", "corrected", "failing", "dropped"]:
    if counterpart is None:
        return "dropped"
    if same(example, counterpart):
        return "kept"
    return "failing" if failures_of(new, counterpart, city) else "corrected"


def _total(definition: Definition, example: Example, city: City | None) -> int | None:
    answered, _ = with_missing_answers(definition, example, city)
    evaluation = evaluate(definition, answered.answers, answered.facts, today=answered.on, city=answered.city or city)
    return evaluation.fee.total
