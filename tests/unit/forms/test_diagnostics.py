"""Every diagnostic of a definition names its path and line, what stands there, and the nearest thing that would do."""

import json

import pytest
from jsonschema import Draft202012Validator

from forms import DefinitionError, Diagnostic, json_schema, load
from forms.definition.source import read_source
from tests.unit.forms.making import ROAD, ROAD_WITH_PERMIT, choice, field, text


def diagnostics(definition: str) -> list[Diagnostic]:
    with pytest.raises(DefinitionError) as caught:
        load(definition)
    return caught.value.diagnostics


def changed(old: str, new: str) -> str:
    source = ROAD if old in ROAD else ROAD_WITH_PERMIT
    assert source.count(old) >= 1
    return source.replace(old, new, 1)


def line_of(definition: str, fragment: str) -> int:
    return definition[: definition.index(fragment)].count("\n") + 1


EDITS = [
    # what is written wrong, path, words of the message, words of the remedy
    (
        "standard_days: 10",
        "standard_day: 10",
        "standard_day",
        "「standard_day」という項目はありません",
        "standard_days",
    ),
    ("kind: permit", "kind: permitt", "kind", "「permitt」は使えません", "permit"),
    ("kind: permit\n", "", "kind", "「kind」がありません", "kind: …"),
    ("standard_days: 10", "standard_days: 十日", "standard_days", "整数が要りますが、「十日」(文字)", ""),
    ("standard_days: 10", "standard_days: 9999", "standard_days", "「9999」(数)は使えません", "730以下"),
    ("department: road-management", "department: 道路課", "department", "IDとして使えません", "road-occupancy"),
    (
        "title: {ja: 申請する方}",
        "title: 12",
        "steps.0.title",
        "組が要りますが、「12」(数)",
        "{ja: 文}",
    ),
    ("title: {ja: 申請する方}", "title: {jp: 申請する方}", "steps.0.title.jp", "「jp」は使えません", "ja"),
    ("title: {ja: 申請する方}", "title: {ja: 氏名,住所}", "steps.0.title.住所", "別の見出し", "引用符"),
    ("type: polygon", "type: poligon", "steps.1.fields.4.type", "「poligon」は使えません", "polygon"),
    ("        type: polygon\n", "", "steps.1.fields.4", "「type」がありません", "type: …"),
    ("type: polygon", "typ: polygon", "steps.1.fields.4.typ", "「type」がありません", "「typ」は「type」のまちがい"),
    ("kind: permit", "kynd: permit", "kynd", "「kind」がありません", "「kynd」は「kind」のまちがい"),
    (
        "max_area_m2: 500",
        "max_area: 500",
        "steps.1.fields.4.max_area",
        "「max_area」という項目はありません",
        "max_area_m2",
    ),
    (
        "item: person.phone",
        "item: person.phon",
        "steps.0.fields.1.item",
        "「person.phon」という共通の項目",
        "person.phone",
    ),
    ("item: person.phone", "item: person.name", "steps.0.fields.1.item", "person_name の項目", "type: person_name"),
    ("during: period", "during: perod", "steps.1.fields.4.rules.2.clear_of.during", "「perod」", "period"),
    ("- inside: city-boundary", "- {inside: a, intersects: b}", "steps.1.fields.4.rules.0", "どれか1つだけ", ""),
    (
        "object == 'other'",
        "objct == 'other'",
        "steps.1.fields.1.show_when",
        "「objct」という項目はありません",
        "object",
    ),
    ("object == 'other'", "object == 1", "steps.1.fields.1.show_when", "「==」は文字と数には", "同じ種類"),
    ("object == 'other'", "object", "steps.1.fields.1.show_when", "はい・いいえになる式", "比べる式"),
    ("object == 'other'", "object = 'other'", "steps.1.fields.1.show_when", "書き方", "=="),
    ("period.days <= 365", "period.day <= 365", "steps.1.checks.0.assert", "「period.day」", "period.days"),
    ("period.days <= 365", "period.start < '2026'", "steps.1.checks.0.assert", "日付と文字は比べられません", "date("),
    ("* period.months / 12", "* period.month / 12", "fee.0.amount", "「period.month」", "period.months"),
    ("amount: area.unit_price", "amount: object + 'x' #", "fee.0.amount", "数になる式が要りますが、この式は文字", ""),
    ("{period.months}か月", "{period.moths}か月", "fee.0.explain.ja", "「period.moths」", "period.months"),
    ("by: area.office", "by: period.days", "workflow.assign.by", "文字になる式が要りますが、この式は数", ""),
    ("preset: permit", "preset: permits", "workflow.preset", "「permits」という型", "permit"),
    ("after: accepted", "after: accept", "workflow.stages.0.after", "「accept」という状態", "accepted"),
    ("when: approved, template", "when: aproved, template", "documents.0.when", "「aproved」という状態", "approved"),
    (
        "[approved], during",
        "[aproved], during",
        "steps.1.fields.4.rules.2.clear_of.states.0",
        "「aproved」",
        "approved",
    ),
    ("valid_until: period.end", "valid_until: period.days", "documents.0.valid_until", "日付になる式", ""),
    ("      object: scaffold", "      objct: scaffold", "examples.0.answers.objct", "「objct」という質問", "object"),
]


