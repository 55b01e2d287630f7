"""States and moves of a definition itself: laid over a preset or whole, on conditions, and proved to come to an end."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import CaseValues, Definition, DefinitionError, Workflow, check, diff, settled_workflow, workflow_of
from forms.walking import walk
from forms.workflow.ways import reachable, traps
from tests.unit.forms.making import TODAY, definition, field, text, unhurried

EXTENDED = {"id": "extended", "title": {"ja": "期間の延長"}, "kind": "open"}
EXTEND = {
    "id": "extend",
    "title": {"ja": "期間を延ばす"},
    "from": ["accepted"],
    "to": "extended",
    "who": ["decider"],
    "needs": ["note"],
    "causes": ["message"],
}
APPROVE = {"id": "approve", "from": ["accepted", "extended"]}


def flow(states: list[Any] | None = None, moves: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"preset": "permit", "states": states or [], "moves": moves or [], **more}


def made(*fields: dict[str, Any], **workflow: Any) -> Definition:
    return definition(*fields, workflow=flow(**workflow))


def faults(*fields: dict[str, Any], **workflow: Any) -> dict[str, str]:
    with pytest.raises(DefinitionError) as refused:
        made(*fields, **workflow)
    return {diagnostic.path: f"{diagnostic.message} {diagnostic.remedy}" for diagnostic in refused.value.diagnostics}


def errors(source: str) -> list[tuple[str, str]]:
    return [(item.path, f"{item.message} {item.remedy}") for item in check(source) if item.severity == "error"]


def test_own_states_stand_among_those_of_the_preset() -> None:
    workflow = workflow_of(made(states=[EXTENDED], moves=[EXTEND, APPROVE]))
    assert workflow.next("accepted", "extend") == "extended"
    assert workflow.next("extended", "approve") == "approved"
    assert (workflow.states["extended"].status, workflow.states["extended"].short.ja) == ("review", "期間の延長")
    assert workflow.move("accepted", "extend").event == "case.moved"
    bar = [(state.id, tense) for state, tense in workflow.progress("extended")]
    assert bar == [("received", "done"), ("extended", "now"), ("approved", "todo")]


def test_of_a_state_of_the_preset_only_what_is_written_changes() -> None:
    workflow = workflow_of(made(states=[{"id": "approved", "title": {"ja": "開示"}}]))
    state = workflow.states["approved"]
    assert (state.title.ja, state.short.ja, state.kind, state.status) == ("開示", "開示", "done", "ok")
    assert workflow.move("accepted", "approve").who == ("decider",)


@pytest.mark.parametrize(
    ("kind", "status", "event"),
    [
        ("done", "ok", "case.completed"),
        ("refused", "no", "case.refused"),
        ("withdrawn", "no", "case.withdrawn"),
        ("open", "review", "case.moved"),
        ("with_applicant", "wait", "case.moved"),
    ],
)
def test_a_new_state_has_the_colour_of_its_kind_and_the_history_its_event(kind: str, status: str, event: str) -> None:
    state = {"id": "elsewhere", "title": {"ja": "別の所"}, "kind": kind}
    there = EXTEND | {"to": "elsewhere"}
    back = {"id": "back", "title": {"ja": "もどす"}, "from": ["elsewhere"], "to": "accepted", "who": ["clerk"]}
    workflow = workflow_of(made(states=[state], moves=[there, back]))
    assert workflow.states["elsewhere"].status == status
    assert workflow.move("accepted", "extend").event == event


HELD = {"id": "held", "title": {"ja": "保留"}, "kind": "open"}
HOLD = {"id": "hold", "title": {"ja": "保留にする"}, "from": ["received", "accepted"], "to": "held", "who": ["clerk"]}
RESUME = {"id": "resume", "title": {"ja": "再開する"}, "from": ["held"], "to": "back", "who": ["clerk"]}


def test_what_is_set_aside_goes_on_from_where_it_was() -> None:
    source = text(
        workflow=flow([HELD], [HOLD, RESUME]),
        examples=[
            {
                "on": str(TODAY),
                "answers": {},
                "expect": {
                    "moves": ["hold", "resume", "accept", "hold", "resume", "request_correction", "answer_correction"],
                    "state": "accepted",
                },
            }
        ],
    )
    assert errors(source) == []
    workflow = workflow_of(made(states=[HELD], moves=[HOLD, RESUME]))
    assert traps(workflow) == []
    assert workflow.origins("held") == ("received", "accepted")
    assert workflow.move("held", "resume").event == "case.moved"


def test_from_what_is_set_aside_twice_it_goes_back_twice() -> None:
    deeper = {"id": "deeper", "title": {"ja": "長期の保留"}, "kind": "open"}
    sink = HOLD | {"id": "sink", "from": ["held"], "to": "deeper"}
    rise = RESUME | {"id": "rise", "from": ["deeper"]}
    workflow = workflow_of(made(states=[HELD, deeper], moves=[HOLD, RESUME, sink, rise]))
    past = ["deeper", "held", "accepted", "received"]
    assert workflow.came_from("held", past) == "accepted"
    assert workflow.came_from("deeper", past) == "held"
    assert traps(workflow) == []


def test_a_way_back_to_a_state_without_a_way_on_is_no_way_out() -> None:
    stuck = {"id": "stuck", "title": {"ja": "行き止まり"}, "kind": "open"}
    there = HOLD | {"id": "there", "from": ["received"], "to": "stuck"}
    messages = faults(states=[stuck, HELD], moves=[there, HOLD | {"from": ["stuck", "accepted"]}, RESUME])
    assert "終わりへ進めません" in messages["workflow.states.0"]


def test_a_whole_workflow_without_a_preset() -> None:
    workflow = {
        "start": "received",
        "states": [
            {"id": "received", "title": {"ja": "受付"}, "kind": "open", "status": "new"},
            {"id": "answered", "title": {"ja": "回答済み"}, "kind": "done"},
        ],
        "moves": [
            {"id": "answer", "title": {"ja": "答える"}, "from": ["received"], "to": "answered", "who": ["clerk"]},
        ],
    }
    source = text(workflow=workflow)
    assert errors(source) == []
    own = workflow_of(definition(workflow=workflow))
    assert (own.initial(), own.next("received", "answer"), own.flow) == (
        "received",
        "answered",
        ("received", "answered"),
    )
    incomplete = {key: value for key, value in workflow.items() if key != "start"}
    assert any("preset" in message for _path, message in errors(text(workflow=incomplete)))


@pytest.mark.parametrize(
    ("workflow", "path", "fragment"),
    [
        ({"states": [{"id": "extended"}]}, "workflow.states.0", "title"),
        ({"states": [EXTENDED]}, "workflow.states.0", "どの道からも"),
        ({"states": [EXTENDED], "moves": [EXTEND]}, "workflow.states.0", "道筋：received → accepted → extended"),
        ({"states": [EXTENDED, EXTENDED], "moves": [EXTEND, APPROVE]}, "workflow.states.1.id", "もうあります"),
        ({"moves": [EXTEND | {"to": "extnded"}]}, "workflow.moves.0.to", "extnded"),
        ({"moves": [EXTEND | {"to": "acepted"}]}, "workflow.moves.0.to", "accepted"),
        ({"moves": [EXTEND | {"to": "same", "from": ["acepted"]}]}, "workflow.moves.0.from.0", "accepted"),
        ({"moves": [EXTEND | {"to": "same", "who": ["deciderr"]}]}, "workflow.moves.0.who.0", "decider"),
        ({"moves": [EXTEND | {"to": "same", "who": ["system"]}]}, "workflow.moves.0.who", "進める人がいません"),
        (
            {"moves": [EXTEND | {"to": "same", "who": [{"role": "bucho", "when": "true"}]}]},
            "workflow.moves.0.who.0.role",
            "bucho",
        ),
        ({"moves": [EXTEND | {"to": "same", "when": "fee_total > 1"}]}, "workflow.moves.0.when", "fee_total"),
        ({"moves": [EXTEND | {"to": "same", "when": "case.fee"}]}, "workflow.moves.0.when", "はい・いいえ"),
        ({"moves": [{"id": "pay", "to": "received"}]}, "workflow.moves.0", "2つ"),
        (
            {"moves": [EXTEND | {"to": {"when_fee_due": "awaiting_payment", "otherwise": "approved"}}]},
            "workflow.moves.0",
            "fee",
        ),
        ({"moves": [RESUME | {"from": ["received"]}]}, "workflow.moves.0.from.0", "戻る先"),
        ({"states": [HELD | {"id": "back"}]}, "workflow.states.0.id", "もうあります"),
        ({"flow": ["received", "nowhere"]}, "workflow.flow.1", "nowhere"),
        (
            {"moves": [{"id": "approve", "signed_off_by": [{"role": "decider"}, {"role": "bucho"}]}]},
            "workflow.moves.0.signed_off_by.1.role",
            "bucho",
        ),
        (
            {"moves": [{"id": "approve", "signed_off_by": [{"role": "decider", "deputy": "fuku"}]}]},
            "workflow.moves.0.signed_off_by.0.deputy",
            "fuku",
        ),
        (
            {"moves": [EXTEND | {"to": "same", "who": ["system", "clerk"], "signed_off_by": [{"role": "decider"}]}]},
            "workflow.moves.0.signed_off_by",
            "決裁を受けられません",
        ),
        (
            {"states": [EXTENDED | {"kind": "with_applicant", "status": "fix"}], "moves": [EXTEND, APPROVE]},
            "workflow.states.0",
            "answer_correction",
        ),
        (
            {"states": [EXTENDED | {"kind": "awaiting_payment"}], "moves": [EXTEND, APPROVE]},
            "workflow.states.0",
            "支払いの後に進めません",
        ),
    ],
)
def test_a_fault_names_its_place_and_what_would_be_right(workflow: dict[str, Any], path: str, fragment: str) -> None:
    messages = faults(**workflow)
    assert path in messages, messages
    assert fragment in messages[path]


def test_a_fee_that_nobody_would_ask_for_is_a_fault() -> None:
    fee = [{"id": "fee", "label": {"ja": "手数料"}, "amount": "300", "when": "approved"}]
    whole = {"to": "approved"}
    [(path, message)] = errors(text(fee=fee, workflow=flow(moves=[{"id": "approve", "fee": "submission"} | whole])))
    assert (path, "求める動き" in message) == ("workflow.moves", True)


def test_a_stage_needs_a_role_that_the_city_has() -> None:
    stage = {"id": "look", "title": {"ja": "確認"}, "after": "accepted", "role": "applicant"}
    [(path, message)] = errors(text(workflow={"preset": "permit", "stages": [stage]}))
    assert path == "workflow.stages.0.role"
    assert "inspector(現地確認)" in message


AMOUNT = field("amount", "money", min=0, max=5_000_000)
BY_AMOUNT = {
    "id": "approve",
    "who": [{"role": "decider", "when": "amount <= 1000000"}, {"role": "admin", "when": "amount > 1000000"}],
}
LOOK = {
    "id": "look",
    "title": {"ja": "確認"},
    "after": "accepted",
    "role": "inspector",
    "form": {"fields": [field("ok", "yes_no")]},
}


def settled(whole: Definition, answers: dict[str, Any], **case: Any) -> Workflow:
    values = CaseValues(submitted_on=TODAY, **case)
    return settled_workflow(whole, answers, {}, today=TODAY, submitted_on=TODAY, case=values)


@pytest.mark.parametrize(("amount", "who"), [(1_000_000, "decider"), (1_000_001, "admin")])
def test_who_decides_depends_on_the_answers(amount: int, who: str) -> None:
    workflow = settled(made(AMOUNT, moves=[BY_AMOUNT]), {"amount": amount})
    assert workflow.move("accepted", "approve").who == (who,)


def test_only_the_permit_of_the_preset_takes_conditions_until_a_definition_says_otherwise() -> None:
    plain = workflow_of(made())
    assert [move.id for move in plain.moves if move.conditions] == ["approve", "correct"]
    own = workflow_of(
        made(moves=[{"id": name, "conditions": name == "refuse"} for name in ("approve", "correct", "refuse")])
    )
    assert [move.id for move in own.moves if move.conditions] == ["refuse"]


@pytest.mark.parametrize(
    ("condition", "fee", "roles"),
    [
        ("case.fee > 1000000", 1_000_001, ["decider", "admin"]),
        ("case.fee > 1000000", 1_000_000, ["decider"]),
        ("1 / amount > 0", 0, ["decider", "admin"]),
    ],
)
def test_a_step_of_the_route_is_left_out_only_where_its_condition_does_not_hold(
    condition: str, fee: int, roles: list[str]
) -> None:
    route = [{"role": "decider"}, {"role": "admin", "when": condition}]
    workflow = settled(made(AMOUNT, moves=[{"id": "approve", "signed_off_by": route}]), {"amount": 0}, fee=fee)
    assert [step.role for step in workflow.move("accepted", "approve").signed_off_by] == roles


def test_the_difference_tells_of_the_route_in_words() -> None:
    step = {"role": "decider", "deputy": "clerk"}
    [change] = diff(made(), made(moves=[{"id": "approve", "signed_off_by": [step]}]))
    assert change.after == "決裁の経路 担当する役割 決定、代決する役割 受付・審査"


@pytest.mark.parametrize(
    ("condition", "case", "is_there"),
    [
        ("case.fee > 1000000", {"fee": 1_000_001}, True),
        ("case.fee > 1000000", {"fee": 1_000_000}, False),
        ("look.ok", {}, False),
        ("look.ok", {"stages": {"look": {"ok": True}}}, True),
        ("answered(look.ok) && !look.ok", {"stages": {"look": {"ok": False}}}, True),
        ("answered(look.ok) && !look.ok", {}, False),
        ("case.submitted_on + days(15) > today()", {}, True),
        ("1 / amount > 0", {}, False),
    ],
)
def test_a_move_is_there_only_while_its_condition_holds(condition: str, case: dict[str, Any], is_there: bool) -> None:
    whole = made(AMOUNT, moves=[EXTEND | {"to": "same", "when": condition}], stages=[LOOK])
    workflow = settled(whole, {"amount": 0}, **case)
    assert ("extend" in {move.id for move in workflow.moves_from("accepted")}) is is_there


def test_publishing_finds_answers_with_which_nobody_could_decide() -> None:
    hole = {"id": "approve", "who": [{"role": "decider", "when": "amount < 1000000 && look.ok"}]}
    only = {"drop": ["refuse", "withdraw"]}
    [(path, message)] = errors(text(AMOUNT, workflow=flow(moves=[hole], stages=[LOOK], **only)))
    assert path == "workflow.moves"
    assert "審査中" in message
    assert '"ok"' in message
    assert "道筋：「受付待ち」" in message
    refuse = {"id": "turn_down", "title": {"ja": "断る"}, "from": ["accepted"], "to": "refused", "who": ["clerk"]}
    assert errors(text(AMOUNT, workflow=flow(moves=[hole, refuse], **only, stages=[LOOK]))) == []


def test_the_examples_go_by_the_conditions() -> None:
    example = {
        "on": "2026-04-01",
        "answers": {"amount": 5},
        "expect": {"moves": ["accept", "extend"], "state": "accepted"},
    }
    move = EXTEND | {"to": "same", "when": "amount > 5"}
    [(path, _message)] = errors(text(AMOUNT, workflow=flow(moves=[move]), examples=[example]))
    assert path == "examples.0.expect.moves.1"
    example["answers"] = {"amount": 6}
    assert errors(text(AMOUNT, workflow=flow(moves=[move]), examples=[example])) == []


def test_the_difference_names_states_and_moves_in_words() -> None:
    old = made(AMOUNT, states=[EXTENDED], moves=[EXTEND, APPROVE])
    moves = [EXTEND | {"who": ["clerk"], "needs": []}, APPROVE]
    new = made(AMOUNT, states=[EXTENDED | {"title": {"ja": "延長"}}], moves=moves)
    lines = {(change.before, change.after) for change in diff(old, new)}
    assert {("決定", None), (None, "受付・審査"), ("申請した人への文", None), ("「期間の延長」", "「延長」")} <= lines


@unhurried
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["received", "accepted", "one", "two"]),
            st.sampled_from(["accepted", "one", "two", "approved"]),
            st.sampled_from(["clerk", "applicant", "system"]),
            st.sampled_from([None, "amount > 3", "amount <= 3"]),
        ),
        max_size=5,
    )
)
def test_what_is_published_never_strands_an_application(ways: list[tuple[str, str, str, str | None]]) -> None:
    states = [{"id": name, "title": {"ja": name}, "kind": "open"} for name in ("one", "two")]
    moves = [
        {"id": f"go_{number}", "title": {"ja": "進む"}, "from": [begin], "to": to, "who": [who]}
        | ({"when": when} if when else {})
        for number, (begin, to, who, when) in enumerate(ways)
    ]
    try:
        whole = made(field("amount", "integer", min=0, max=9), states=states, moves=moves, drop=["refuse", "withdraw"])
    except DefinitionError:
        return
    assert set(reachable(workflow_of(whole))) == set(workflow_of(whole).states) - {"refused", "withdrawn"}
    proved = not walk(whole, today=date(2026, 4, 1)).dead_ends
    stranded = any(traps(settled(whole, {"amount": amount})) for amount in range(10))
    assert proved is not stranded


def test_a_part_may_be_granted_only_of_questions_from_which_something_can_be_taken() -> None:
    amount, name = field("amount", "integer", min=0, max=9), field("name", "text", max_length=9)
    rows = field("stalls", "group", fields=[field("size", "integer", min=1, max=9)])
    approve = [{"id": "approve", "partial": ["amount", "stalls"]}]
    assert workflow_of(made(amount, rows, moves=approve)).move("accepted", "approve").partial == ("amount", "stalls")
    problems = faults(amount, name, moves=[{"id": "approve", "partial": ["name", "amuont"]}])
    assert "一部だけ認められません" in problems["workflow.moves.0.partial.0"]
    assert "「amount」ではありませんか" in problems["workflow.moves.0.partial.1"]
