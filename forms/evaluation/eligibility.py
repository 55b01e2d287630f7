"""Who is eligible for a procedure: the answers with which `routing.applies_when` can still hold."""

from dataclasses import dataclass
from datetime import date

from forms.catalogue.vocabulary import Fact, facts
from forms.definition.procedure import Definition
from forms.evaluation.evaluate import applies
from forms.expressions.language import names_in


@dataclass(frozen=True)
class Requirement:
    """A fact that decides, and the answers with which the procedure may still apply (True, False or ids of options)."""

    name: str
    fact: Fact
    answers: tuple[bool | str, ...]


def requirements(definition: Definition, *, today: date) -> list[Requirement]:
    """The facts of which one answer alone rules the procedure out, in the order of the vocabulary."""
    condition = definition.routing.applies_when if definition.routing else None
    names = names_in(condition) if condition else set()
    deciding = []
    for name, fact in facts().items():
        if name not in names or fact.question is None:
            continue
        answers: tuple[bool | str, ...] = (True, False) if fact.type == "bool" else tuple(fact.options)
        fitting = tuple(answer for answer in answers if applies(definition, {name: answer}, today=today) is not False)
        if fitting and fitting != answers:
            deciding.append(Requirement(name, fact, fitting))
    return deciding
