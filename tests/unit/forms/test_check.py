"""Before publishing: advice, examples that run, and what a clerk reads of the diff between two versions."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import Definition, Step, check, diff, dry_run, load
from forms.definition.fee import FeeRule
from forms.diff import SETTING_NAMES
from forms.fields import FIELD_TYPES
from tests.unit.forms.making import ROAD, TODAY, choice, definition, field, text, unhurried


def errors(definition_text: str) -> list[tuple[str, str, str]]:
    return [
        (diagnostic.path, diagnostic.message, diagnostic.remedy)
        for diagnostic in check(definition_text)
        if diagnostic.severity == "error"
    ]


def advice(definition_text: str) -> list[str]:
    return [diagnostic.message for diagnostic in check(definition_text) if diagnostic.severity == "advice"]


def test_a_valid_definition_has_advice_only() -> None:
    assert errors(ROAD) == []
    assert any("訳がありません(ja-easy、en)" in message for message in advice(ROAD))
    assert any("質問「area」に説明がありません" in message for message in advice(ROAD))


def test_advice_on_long_pages_and_missing_examples() -> None:
    many = text(*(field(f"f{number}", "text") for number in range(6)))
    assert "1ページに質問が6個あります。" in advice(many)
    assert "試しの答え(examples)がありません。" in advice(many)


def test_lines_of_the_fee_need_ids_of_their_own() -> None:
    fee = [{"id": "basic", "label": {"ja": "基本"}, "amount": 1}, {"id": "basic", "label": {"ja": "加算"}, "amount": 2}]
    [(path, message, _)] = errors(text(fee=fee))
    assert (path, message) == ("fee.1.id", "手数料の行「basic」が2つあります。")
    assert any(
        "手数料「加算」にIDがありません" in message
        for message in advice(text(fee=[{"label": {"ja": "加算"}, "amount": 2}]))
    )
    assert not any("IDがありません" in message for message in advice(text(fee=fee[:1])))


def test_bad_text_is_an_error_and_no_more() -> None:
    [diagnostic] = check("- 1")
    assert diagnostic.severity == "error"


EXAMPLE: dict[str, Any] = {"on": "2026-04-01", "answers": {"object": "sign"}}


@pytest.mark.parametrize(
    ("expect", "path", "message"),
    [
        ({"fee": 400}, "examples.0.expect.fee", "手数料は400円のはずですが、300円です。"),
        ({"fee": {"approved": 1}}, "examples.0.expect.fee.approved", "手数料は1円のはずですが、0円です。"),
        ({"visible": ["what"]}, "examples.0.expect.visible.0", "質問「what」は表示されません。"),
        ({"hidden": ["object"]}, "examples.0.expect.hidden.0", "質問「object」は表示されます。"),
        ({"errors": ["object"]}, "examples.0.expect.errors.0", "「object」に直すところはありません。"),
        ({"state": "received"}, "examples.0.expect.state", "状態は「received」のはずですが、「awaiting_fee」です。"),
        (
            {"moves": ["approve"], "state": "x"},
            "examples.0.expect.moves.0",
            "「awaiting_fee」から「approve」には進めません。",
        ),
    ],
)
def test_an_example_that_comes_out_otherwise_is_an_error(expect: dict[str, Any], path: str, message: str) -> None:
    fields = choice("object", "sign", "other"), field("what", "text", show_when="object == 'other'")
    fee = [{"label": {"ja": "料"}, "amount": 300}]
    [(found_path, found_message, _)] = errors(text(*fields, fee=fee, examples=[{**EXAMPLE, "expect": expect}]))
    assert found_path == path
    assert message in found_message


def test_an_example_tells_what_to_fix_in_its_answers() -> None:
    made = text(choice("object", "sign"), examples=[{"on": "2026-04-01", "answers": {"object": "sgn"}, "expect": {}}])
    [(path, message, _)] = errors(made)
    assert path == "examples.0.expect.errors"
    assert message.startswith("「object」: ")


def test_trying_answers_is_plain_json() -> None:
    made = load(ROAD)
    example = made.examples[0]
    trial = dry_run(made, example.answers, example.facts, example.on)
    assert (trial.total, trial.first_state, trial.assign_to, trial.errors) == (74_100, "received", "west", {})
    assert json.loads(json.dumps(trial.as_dict()))["fee_lines"][0]["amount"] == 74_100


def test_trying_answers_that_cannot_be_submitted_has_no_first_state() -> None:
    trial = dry_run(load(ROAD), {}, {}, date(2026, 4, 1))
    assert trial.first_state is None
    assert trial.total is None
    assert {"name", "area"} <= set(trial.errors)


def test_the_same_definition_has_no_difference() -> None:
    assert diff(load(ROAD), load(ROAD)) == []


@pytest.mark.parametrize(
    ("old", "new", "text_of_change"),
    [
        ("standard_days: 10", "standard_days: 14", "標準処理期間が変わりました(10 → 14)。"),
        ("* period.months / 12", "* period.months", "手数料「道路占用料」の計算式が変わりました"),
        (
            "{ja: 何を置きますか}",
            "{ja: 置くもの}",
            "質問「置くもの」の質問の文が変わりました(何を置きますか → 置くもの)。",
        ),
        ("max_length: 100}", "max_length: 100, required: false}", "質問「具体的に」が任意になりました。"),
        (
            "{id: sign, label: {ja: 看板}}, ",
            "",
            "質問「何を置きますか」の選択肢が変わりました(「看板」がなくなりました)。",
        ),
        ("      - {id: public_body,", "      - {id: state_body,", "質問「国や都ですか」がなくなりました。"),
        ("max_area_m2: 500", "max_area_m2: 300", "質問「占用する範囲」の広さの上限(m²)が変わりました(500 → 300)。"),
        ("by: area.office", "by: \"'road'\"", "審査の流れが変わりました。"),
    ],
)
def test_a_clerk_reads_what_changed(old: str, new: str, text_of_change: str) -> None:
    edited = ROAD.replace(old, new)
    if "state_body" in new:
        edited = edited.replace("public_body", "state_body")
    changes = diff(load(ROAD), load(edited))
    assert any(text_of_change in change.text for change in changes), [change.text for change in changes]


def test_questions_and_pages_that_come_go_and_move() -> None:
    one = {"id": "one", "title": {"ja": "一"}, "fields": [field("a", "text"), field("b", "text")]}
    two = {"id": "two", "title": {"ja": "二"}, "fields": [field("c", "text")]}
    old = load(text(steps=[one]))
    new = load(text(steps=[two, {**one, "fields": [field("a", "text")]}]))
    kinds = {(change.path, change.kind) for change in diff(old, new)}
    assert kinds == {("steps.two", "added"), ("fields.c", "added"), ("fields.b", "removed")}
    moved = load(
        text(steps=[{**one, "fields": [one["fields"][0]]}, {**two, "fields": [*two["fields"], one["fields"][1]]}])
    )
    assert ("fields.b", "moved") in {(change.path, change.kind) for change in diff(old, moved)}


def test_a_line_of_the_fee_is_the_same_line_under_another_name() -> None:
    def changes(old: dict[str, object], new: dict[str, object]) -> set[tuple[str, str]]:
        before, after = (load(text(fee=[{"amount": 300, **rule}])) for rule in (old, new))
        return {(change.path, change.kind) for change in diff(before, after)}

    named, other = {"id": "copy", "label": {"ja": "写し"}}, {"id": "copy", "label": {"ja": "写しの手数料"}}
    assert changes(named, other) == {("fee.copy.label", "changed")}
    assert changes({"label": {"ja": "写し"}}, named) == {("fee.copy.id", "changed")}
    assert {kind for _, kind in changes({"label": {"ja": "写し"}}, {"label": {"ja": "閲覧"}})} == {"added", "removed"}


def test_every_setting_of_every_question_has_a_name_for_clerks() -> None:
    parts = [*FIELD_TYPES.values(), Definition, Step, FeeRule]
    settings = {info.alias or name for part in parts for name, info in part.model_fields.items()}
    assert settings - {"id", "procedure", "steps", "fee"} <= SETTING_NAMES.keys()


KEYS = [
    "steps",
    "fields",
    "id",
    "type",
    "title",
    "ja",
    "workflow",
    "preset",
    "fee",
    "amount",
    "show_when",
    "options",
    "x",
]
TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.sampled_from(["text", "permit"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=30,
)


@unhurried
@given(TREES)
def test_no_tree_breaks_a_check(tree: Any) -> None:
    assert check(json.dumps(tree))


def paths(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    collected = [path] if path else []
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        collected += paths(value, (*path, key))
    return collected


WHOLE = json.loads(
    text(
        choice("object", "sign", "other"),
        field("what", "text", show_when="object == 'other'"),
        field("items", "group", fields=[field("kind", "text"), field("count", "integer")]),
        fee=[{"label": {"ja": "料"}, "amount": "count * 100", "each": "items", "explain": {"ja": "{count}点"}}],
        workflow={
            "preset": "permit",
            "drop": ["lapse"],
            "stages": [{"id": "look", "title": {"ja": "見る"}, "after": "accepted", "role": "inspector"}],
        },
        examples=[{"on": "2026-04-01", "answers": {"object": "sign"}, "expect": {"errors": ["items"], "visible": []}}],
        routing={"applies_when": "has_dog", "bring": [{"ja": "印"}]},
    )
)


@unhurried
@given(st.sampled_from(paths(WHOLE)), TREES)
def test_no_single_wrong_part_breaks_a_check(path: tuple[Any, ...], value: Any) -> None:
    tree = json.loads(json.dumps(WHOLE))
    part = tree
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    for diagnostic in check(json.dumps(tree)):
        assert diagnostic.line == 1
        assert diagnostic.message


def test_evaluating_on_a_day_far_away_is_no_trouble() -> None:
    made = definition(field("day", "date", required=False, min="today+7d"))
    for day in (date.min, TODAY, date.max):
        assert dry_run(made, {"day": "2026-04-01"}, {}, day).visible == ("day",)
