"""Options with conditions and prices, and options that stand elsewhere."""

from typing import Any

import pytest

from forms import check
from forms.definition.table import Table
from forms.fields import ReadContext
from forms.fields.choice import ChoiceField
from forms.reading import as_form, inputs_of, read_step
from tests.unit.forms.making import TODAY, choice, definition, field, judged, text

SCHOOLS = {
    "id": "schools",
    "key": ["code"],
    "rows": [
        {"code": "s1", "name": "第一小学校", "kana": "だいいちしょうがっこう", "ward": "east", "price": 300},
        {"code": "s2", "name": "髙橋小学校", "kana": "たかはししょうがっこう", "ward": "west", "price": 400},
        {
            "code": "s3",
            "name": "第三小学校",
            "kana": "だいさんしょうがっこう",
            "ward": "east",
            "until": "2026-03-31",
            "price": 300,
        },
        {
            "code": "s3",
            "name": "第三学園",
            "kana": "だいさんがくえん",
            "ward": "east",
            "from": "2026-04-01",
            "price": 350,
        },
        {"code": "s4", "name": "来年の小学校", "kana": "らいねん", "ward": "east", "from": "2027-04-01", "price": 1},
    ],
}
FROM_SCHOOLS = {"table": "schools", "label": "name", "price": "price", "search": ["kana"], "where": "ward == area"}
MADE = definition(
    choice("area", "east", "west"),
    field("school", "choice", options=FROM_SCHOOLS),
    tables=[SCHOOLS],
    fee=[{"label": {"ja": "料"}, "amount": "school.price", "explain": {"ja": "{school.label}"}}],
)


def chosen(made: Any, form: dict[str, list[str]], on: Any = TODAY) -> Any:
    return read_step(made, "first", form, {}, {}, today=on)


def test_an_option_of_a_table_is_kept_with_what_it_was_called_and_cost() -> None:
    reading = chosen(MADE, {"area": ["east"], "school": ["s3"]})
    answer = {
        "id": "s3",
        "label": {"ja": "第三学園"},
        "values": {"name": "第三学園", "kana": "だいさんがくえん", "ward": "east", "price": 350},
    }
    assert reading.answers["school"] == answer
    assert (reading.errors, reading.evaluation.fee.total) == ({}, 350)
    assert reading.evaluation.fee.lines[0].explanation.ja == "第三学園"
    assert MADE.fields["school"].show(answer, "ja") == "第三学園"
    assert inputs_of(MADE, "first", reading.answers)["school"] == "s3"


def test_an_example_names_an_option_by_its_id() -> None:
    evaluation = judged(MADE, {"area": "west", "school": "s2"})
    assert evaluation.answers["school"]["label"] == {"ja": "髙橋小学校"}
    assert evaluation.fee.total == 400


@pytest.mark.parametrize("school", ["s2", "s4", "s9"])
def test_what_is_not_offered_on_the_day_or_by_its_condition_is_refused(school: str) -> None:
    reading = chosen(MADE, {"area": ["east"], "school": [school]})
    assert list(reading.errors) == ["school"]
    assert not reading.evaluation.complete


def test_an_answer_that_was_made_up_or_is_not_true_any_more_is_refused() -> None:
    answer = chosen(MADE, {"area": ["east"], "school": ["s3"]}).answers["school"]
    for forged in (
        {**answer, "values": {**answer["values"], "price": 0}},
        {**answer, "label": {"ja": "x"}},
        {"id": "s3"},
        5,
    ):
        evaluation = judged(MADE, {"area": "east", "school": forged})
        assert "school" in evaluation.field_errors
        assert not evaluation.complete


def test_an_option_shows_by_its_own_condition() -> None:
    made = definition(
        field("age", "integer"),
        field(
            "ticket",
            "choice",
            options=[
                {"id": "adult", "label": {"ja": "大人"}, "price": 600},
                {"id": "child", "label": {"ja": "子ども"}, "price": 300, "show_when": "age < 13"},
            ],
        ),
        fee=[{"label": {"ja": "料"}, "amount": "ticket.price"}],
    )
    assert judged(made, {"age": 8, "ticket": "child"}).fee.total == 300
    refused = judged(made, {"age": 40, "ticket": "child"})
    assert list(refused.field_errors) == ["ticket"]
    assert refused.fee.total is None


