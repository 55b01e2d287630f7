"""Named values, answers demanded by a condition, and warnings."""

from fractions import Fraction
from typing import Any

import pytest

from forms import Definition, DefinitionError, check, document_of, load, load_document
from forms.reading import read_step
from tests.unit.forms.making import TODAY, choice, choices, definition, field, judged, text

HOUSEHOLD = field(
    "people", "group", max=12, fields=[choice("kind", "adult", "child"), field("income", "money", required=False)]
)
POINTS = [
    {"id": "points", "value": "children * 10 + bonus", "label": {"ja": "点数"}, "unit": {"ja": "点"}},
    {"id": "bonus", "value": "single ? 5 : 0"},
    {"id": "single", "value": "size(people) - children == 1"},
    {"id": "children", "value": "people.filter(p, p.kind == 'child').size()"},
]


def people(*kinds: str) -> dict[str, Any]:
    return {"people": [{"kind": kind} for kind in kinds]}


def test_named_values_use_each_other_in_any_order_and_are_used_everywhere() -> None:
    made = definition(
        HOUSEHOLD,
        field("proof", "text", show_when="points >= 25"),
        compute=POINTS,
        fee=[{"label": {"ja": "料"}, "amount": "points * 100", "explain": {"ja": "{points}点"}}],
    )
    evaluation = judged(made, people("adult", "child", "child"))
    assert evaluation.computed == {"points": 25, "bonus": 5, "single": True, "children": 2}
    assert "proof" in evaluation.visible
    evaluation = judged(made, people("adult", "adult", "child"))
    assert (evaluation.fee.total, evaluation.fee.lines[0].explanation.ja) == (1000, "10点")
    assert "proof" not in evaluation.visible


def test_a_named_value_may_be_a_fraction_a_text_or_a_day() -> None:
    made = definition(
        field("born", "birthday", required=False),
        choice("size", "s", "m"),
        compute=[
            {"id": "third", "value": "10 / 3"},
            {"id": "desk", "value": "size == 's' ? 'small' : 'large'"},
            {"id": "of_age", "value": "age_reached_on(born, 18)"},
        ],
        workflow={"preset": "notification", "assign": {"by": "desk"}},
    )
    evaluation = judged(made, {"size": "m", "born": "2010-04-02"})
    assert evaluation.computed["third"] == Fraction(10, 3)
    assert evaluation.assign_to == "large"
    assert str(evaluation.computed["of_age"]) == "2028-04-01"
    assert "of_age" not in judged(made, {"size": "m"}).computed


def test_a_value_waits_for_the_questions_it_follows_from() -> None:
    made = definition(
        field("copies", "integer", min=1),
        compute=[{"id": "price", "value": "copies * 300"}],
        fee=[{"label": {"ja": "料"}, "amount": "price"}],
    )
    evaluation = judged(made, {})
    assert evaluation.computed == {}
    assert evaluation.fee.total is None
    assert judged(made, {"copies": 2}).fee.total == 600


def test_a_value_that_cannot_be_worked_out_refuses_what_needs_it() -> None:
    rule = {"assert": "share < 2", "message": {"ja": "決まりです。"}}
    step = {"id": "s", "title": {"ja": "s"}, "fields": [field("n", "integer")], "checks": [rule]}
    made = load(
        text(
            steps=[step],
            compute=[{"id": "share", "value": "10 / n"}],
            fee=[{"label": {"ja": "料"}, "amount": "share"}],
        )
    )
    evaluation = judged(made, {"n": 0})
    assert not evaluation.check_failures[0].judged
    assert "計算できません" in evaluation.fee.refused[0].reason.ja
    assert judged(made, {"n": 10}).complete


