"""What becomes of the applications of made-up residents: in every state that theirs can come to, somebody must be able to go on."""

from itertools import product
from random import Random
from typing import Final

from pydantic import JsonValue

from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.evaluation.city import City
from forms.evaluation.evaluate import Evaluator
from forms.evaluation.fee import FeeUndecided
from forms.evaluation.program import program_of
from forms.evaluation.result import Evaluation
from forms.evaluation.workflow_scope import CaseValues, workflow_values
from forms.fields import ReadContext
from forms.walking.coverage import DeadEnd
from forms.walking.pools import Pools
from forms.walking.resident import Resident
from forms.workflow.building import workflow_of
from forms.workflow.machine import Workflow
from forms.workflow.settling import has_conditions, last_day, settle, settle_by
from forms.workflow.ways import traps, way_to

#: Of more conditions not every outcome is tried.
_MOST_CONDITIONS: Final = 8


class Office:
    """Made-up staff, who fill in the forms of stages. Of a workflow without conditions there is nothing to try.

    `risky`: some outcome of its conditions, if any application has it, leaves a state without a way to an end.
    """

    def __init__(self, definition: Definition, plain: ReadContext, city: City | None) -> None:
        self.definition, self.plain, self.city = definition, plain, city
        self.workflow = workflow_of(definition)
        self.risky = _may_be_stuck(definition, self.workflow)
        self.beside = {stage.id for stage in definition.workflow.stages if stage.at}
        self.pools = {
            stage: Pools(form, program_of(form), plain, city) for stage, form in definition.stage_forms.items()
        }

    def stuck(self, evaluator: Evaluator, evaluation: Evaluation, random: Random) -> DeadEnd | None:
        """The state in which nobody could bring this application to an end; within `day(…)`."""
        last_days = list(self.definition.workflow.last_days())
        if not (has_conditions(self.definition) or last_days) or not evaluation.complete:
            return None
        stages = self._findings(random)
        case = CaseValues(fee=_fee(evaluation), submitted_on=self.plain.today, stages=stages)
        scope = workflow_values(self.definition, evaluator.scope, case)
        for path, until in last_days:
            if last_day(self.definition, until, scope) is None:
                return self._no_day(("workflow", *path), until, evaluation)
        settled = settle(self.workflow, program_of(self.definition), scope)
        # the farthest state is where it begins: those before it are traps only because all ways lead there
        trap = max(traps(settled), key=lambda state: len(way_to(settled, state)), default=None)
        return self._dead_end(settled, trap, evaluation, stages) if trap is not None else None

    def _no_day(self, path: Path, until: str, evaluation: Evaluation) -> DeadEnd:
        program = program_of(self.definition)
        questions = sorted(program.questions(program.workflow[until]))
        return DeadEnd(
            path,
            "この期限の日が決まらない申請があります。",
            "日の質問を required にするか、「answered(日) ? 日 : today() + days(30)」のように、ないときの日を書いてください。",
            {name: evaluation.answers.get(name) for name in questions},
        )

    def _findings(self, random: Random) -> dict[str, dict[str, JsonValue]]:
        """What each stage found; now and then one is passed over that stands by itself."""
        findings: dict[str, dict[str, JsonValue]] = {}
        for stage, pools in self.pools.items():
            if stage in self.beside or random.random() >= 0.2:
                findings[stage] = self._filled(stage, pools, random)
        return findings | {stage: {} for stage in self.beside - findings.keys()}

    def _filled(self, stage: str, pools: Pools, random: Random) -> dict[str, JsonValue]:
        """One form of a stage as somebody filled it in."""
        clerk = Resident(self.definition.stage_forms[stage], pools, self.plain, self.city, random)
        *_corrections, (_evaluator, evaluation) = clerk.fill_in()
        return dict(evaluation.answers)

    def _dead_end(
        self, settled: Workflow, trap: str, evaluation: Evaluation, stages: dict[str, dict[str, JsonValue]]
    ) -> DeadEnd:
        way = " → ".join(f"「{settled.states[state].title.ja}」" for state in way_to(settled, trap))
        questions = program_of(self.definition).questions(*program_of(self.definition).workflow.values())
        answers: dict[str, JsonValue] = {name: evaluation.answers.get(name) for name in sorted(questions)}
        path: Path = ("workflow", "moves")
        number = next((n for n, state in enumerate(self.definition.workflow.states) if state.id == trap), None)
        if number is not None:
            path = ("workflow", "states", number)
        return DeadEnd(
            path,
            f"「{settled.states[trap].title.ja}」({trap})から、だれも終わりへ進められない申請があります。道筋：{way}",
            "条件(when)が成り立たないときの動きを moves に加えるか、who の条件を広げてください。",
            {**answers, **stages},
        )


def _may_be_stuck(definition: Definition, workflow: Workflow) -> bool:
    conditions = sorted({text for _path, text in definition.workflow.conditions()})
    if len(conditions) > _MOST_CONDITIONS:
        return True
    outcomes = (dict(zip(conditions, holds, strict=True)) for holds in product((False, True), repeat=len(conditions)))
    return bool(conditions) and any(traps(settle_by(workflow, outcome.__getitem__)) for outcome in outcomes)


def _fee(evaluation: Evaluation) -> int:
    try:
        return evaluation.fee.due("submission") + evaluation.fee.due("approved")
    except FeeUndecided:
        return 0