@pytest.mark.parametrize(("old", "new", "path", "message", "remedy"), EDITS)
def test_a_diagnostic_names_path_line_and_remedy(old: str, new: str, path: str, message: str, remedy: str) -> None:
    edited = changed(old, new)
    [diagnostic] = diagnostics(edited)
    assert diagnostic.path == path
    assert message in diagnostic.message
    assert remedy in diagnostic.remedy
    assert diagnostic.severity == "error"
    if new:
        lines = edited.splitlines()
        assert new.split("\n", maxsplit=1)[0].strip() in lines[diagnostic.line - 1] or path.endswith(
            ("clear_of.during", "fields.4")
        )


def test_all_errors_are_reported_at_once_in_the_order_of_the_text() -> None:
    edited = changed("kind: permit", "kind: x").replace("type: polygon", "type: y").replace("retention", "retentoin")
    in_order = diagnostics(edited)
    assert [diagnostic.path for diagnostic in in_order] == ["kind", "retentoin_years", "steps.1.fields.4.type"]
    assert [diagnostic.line for diagnostic in in_order] == sorted(diagnostic.line for diagnostic in in_order)


def test_one_wrong_question_on_the_only_page_is_one_error() -> None:
    [diagnostic] = diagnostics(text(field("note", "txt")))
    assert diagnostic.path == "steps.0.fields.0.type"


def test_two_questions_with_one_id_are_rejected_even_inside_a_group() -> None:
    group = field("things", "group", fields=[field("kind", "text"), field("note", "text")])
    [diagnostic] = diagnostics(text(field("note", "text"), group))
    assert diagnostic.path == "steps.0.fields.1.fields.1.id"
    assert "「note」が2つ" in diagnostic.message


def test_a_word_of_the_expression_language_cannot_be_a_question() -> None:
    [diagnostic] = diagnostics(text(field("in", "text")))
    assert (diagnostic.path, "式の言葉" in diagnostic.message) == ("steps.0.fields.0.id", True)


@pytest.mark.parametrize("name", ["csrf_token", "main", "flash"])
def test_a_name_that_the_page_itself_uses_cannot_be_a_question(name: str) -> None:
    [diagnostic] = diagnostics(text(field(name, "text")))
    assert (diagnostic.path, "画面が使う名前" in diagnostic.message) == ("steps.0.fields.0.id", True)


def test_conditions_in_a_ring_are_rejected() -> None:
    a = choice("a", "x", show_when="b == 'x'")
    b = choice("b", "x", show_when="c == 'x'")
    c = choice("c", "x", show_when="a == 'x'")
    [diagnostic] = diagnostics(text(a, b, c))
    assert "輪" in diagnostic.message
    assert diagnostic.path.endswith("show_when")


def test_a_question_may_not_decide_over_its_own_page() -> None:
    step = {"id": "s", "title": {"ja": "s"}, "show_when": "a == 'x'", "fields": [choice("a", "x")]}
    [diagnostic] = diagnostics(text(steps=[step]))
    assert "輪" in diagnostic.message


def test_expressions_over_rows_may_name_only_questions_of_the_rows() -> None:
    rows = field("items", "group", fields=[choice("kind", "a"), field("count", "integer")])
    check = {
        "assert": "items.all(item, item.cont > 0 && item.kind != 'item.x')",
        "message": {"ja": "数を直してください。"},
    }
    [diagnostic] = diagnostics(text(steps=[{"id": "s", "title": {"ja": "s"}, "fields": [rows], "checks": [check]}]))
    assert diagnostic.message.startswith("「items」の行に「cont」という質問はありません。")
    assert "count" in diagnostic.remedy


def test_a_row_does_not_see_into_other_rows_by_name() -> None:
    group = field("things", "group", fields=[choice("kind", "a"), field("size", "number", show_when="colour == 'a'")])
    other = field("paints", "group", fields=[field("colour", "text")])
    [diagnostic] = diagnostics(text(other, group))
    assert diagnostic.path == "steps.0.fields.1.fields.1.show_when"
    assert "「colour」" in diagnostic.message


def test_each_needs_a_group() -> None:
    [diagnostic] = diagnostics(text(field("note", "text"), fee=[{"label": {"ja": "料"}, "amount": 1, "each": "note"}]))
    assert (diagnostic.path, "行の集まり" in diagnostic.message) == ("fee.0.each", True)


@pytest.mark.parametrize("depth", [33, 500, 900])
def test_an_expression_nested_too_deep_is_rejected(depth: int) -> None:
    [diagnostic] = diagnostics(text(choice("a", "x", show_when="(" * depth + "true" + ")" * depth)))
    assert "深すぎます" in diagnostic.message


def test_an_expression_longer_than_anyone_reads_is_rejected() -> None:
    [diagnostic] = diagnostics(text(choice("a", "x", show_when="true && " * 1000 + "true")))
    assert "2,000文字まで" in diagnostic.remedy


def test_a_diagnostic_is_plain_json() -> None:
    [diagnostic] = diagnostics(changed("kind: permit", "kind: permitt"))
    assert json.loads(json.dumps(diagnostic.as_dict()))["line"] == 2
    assert str(diagnostic).startswith("2行目 kind: ")


def test_the_schema_accepts_a_definition_and_rejects_unknown_keys() -> None:
    validator = Draft202012Validator(json_schema())
    tree = read_source(ROAD).tree
    assert list(validator.iter_errors(tree)) == []
    assert list(validator.iter_errors({**tree, "standard_day": 10}))
