"""What expressions of a workflow may speak of besides the answers: the case itself, and what stages found."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from forms.definition.procedure import Definition
from forms.evaluation.scope import Answers, field_types, field_values, is_empty
from forms.expressions.language import Names
from forms.expressions.values import ANSWERED

#: The first part of the names of the case; a question with this id is meant instead.
CASE: Final = "case"
CASE_TYPES: Final[Mapping[str, str]] = {
    "case.number": "string",
    "case.fee": "int",
    "case.submitted_on": "timestamp",
    "case.deadline": "timestamp",
}


@dataclass(frozen=True)
class CaseValues:
    """What expressions see of a case: its receipt number, its fee (yen), the day it came in, and until when it is due now.

    `stages` has, by stage, the answers to the forms of those that were done; without a form, or passed over, there are none. `skipped` are
    the stages on its way that the case was passed over: its workflow is that without them.
    """

    number: str = ""
    fee: int = 0
    submitted_on: date | None = None
    deadline: date | None = None
    stages: Mapping[str, Answers] | None = None
    skipped: Collection[str] = ()


def workflow_names(definition: Definition, names: Names) -> Names:
    """The names of expressions in the workflow. What a question is called hides the same name of a stage or of the case."""
    heads = {name.split(".", 1)[0] for name in names.types}
    types = {name: kind for name, kind in CASE_TYPES.items() if CASE not in heads}
    for stage, form in definition.stage_forms.items():
        if stage not in heads:
            types |= {f"{stage}.{name}": kind for name, kind in _stage_types(form).items()}
    return replace(names, types=types | dict(names.types))


def workflow_values(definition: Definition, scope: Mapping[str, Any], case: CaseValues) -> dict[str, Any]:
    """The scope of an evaluated application with the values of the case and of its stages."""
    values: dict[str, Any] = {"case.number": case.number, "case.fee": case.fee}
    if case.submitted_on is not None:
        values["case.submitted_on"] = case.submitted_on
    if case.deadline is not None:
        values["case.deadline"] = case.deadline
    answered: set[str] = set(scope[ANSWERED])
    for stage, answers in (case.stages or {}).items():
        form = definition.stage_forms.get(stage)
        types = _stage_types(form) if form else {}
        for question in form.fields.values() if form else ():
            if question.type != "group" and not is_empty(answers.get(question.id)):
                own = field_values(question, answers[question.id], {}, types)
                values |= {f"{stage}.{name}": value for name, value in own.items()}
                answered.add(f"{stage}.{question.id}")
    return values | dict(scope) | {ANSWERED: answered}


def _stage_types(form: Definition) -> dict[str, str]:
    return {
        name: kind
        for question in form.fields.values()
        for name, kind in field_types(question).items()
        if kind != "rows"
    }
