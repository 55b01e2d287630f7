"""The workflow as it is for one case: the conditions of its moves and stages decided by the answers and by what stages found."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from forms.definition.chains import Opening
from forms.definition.procedure import Definition
from forms.definition.states import Doer
from forms.definition.workflow import Stage
from forms.evaluation.city import City
from forms.evaluation.evaluate import Evaluator
from forms.evaluation.program import Program, program_of
from forms.evaluation.scope import Answers, Facts
from forms.evaluation.workflow_scope import CaseValues, workflow_values
from forms.expressions.functions.dates import day
from forms.expressions.values import AbsentDate, ExpressionFailed, NotDecided
from forms.fields import ReadContext
from forms.text.localized import Text
from forms.workflow.building import workflow_of
from forms.workflow.machine import Workflow
from forms.workflow.preset import Move
from forms.workflow.stages import without_stage, without_waiting


def has_conditions(definition: Definition) -> bool:
    """Whether the moves or the stages depend on the case at all."""
    use = definition.workflow
    return next(use.conditions(), None) is not None or any(stage.at for stage in use.stages)


def settled_workflow(
    definition: Definition,
    answers: Answers,
    facts: Facts,
    *,
    today: date,
    submitted_on: date,
    case: CaseValues,
    city: City | None = None,
) -> Workflow:
    """The workflow of a case with those moves whose conditions hold today, each with those who may take it, and the stages it needs.

    A condition that cannot be worked out does not hold. The answers are judged by the day of submission, as always.
    """
    if not has_conditions(definition):
        return workflow_of(definition)
    scope = case_scope(definition, answers, facts, submitted_on=submitted_on, case=case, city=city)
    program = program_of(definition)
    with day(today):
        workflow = settle(workflow_of(definition, case.skipped), program, scope)
        left_out = {stage.id for stage in needless_stages(definition, scope)}
    return without_waiting(workflow, definition.workflow.stages, (case.stages or {}).keys() | left_out)


def needless_stages(definition: Definition, scope: Mapping[str, Any]) -> list[Stage]:
    """The stages whose conditions do not hold, within `day(…)`; one that cannot be worked out is needed."""
    conditions = program_of(definition).workflow
    return [
        stage
        for stage in definition.workflow.stages
        if stage.when is not None and conditions[stage.when].holds(dict(scope)) is False
    ]


def case_scope(
    definition: Definition, answers: Answers, facts: Facts, *, submitted_on: date, case: CaseValues, city: City | None
) -> dict[str, Any]:
    """What expressions of the workflow are worked out from."""
    with day(submitted_on):
        plain = ReadContext(submitted_on, plane=city.plane if city else None)
        evaluator = Evaluator(definition, answers, facts, plain, city)
        evaluator.run()
    return workflow_values(definition, evaluator.scope, case)


def openings(
    definition: Definition, answers: Answers, facts: Facts, *, submitted_on: date, city: City | None
) -> list[Opening]:
    """The other procedures of which an application with these answers opens a case."""
    if not definition.opens:
        return []
    scope = case_scope(definition, answers, facts, submitted_on=submitted_on, case=CaseValues(), city=city)
    compiled = program_of(definition).by_path
    with day(submitted_on):
        return [
            opening
            for number, opening in enumerate(definition.opens)
            if opening.when is None or compiled["opens", number, "when"].holds(scope) is True
        ]


def message_text(definition: Definition, message: Text, scope: Mapping[str, Any], language: str) -> str:
    """A text to the applicant with its values, within `day(…)`."""
    text = message.for_language(language)
    template = program_of(definition).messages.get(text)
    return template.fill(dict(scope), language) if template else text


def last_day(definition: Definition, until: str, scope: Mapping[str, Any]) -> date | None:
    """The day that an expression gives, within `day(…)`; None where it has none to give."""
    try:
        value = program_of(definition).workflow[until].value(dict(scope))
    except (ExpressionFailed, NotDecided, AbsentDate):
        return None
    return value if isinstance(value, date) else None


def settle(workflow: Workflow, program: Program, scope: Mapping[str, Any]) -> Workflow:
    """The workflow without the moves whose conditions do not hold and the stages whose conditions fail, within `day(…)`."""
    values = dict(scope)
    return settle_by(workflow, lambda text: program.workflow[text].holds(values))


def settle_by(workflow: Workflow, holds: Callable[[str], bool | None]) -> Workflow:
    """The same by what each condition, given as its text, comes out as. One that cannot be worked out (None) allows no move and
    leaves out no stage and nobody who signs off.
    """
    for stage in reversed(workflow.optional):
        if holds(stage.when) is False:
            workflow = without_stage(workflow, stage)

    def settled(move: Move) -> Move | None:
        if move.when is not None and holds(move.when) is not True:
            return None
        who = tuple(
            doer.role if isinstance(doer, Doer) else doer
            for doer in move.who
            if not isinstance(doer, Doer) or holds(doer.when) is True
        )
        route = tuple(step for step in move.signed_off_by if step.when is None or holds(step.when) is not False)
        return move.model_copy(update={"who": who, "when": None, "signed_off_by": route}) if who else None

    return replace(workflow, moves=tuple(filter(None, map(settled, workflow.moves))))
