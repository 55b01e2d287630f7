"""Dry run of a definition with given answers, as on the command line."""

from dataclasses import dataclass, fields
from datetime import date

from forms.definition.procedure import Definition
from forms.evaluation.city import City
from forms.evaluation.evaluate import evaluate
from forms.evaluation.fee import FeeLine
from forms.evaluation.scope import Answers, Facts
from forms.workflow.building import workflow_of


@dataclass(frozen=True)
class DryRun:
    """The result of a dry run: visible questions, messages by path, fee lines, total in yen, and the first state of the case.

    `total` is None while the fee is not decided; `first_state` is None while the form cannot be submitted.
    """

    visible: tuple[str, ...]
    errors: dict[str, list[str]]
    fee_lines: tuple[FeeLine, ...]
    total: int | None
    first_state: str | None
    assign_to: str | None

    def as_dict(self) -> dict[str, object]:
        """Return the result as plain JSON."""
        plain = {item.name: getattr(self, item.name) for item in fields(self)}
        return plain | {"fee_lines": [line.as_dict() for line in self.fee_lines]}


def dry_run(
    definition: Definition,
    answers: Answers,
    facts: Facts,
    on: date,
    *,
    language: str = "ja",
    city: City | None = None,
) -> DryRun:
    """Evaluate answers as if they were submitted on a day, in a city."""
    evaluation = evaluate(definition, answers, facts, today=on, language=language, city=city)
    first_state = None
    if evaluation.complete:
        first_state = workflow_of(definition).initial(
            evaluation.fee.due("submission"), consents=evaluation.consents_first
        )
    return DryRun(
        visible=evaluation.visible,
        errors=evaluation.errors,
        fee_lines=evaluation.fee.lines,
        total=evaluation.fee.total,
        first_state=first_state,
        assign_to=evaluation.assign_to,
    )