@pytest.mark.parametrize(
    ("values", "path", "message"),
    [
        ([{"id": "a", "value": "b + 1"}, {"id": "b", "value": "a + 1"}], "compute.0.value", "輪"),
        ([{"id": "a", "value": "a + 1"}], "compute.0.value", "輪"),
        ([{"id": "a", "value": "nothing + 1"}], "compute.0.value", "「nothing」という項目はありません"),
        ([{"id": "note", "value": "1"}], "compute.0.id", "「note」が2つあります"),
        ([{"id": "has_dog", "value": "1"}], "compute.0.id", "ほかの意味で使われている名前"),
        ([{"id": "a", "value": "[1]"}], "compute.0.value", "1つの値"),
    ],
)
def test_values_that_cannot_be(values: list[dict[str, Any]], path: str, message: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        load(text(field("note", "text"), compute=values))
    faults = {(fault.path, fault.message) for fault in refused.value.diagnostics}
    assert any(at == path and message in fault for at, fault in faults)


def test_a_question_and_a_value_cannot_wait_for_each_other() -> None:
    with pytest.raises(DefinitionError, match="輪"):
        load(text(field("a", "integer", show_when="b > 1"), compute=[{"id": "b", "value": "a + 1"}]))


def either() -> Definition:
    return definition(
        field("phone", "phone", required_when="!answered(email)"),
        field("email", "email", required_when="!answered(phone)"),
    )


def test_an_answer_is_demanded_by_a_condition() -> None:
    assert set(judged(either(), {}).errors) == {"phone", "email"}
    evaluation = judged(either(), {"email": "a@example.jp"})
    assert evaluation.complete
    assert evaluation.required == {"email"}


def test_the_page_demands_it_too() -> None:
    assert set(read_step(either(), "first", {}, {}, {}, today=TODAY).errors) == {"phone", "email"}
    assert read_step(either(), "first", {"email": ["a@example.jp"]}, {}, {}, today=TODAY).complete


def test_a_row_demands_by_its_own_answers() -> None:
    rows = field(
        "people",
        "group",
        fields=[choice("kind", "adult", "child"), field("income", "money", required_when="kind == 'adult'")],
    )
    made = definition(rows)
    evaluation = judged(made, {"people": [{"kind": "child"}, {"kind": "adult"}]})
    assert set(evaluation.errors) == {"people.1.income"}
    assert evaluation.required == {"people.1.income"}
    reading = read_step(made, "first", {"people.0.kind": ["adult"], "people.1.kind": ["child"]}, {}, {}, today=TODAY)
    assert set(reading.errors) == {"people.0.income"}


def test_required_and_its_condition_exclude_each_other() -> None:
    with pytest.raises(DefinitionError, match="どちらか1つ"):
        definition(field("a", "text", required=True, required_when="true"))
    written = definition(field("a", "text", required_when="true"))
    assert document_of(load_document(document_of(written))) == document_of(written)


def test_a_warning_is_shown_and_stops_nobody() -> None:
    warning = {"assert": "size(kinds) < 2", "message": {"ja": "2つ以上は、時間がかかります。"}, "level": "warning"}
    step = {"id": "s", "title": {"ja": "s"}, "fields": [choices("kinds", "a", "b")], "checks": [warning]}
    evaluation = judged(load(text(steps=[step])), {"kinds": ["a", "b"]})
    assert evaluation.complete
    assert [failure.message("ja") for failure in evaluation.warnings] == ["2つ以上は、時間がかかります。"]
    assert judged(load(text(steps=[step])), {"kinds": ["a"]}).warnings == ()


def test_a_check_marks_every_question_it_names() -> None:
    rule = {"assert": "a < b", "message": {"ja": "aはbより小さくしてください。"}, "fields": ["a", "b"]}
    step = {"id": "s", "title": {"ja": "s"}, "fields": [field("a", "integer"), field("b", "integer")], "checks": [rule]}
    assert set(judged(load(text(steps=[step])), {"a": 2, "b": 1}).errors) == {"a", "b"}
    with pytest.raises(DefinitionError, match="どちらか1つ"):
        load(text(steps=[{**step, "checks": [{**rule, "field": "a"}]}]))
    with pytest.raises(DefinitionError, match="このステップの質問ではありません"):
        load(text(steps=[{**step, "checks": [{**rule, "fields": ["a", "c"]}]}]))


def test_a_walk_goes_through_values_and_demands() -> None:
    faults = check(text(HOUSEHOLD, field("proof", "text", required_when="points >= 25"), compute=POINTS))
    assert [fault for fault in faults if fault.severity == "error"] == []
    assert not any("成り立ち" in fault.message for fault in faults)


def test_a_statement_says_what_follows_from_the_answers() -> None:
    note = {
        "id": "note",
        "type": "statement",
        "text": {"ja": "期限は{day + days(14)}、{copies}通で{「見本」}です。", "en": "By {day + days(14)}."},
    }
    made = definition(field("day", "date"), field("copies", "integer"), note)
    note = judged(made, {"day": "2026-04-20", "copies": 1200}).statements["note"]
    assert note.ja == "期限は2026年5月4日、1,200通で{「見本」}です。"
    assert note.for_language("en") == "By 4 May 2026."
    assert judged(made, {"copies": 1}).statements["note"].ja == "期限は—、1通で{「見本」}です。"


def test_a_statement_that_does_not_show_or_has_no_expression_says_nothing_else() -> None:
    hidden = {"id": "note", "type": "statement", "show_when": "copies > 1", "text": {"ja": "{copies}通です。"}}
    plain = {"id": "plain", "type": "statement", "text": {"ja": "{注意}かっこはそのままです。"}}
    assert judged(definition(field("copies", "integer"), hidden, plain), {"copies": 1}).statements == {}


def test_a_wrong_expression_in_a_statement_is_a_fault_at_its_line() -> None:
    note = {"id": "note", "type": "statement", "text": {"ja": "{copies.days}通です。"}}
    [diagnostic] = [fault for fault in check(text(field("copies", "integer"), note)) if fault.severity == "error"]
    assert diagnostic.path == "steps.0.fields.1.text.ja"
