"""A stage with a condition: cases for which it fails go on without it, and are not promised it."""

from datetime import date
from typing import Any

import pytest

from forms import CaseValues, DefinitionError, settled_workflow
from forms.workflow.machine import Workflow
from tests.unit.forms.making import definition, field

DAY = date(2026, 11, 30)


def stage(id: str, when: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "title": {"ja": id},
        "role": "inspector",
        **({"when": when} if when else {}),
        **({"after": "accepted"} | more),
    }


def settled(answers: dict[str, Any], *stages: dict[str, Any]) -> Workflow:
    procedure = definition(
        field("minor", "yes_no"),
        field("fire", "yes_no"),
        workflow={"preset": "certificate", "stages": list(stages)},
    )
    return settled_workflow(procedure, answers, {}, today=DAY, submitted_on=DAY, case=CaseValues())


SURVEY = stage("survey", "!minor")


def test_where_it_holds_nobody_decides_without_it() -> None:
    workflow = settled({"minor": False, "fire": False}, SURVEY)
    assert {"begin_survey", "skip_survey"} <= {move.id for move in workflow.moves_from("accepted")}
    assert "issue" not in {move.id for move in workflow.moves_from("accepted")}
    assert "survey" in workflow.flow


def test_where_it_fails_the_case_goes_on_without_it() -> None:
    workflow = settled({"minor": True, "fire": False}, SURVEY)
    moves = {move.id for move in workflow.moves_from("accepted")}
    assert "issue" in moves
    assert moves & {"begin_survey", "skip_survey"} == set()
    assert "survey" not in workflow.flow


def test_what_is_not_answered_leaves_it_in() -> None:
    assert "survey" in settled({}, SURVEY).flow


def test_a_case_that_stands_in_it_can_still_leave_it() -> None:
    workflow = settled({"minor": True, "fire": False}, SURVEY)
    assert "finish_survey" in {move.id for move in workflow.moves_from("survey")}
    assert "issue" in {move.id for move in workflow.moves_from("survey_done")}


@pytest.mark.parametrize(
    ("minor", "fire", "first", "flow"),
    [
        (False, False, {"begin_survey"}, ["survey", "inspection"]),
        (True, False, {"begin_inspection"}, ["inspection"]),
        (False, True, {"begin_survey"}, ["survey"]),
        (True, True, {"issue"}, []),
    ],
)
def test_one_after_the_other(minor: bool, fire: bool, first: set[str], flow: list[str]) -> None:
    workflow = settled({"minor": minor, "fire": fire}, SURVEY, stage("inspection", "!fire"))
    forward = {"begin_survey", "begin_inspection", "issue"}
    assert forward & {move.id for move in workflow.moves_from("accepted")} == first
    assert [state for state in workflow.flow if state in ("survey", "inspection")] == flow


def test_one_beside_others_is_not_waited_for() -> None:
    opinion = stage("opinion", "!minor", after=None, at="accepted")
    opinion = {name: value for name, value in opinion.items() if value is not None}
    assert "issue" in {move.id for move in settled({"minor": True, "fire": False}, opinion).moves_from("accepted")}
    assert "issue" not in {move.id for move in settled({"minor": False, "fire": False}, opinion).moves_from("accepted")}


def test_its_condition_is_checked() -> None:
    with pytest.raises(DefinitionError, match="nobody"):
        definition(workflow={"preset": "certificate", "stages": [stage("survey", "nobody")]})
