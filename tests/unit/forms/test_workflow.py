"""Workflows: payment at both moments, stages, dropped moves, and always a way out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import DefinitionError, MoveNotAllowed, Workflow, workflow_of
from forms.definition.states import Fork
from forms.definition.workflow import WorkflowUse
from forms.workflow.building import build
from forms.workflow.preset import presets
from forms.workflow.ways import reachable, traps
from tests.unit.forms.making import definition, unhurried


def made(preset: str = "permit", **adapted: Any) -> Workflow:
    return workflow_of(definition(workflow={"preset": preset, **adapted}))


def test_without_a_fee_the_office_sees_the_case_at_once() -> None:
    assert made().initial(0) == "received"


def test_with_a_fee_at_submission_the_office_sees_it_when_it_is_paid() -> None:
    workflow = made()
    assert workflow.initial(3550) == "awaiting_fee"
    assert workflow.states["awaiting_fee"].kind == "awaiting_payment"
    assert workflow.next("awaiting_fee", "pay") == "received"


def test_a_fee_on_approval_is_paid_before_the_permit_stands() -> None:
    workflow = made()
    assert workflow.move("accepted", "approve").fee == "approved"
    assert workflow.next("accepted", "approve", fee_due=74_100) == "awaiting_payment"
    assert workflow.next("awaiting_payment", "pay") == "approved"
    assert workflow.next("accepted", "approve", fee_due=0) == "approved"


def test_a_decision_that_was_told_can_be_put_aside_but_is_not_still_to_come() -> None:
    workflow = made()
    assert workflow.next("refused", "reopen") == "accepted"
    assert workflow.next("approved", "revoke") == "revoked"
    assert workflow.next("approved", "correct") == "approved"
    assert {move.id for move in workflow.moves if move.corrects} == {"reopen", "revoke", "correct"}
    assert workflow.awaits_decision("accepted")
    assert not workflow.awaits_decision("refused")
    assert workflow.states["revoked"].final


def test_that_the_office_may_end_a_case_on_a_word_is_no_way_out_of_it() -> None:
    with pytest.raises(DefinitionError):
        made(drop=["approve", "refuse", "withdraw"])
    kept = made(drop=["withdraw"])
    assert kept.next("accepted", "withdraw_by_office") == "withdrawn"


def test_a_correction_goes_to_the_applicant_and_back() -> None:
    workflow = made()
    state = workflow.next("accepted", "request_correction")
    assert workflow.states[state].status == "fix"
    assert [move.id for move in workflow.moves_from(state, "applicant")] == ["answer_correction", "withdraw"]
    assert workflow.returning(state, "accepted").next(state, "answer_correction") == "accepted"


@pytest.mark.parametrize("preset", ["permit", "notification", "certificate"])
def test_what_was_corrected_before_it_was_accepted_is_still_to_be_accepted(preset: str) -> None:
    workflow = made(preset)
    state = workflow.next("received", "request_correction")
    came_from = workflow.came_from(state, ["received", "awaiting_fee"])
    workflow = workflow.returning(state, came_from)
    assert names(workflow.progress(state))[:2] == ["correcting:now", "accepted:todo"]
    assert workflow.next(state, "answer_correction") == "received"


def test_a_correction_during_a_stage_leads_back_to_the_stage() -> None:
    workflow = made(
        stages=[{"id": "site_check", "title": {"ja": "現地確認"}, "after": "accepted", "role": "inspector"}]
    )
    for origin in ("site_check", "site_check_done"):
        state = workflow.next(origin, "request_correction")
        came_from = workflow.came_from(state, [origin, "correcting", "accepted", "received"])
        back = workflow.returning(state, came_from)
        assert back.next(state, "answer_correction") == origin
        assert names(back.progress(state))[2] == "correcting:now"


def test_where_a_case_came_from_that_nobody_kept_is_the_first_place_it_can_have_come_from() -> None:
    workflow = made()
    assert workflow.came_from("correcting", []) == workflow.next("correcting", "answer_correction") == "received"


def test_roles_see_only_their_moves() -> None:
    workflow = made()
    assert [move.id for move in workflow.moves_from("accepted", {"clerk"})] == [
        "request_correction",
        "withdraw_by_office",
    ]
    assert "approve" in [move.id for move in workflow.moves_from("accepted", {"clerk", "decider"})]
    assert workflow.moves_from("approved", "applicant") == []


def test_a_refund_leaves_the_case_where_it_is() -> None:
    assert made().next("refused", "refund") == "refused"


def test_a_move_that_is_not_there_is_rejected() -> None:
    with pytest.raises(MoveNotAllowed):
        made().next("received", "approve")


def test_a_stage_stands_before_the_decision() -> None:
    workflow = made(
        stages=[{"id": "site_check", "title": {"ja": "現地確認"}, "after": "accepted", "role": "inspector"}]
    )
    with pytest.raises(MoveNotAllowed):
        workflow.next("accepted", "approve")
    assert workflow.next("accepted", "begin_site_check") == "site_check"
    [finish] = workflow.moves_from("site_check", "inspector")
    done = workflow.next("site_check", finish.id)
    assert workflow.next(done, "approve") == "approved"
    assert workflow.states[done].title.ja == "審査中(現地確認済み)"
    assert workflow.next(done, "request_correction") == "correcting"
    assert workflow.move("accepted", "skip_site_check").needs == ("internal_note",)


def test_two_stages_stand_one_after_the_other() -> None:
    stages = [
        {"id": "site_check", "title": {"ja": "現地確認"}, "after": "accepted", "role": "inspector"},
        {"id": "second_look", "title": {"ja": "再確認"}, "after": "accepted", "role": "decider", "form": "second"},
    ]
    workflow = made(stages=stages)
    state = "accepted"
    for move in ("begin_site_check", "finish_site_check", "begin_second_look", "finish_second_look", "approve"):
        state = workflow.next(state, move)
    assert state == "approved"
    assert [state.id for state, _ in workflow.progress("received")] == [
        "received",
        "accepted",
        "site_check",
        "second_look",
        "approved",
    ]


def test_a_stage_may_stand_after_another_stage() -> None:
    stages = [
        {"id": "site_check", "title": {"ja": "現地確認"}, "after": "accepted", "role": "inspector"},
        {"id": "second_look", "title": {"ja": "再確認"}, "after": "site_check", "role": "decider"},
    ]
    workflow = made(stages=stages)
    assert workflow.next("site_check_done", "begin_second_look") == "second_look"
    with pytest.raises(MoveNotAllowed):
        workflow.next("site_check_done", "approve")
    bar = names(workflow.progress("second_look_done"))
    assert bar[2:] == ["site_check:done", "second_look_done:now", "approved:todo"]


def test_a_stage_that_was_passed_over_is_not_called_done() -> None:
    titles = {"site_check": "現地確認", "second_look": "再確認"}
    stages = [
        {"id": name, "title": {"ja": title}, "after": "accepted", "role": "decider"} for name, title in titles.items()
    ]
    workflow = workflow_of(definition(workflow={"preset": "permit", "stages": stages}), ["site_check"])
    assert workflow.states["site_check_done"].title.ja == "審査中"
    assert workflow.states["second_look_done"].title.ja == "審査中(再確認済み)"
    assert names(workflow.progress("site_check_done")) == [
        "received:done",
        "site_check_done:now",
        "second_look:todo",
        "approved:todo",
    ]
    assert names(workflow.progress("approved"))[1:] == ["accepted:done", "second_look:done", "approved:done"]
    assert workflow.next("site_check_done", "begin_second_look") == "second_look"


def names(bar: list[Any]) -> list[str]:
    return [f"{state.id}:{tense}" for state, tense in bar]


def test_the_progress_bar() -> None:
    workflow = made()
    assert names(workflow.progress("received")) == ["received:now", "accepted:todo", "approved:todo"]
    assert names(workflow.progress("correcting")) == ["received:done", "correcting:now", "approved:todo"]
    assert names(workflow.progress("approved")) == ["received:done", "accepted:done", "approved:done"]
    assert names(workflow.progress("refused"))[-1] == "refused:done"
    fees = {"submission", "approved"}
    refused = names(workflow.progress("refused", fee_moments=fees))
    assert refused == ["awaiting_fee:done", "received:done", "accepted:done", "refused:done"], (
        "what was never permitted was not paid"
    )
    withdrawn = names(workflow.progress("withdrawn", fee_moments=fees))
    assert withdrawn == ["received:done", "withdrawn:done"], "nobody may have looked at it yet, and nothing been paid"
    both = workflow.progress("received", fee_moments={"submission", "approved"})
    assert names(both) == [
        "awaiting_fee:done",
        "received:now",
        "accepted:todo",
        "awaiting_payment:todo",
        "approved:todo",
    ]


@pytest.mark.parametrize("preset", sorted(presets()))
def test_every_preset_has_a_way_out_of_every_state(preset: str) -> None:
    workflow = build(WorkflowUse(preset=preset))
    assert traps(workflow) == []
    assert set(reachable(workflow)) == set(workflow.states)
    assert set(workflow.flow) <= set(workflow.states)
    for state in workflow.states.values():
        assert state.final or workflow.moves_from(state.id)
        assert state.seen_as is None or state.seen_as in workflow.flow
        assert state.title.has("ja-easy")
        assert state.title.has("en")
    for move in workflow.moves:
        assert {name for state in move.from_ for name in move.targets(state)} <= set(workflow.states)


def test_dropping_the_only_way_out_is_rejected() -> None:
    with pytest.raises(DefinitionError) as caught:
        made(drop=["approve", "refuse", "withdraw"])
    assert {diagnostic.path for diagnostic in caught.value.diagnostics} == {"workflow.drop"}
    assert any("審査中" in diagnostic.message for diagnostic in caught.value.diagnostics)


def test_an_unknown_move_cannot_be_dropped() -> None:
    with pytest.raises(DefinitionError) as caught:
        made(drop=["approv"])
    [diagnostic] = caught.value.diagnostics
    assert (diagnostic.path, diagnostic.remedy) == ("workflow.drop.0", "「approve」ではありませんか。")


@unhurried
@given(
    st.sampled_from(sorted(presets())),
    st.sets(
        st.sampled_from(["pay", "lapse", "accept", "approve", "complete", "issue", "refuse", "withdraw", "refund"])
    ),
    st.lists(st.sampled_from(["accepted", "received", "one", "two"]), max_size=3),
)
def test_what_publishing_accepts_always_has_a_way_out(preset: str, drop: set[str], after: list[str]) -> None:
    stages = [
        {"id": name, "title": {"ja": name}, "after": before, "role": "inspector"}
        for name, before in zip(("one", "two", "three"), after, strict=False)
    ]
    try:
        workflow = made(preset, drop=sorted(drop), stages=stages)
    except DefinitionError:
        return
    for fee_due in (0, 500):
        for state in reachable(workflow):
            assert _end_is_reached(workflow, state, fee_due)
    assert isinstance(workflow.start, Fork | str)


def _end_is_reached(workflow: Workflow, state: str, fee_due: int) -> bool:
    """Whether an end is reached by moves as a running case makes them, with that fee due at every decision."""
    seen = [state]
    for name in seen:
        if workflow.states[name].final:
            return True
        ways = (workflow.next(name, move.id, fee_due=fee_due) for move in workflow.moves_from(name))
        seen += [way for way in dict.fromkeys(ways) if way not in seen]
    return False
