"""Who is eligible for a procedure: the answers with which `routing.applies_when` can still hold."""

from dataclasses import dataclass
from datetime import date

from forms.catalogue.vocabulary import Fact
from forms.definition.procedure import Definition
from forms.evaluation.program import program_of
from forms.evaluation.scope import Facts, fact_values
from forms.expressions.functions.dates import day
from forms.expressions.language import scope


@dataclass(frozen=True)
class Requirement:
    """A fact that decides, and the answers with which the procedure may still apply (True, False or ids of options)."""

    name: str
    fact: Fact
    answers: tuple[bool | str, ...]


def requirements(definition: Definition, *, today: date) -> list[Requirement]:
    """The facts of which one answer alone rules the procedure out, in the order of the vocabulary."""
    condition = program_of(definition).applies
    names = condition.names if condition else frozenset()
    deciding = []
    for name, fact in definition.vocabulary.facts.items():
        if name not in names or fact.question is None:
            continue
        answers: tuple[bool | str, ...] = (True, False) if fact.type == "bool" else tuple(fact.options)
        fitting = tuple(answer for answer in answers if applies(definition, {name: answer}, today=today) is not False)
        if fitting and fitting != answers:
            deciding.append(Requirement(name, fact, fitting))
    return deciding


def applies(definition: Definition, facts: Facts, *, today: date) -> bool | None:
    """Whether a procedure applies to a person with these facts; None while undecided."""
    condition = program_of(definition).applies
    if condition is None:
        return True
    with day(today):
        return condition.holds(scope(fact_values(definition, facts)))
