"""Stages at one state, beside each other: nobody decides before enough of them are done; the applicant may do one too."""

from typing import Any

import pytest

from forms import DefinitionError, check, workflow_of
from forms.workflow.machine import Workflow
from forms.workflow.stages import without_waiting
from tests.unit.forms.making import definition, field, text


def opinion(id: str, **more: Any) -> dict[str, Any]:
    form = {"fields": [field("agrees", "yes_no")]}
    return {"id": id, "title": {"ja": id}, "at": "accepted", "role": "inspector", "form": form, **more}


def permit(*stages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"preset": "permit", "stages": list(stages), **more}


def moves(workflow: dict[str, Any], *done: str) -> set[str]:
    whole = definition(workflow=workflow)
    settled: Workflow = without_waiting(workflow_of(whole), whole.workflow.stages, done)
    return {move.id for move in settled.moves_from("accepted")}


BOTH = permit(opinion("fire"), opinion("water"))
ANY = permit(opinion("fire"), opinion("water"), states=[{"id": "accepted", "stages_needed": "any"}])


@pytest.mark.parametrize(
    ("workflow", "done", "may_decide"),
    [
        (BOTH, [], False),
        (BOTH, ["fire"], False),
        (BOTH, ["fire", "water"], True),
        (ANY, [], False),
        (ANY, ["water"], True),
    ],
)
def test_nobody_decides_before_enough_are_done(workflow: dict[str, Any], done: list[str], may_decide: bool) -> None:
    there = moves(workflow, *done)
    assert ("approve" in there) is may_decide
    assert {"finish_fire", "skip_fire"} <= there or "fire" in done
    assert "request_correction" in there, "what decides nothing waits for nothing"
    assert not {f"finish_{stage}" for stage in done} & there


def errors(workflow: dict[str, Any], *fields: dict[str, Any], **parts: Any) -> dict[str, str]:
    diagnostics = check(text(*fields, workflow=workflow, **parts))
    return {item.path: f"{item.message} {item.remedy}" for item in diagnostics if item.severity == "error"}


def test_the_applicant_does_a_stage_only_beside_others() -> None:
    assert errors(permit(opinion("report", role="applicant"))) == {}
    alone = opinion("report", role="applicant") | {"after": "accepted"}
    del alone["at"]
    assert "workflow.stages.0.role" in errors(permit(alone))


@pytest.mark.parametrize(
    ("stage", "path"),
    [
        (opinion("fire") | {"after": "accepted"}, "workflow.stages.0"),
        (opinion("fire") | {"at": "acepted"}, "workflow.stages.0.at"),
        (opinion("fire") | {"then": "aproved"}, "workflow.stages.0.then"),
    ],
)
def test_a_stage_has_one_place_that_exists(stage: dict[str, Any], path: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        definition(workflow=permit(stage))
    assert [item.path for item in refused.value.diagnostics] == [path]


def test_examples_pass_stages_and_see_what_was_found() -> None:
    decide = {"id": "approve", "when": "fire.agrees && water.agrees"}
    workflow = permit(opinion("fire"), opinion("water"), moves=[decide])
    way = ["accept", "finish_fire", "finish_water", "approve"]
    example: dict[str, Any] = {
        "on": "2026-04-01",
        "answers": {"note": "x"},
        "stages": {"fire": {"agrees": True}, "water": {"agrees": True}},
        "expect": {"moves": way, "state": "approved"},
    }
    assert errors(workflow, examples=[example]) == {}
    example["stages"]["water"]["agrees"] = False
    assert list(errors(workflow, examples=[example])) == ["examples.0.expect.moves.3"]


def test_publishing_finds_opinions_with_which_nobody_could_decide() -> None:
    stuck = permit(opinion("fire"), moves=[{"id": "approve", "when": "fire.agrees"}], drop=["refuse", "withdraw"])
    [message] = errors(stuck).values()
    assert '"agrees": false' in message


def test_another_department_does_a_stage_as_itself() -> None:
    whole = definition(workflow=permit(opinion("water", department="waterworks")))
    workflow = workflow_of(whole)
    finish = workflow.move("accepted", "finish_water")
    assert finish.roles == {"inspector@water"}
    assert not finish.roles & {"inspector", "clerk"}, "the same role in the case's own department is not asked"
    faults = errors(permit(opinion("water", department="waterworks", role="applicant")))
    assert faults["workflow.stages.0.department"].startswith("申請者がする段階に、課(department)は書けません。")


def test_a_stage_of_its_own_may_be_done_by_another_department_and_is_no_trap() -> None:
    stage = opinion("water", department="waterworks") | {"after": "accepted"}
    del stage["at"]
    assert not errors(permit(stage))