def test_the_answers_of_rows_are_options() -> None:
    made = definition(
        field("children", "group", fields=[field("name", "text"), field("age", "integer")]),
        field("who", "choice", options={"answers": "children.name", "where": "age < 6"}),
        field("all", "choices", options={"answers": "children.name"}, required=False),
    )
    rows = [{"name": "見本 花", "age": 3}, {"name": "見本 太", "age": 9}]
    evaluation = judged(made, {"children": rows, "who": "見本 花", "all": ["見本 花", "見本 太"]})
    assert evaluation.errors == {}
    assert evaluation.answers["who"]["id"] == "見本 花"
    assert list(judged(made, {"children": rows, "who": "見本 太"}).field_errors) == ["who"]
    renamed = [{"name": "見本 はな", "age": 3}]
    assert list(judged(made, {"children": renamed, "who": evaluation.answers["who"]}).field_errors) == ["who"]
    posted = {"children.0.name": ["見本 花"], "children.0.age": ["3"], "who": ["見本 花"]}
    assert chosen(made, posted).errors == {}
    assert list(chosen(made, {**posted, "who": ["だれか"]}).errors) == ["who"]


def test_a_feature_of_the_map_is_taken_as_it_was_where_nobody_can_ask_the_map() -> None:
    made = definition(
        field(
            "lamp",
            "choice",
            options={
                "layer": "lamps",
                "id": "no",
                "label": "name",
                "values": [{"property": "w", "as": "watt", "type": "int"}],
            },
        ),
        fee=[{"label": {"ja": "料"}, "amount": "lamp.watt * 10"}],
    )
    lamp = {"id": "12-3", "label": {"ja": "曙町の灯"}, "values": {"watt": 20}}
    assert judged(made, {"lamp": lamp}).fee.total == 200
    assert list(judged(made, {"lamp": {**lamp, "values": {"watt": [1]}}}).field_errors) == ["lamp"]
    assert list(chosen(made, {"lamp": ["12-3"]}).errors) == ["lamp"]


def test_ten_thousand_options_are_found_by_readings_and_variants() -> None:
    rows = [{"code": f"t{number}", "name": f"町{number}丁目", "kana": f"まち{number}"} for number in range(10_000)]
    rows.append({"code": "x", "name": "齋藤ヶ丘", "kana": "さいとうがおか"})
    source = {"table": "towns", "label": "name", "search": ["kana"]}
    town = ChoiceField.model_validate(field("town", "choice", options=source))
    town.take_from(Table.model_validate({"id": "towns", "key": ["code"], "rows": rows}))
    context = ReadContext(TODAY)
    assert town.is_searched
    for typed in ("斎藤", "ｻｲﾄｳ", "さいとう がおか", "齋藤ケ丘"):
        assert [option.id for option in town.search(typed, context, 20)] == ["x"]
    assert len(town.search("町", context, 20)) == 20
    assert town.search("どこにもない", context, 20) == []
    assert town.find("t9999", context) is not None


@pytest.mark.parametrize(
    ("options", "place", "words"),
    [
        ({"table": "school", "label": "name"}, "options.table", "schools"),
        ({"table": "schools", "label": "nam"}, "options.label", "name"),
        ({"table": "schools"}, "options", "label"),
        ({"table": "schools", "layer": "lamps", "label": "name"}, "options", "どれか1つ"),
        ({"table": "schools", "label": "name", "where": "wrd == 'east'"}, "options.where", "ward"),
        ({"answers": "kids.name"}, "options.answers", "くり返し"),
        ({"layer": "lamps", "label": "name"}, "options", "id"),
        ({"layer": "lamps", "id": "no", "label": "name", "near": "spot"}, "options.near", "場所の質問"),
        ({"table": "schools", "label": "name", "price": "ward"}, "options.price", "整数"),
        ({"tabel": "schools", "label": "name"}, "options", "table"),
    ],
)
def test_a_source_that_is_not_there_is_a_fault(options: dict[str, Any], place: str, words: str) -> None:
    faults = [
        d for d in check(text(field("school", "choice", options=options), tables=[SCHOOLS])) if d.severity == "error"
    ]
    assert any(fault.path.startswith(f"steps.0.fields.0.{place}") and words in str(fault) for fault in faults), faults


def test_made_up_residents_choose_what_is_offered() -> None:
    made = text(
        choice("area", "east", "west"),
        field("school", "choice", options=FROM_SCHOOLS),
        field("children", "group", fields=[field("name", "text")]),
        field("who", "choice", options={"answers": "children.name"}),
        tables=[SCHOOLS],
        fee=[{"label": {"ja": "料"}, "amount": "school.price"}],
        examples=[
            {
                "on": "2026-04-01",
                "answers": {"area": "east", "school": "s1", "children": [{"name": "花"}], "who": "花"},
                "expect": {"fee": 300},
            }
        ],
    )
    assert [str(fault) for fault in check(made) if fault.severity == "error"] == []


def test_saved_pages_come_back_with_their_option() -> None:
    answers = chosen(MADE, {"area": ["east"], "school": ["s1"]}).answers
    again = read_step(MADE, "first", as_form(inputs_of(MADE, "first", answers)), answers, {}, today=TODAY)
    assert (again.answers, again.typed, again.errors) == (answers, {}, {})
