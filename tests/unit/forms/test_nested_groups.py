"""A group in each row of a group: conditions, limits, totals and defaults at both levels, errors by path."""

from typing import Any

import pytest

from forms import DefinitionError, load, read_step
from forms.evaluation.evaluate import evaluate
from tests.unit.forms.making import TODAY, choice, definition, field, judged, text

JOBS = field(
    "jobs",
    "group",
    required=False,
    min=0,
    max=3,
    show_when="works",
    unique=[{"fields": ["company"]}],
    totals=["pay"],
    fields=[
        field("company", "text"),
        field("pay", "money", required=False),
        field("why", "text", show_when="age < 18 && pay > 1000 && strict"),
        field("certificate", "file", required=False),
    ],
)
MEMBERS = field(
    "members",
    "group",
    max=5,
    fields=[field("called", "text"), field("age", "integer"), field("works", "yes_no", required=False), JOBS],
)
STRICT = field("strict", "yes_no", required=False)


def member(called: str, age: int, *jobs: dict[str, Any], works: bool = True) -> dict[str, Any]:
    return {"called": called, "age": age, "works": works, "jobs": list(jobs)}


HARU = member("はる", 16, {"company": "青果店", "pay": 2000, "why": "学費"}, {"company": "書店", "pay": 500})
KEN = member("けん", 40, {"company": "役所", "pay": 9000})


def family(**parts: Any) -> Any:
    return definition(STRICT, MEMBERS, **parts)


def test_conditions_see_their_row_the_row_around_it_and_what_is_outside() -> None:
    shown = judged(family(), {"strict": True, "members": [HARU, KEN]}).visible
    assert [path for path in shown if path.endswith(".why")] == ["members.0.jobs.0.why"]
    assert not any(path.endswith(".why") for path in judged(family(), {"members": [HARU, KEN]}).visible)


def test_what_a_condition_hides_leaves_the_case_at_either_level() -> None:
    rows = judged(family(), {"members": [HARU, member("ゆう", 3, {"company": "店"}, works=False)]}).answers["members"]
    assert rows[0]["jobs"] == [{"company": "青果店", "pay": 2000}, {"company": "書店", "pay": 500}]
    assert "jobs" not in rows[1]


def test_errors_have_the_path_of_both_rows() -> None:
    twice = member("りく", 20, {"company": "店"}, {"company": "店"}, {"pay": 3})
    faults = judged(family(), {"members": [HARU, twice]}).errors
    assert set(faults) == {"members.1.jobs.2.company"}
    two = member("りく", 20, {"company": "店"}, {"company": "店"})
    assert set(judged(family(), {"members": [HARU, two]}).errors) == {
        "members.1.jobs.0.company",
        "members.1.jobs.1.company",
    }
    many = member("りく", 20, *({"company": f"店{number}"} for number in range(4)))
    assert set(judged(family(), {"members": [many]}).errors) == {"members.0.jobs"}


def test_expressions_go_through_the_rows_of_rows() -> None:
    made = family(
        compute=[
            {"id": "income", "value": "sum(members.map(m, sum(m.jobs.map(j, j.pay))))"},
            {"id": "idle", "value": "members.filter(m, size(m.jobs) == 0).size()"},
            {"id": "grown", "value": "members.exists(m, m.jobs.exists(j, j.pay > 5000 && m.age >= 18))"},
        ],
        fee=[{"id": "f", "label": {"ja": "料"}, "each": "members", "amount": "sum(jobs.map(j, j.pay)) / 10"}],
    )
    outcome = judged(made, {"members": [HARU, KEN, {"called": "み", "age": 1}]})
    assert outcome.computed == {"income": 11500, "idle": 1, "grown": True}
    assert [line.amount for line in outcome.fee.lines] == [250, 900, 0]


def test_a_wrong_name_in_a_row_of_rows_is_told_what_there_is() -> None:
    with pytest.raises(DefinitionError) as faults:
        family(compute=[{"id": "x", "value": "members.exists(m, m.jobs.exists(j, j.payy > 1))"}])
    assert "pay" in str(faults.value.diagnostics[0])
    with pytest.raises(DefinitionError) as faults:
        load(text(field("g", "group", fields=[field("h", "group", fields=[field("a", "text", show_when="bb == ''")])])))
    assert faults.value.diagnostics[0].path == "steps.0.fields.0.fields.0.fields.0.show_when"


def test_limits_of_inner_rows_follow_from_the_row_around_them() -> None:
    limited = field(
        "g", "group", fields=[field("n", "integer"), field("h", "group", min="n", max="n", fields=[field("a", "text")])]
    )
    made = definition(limited)
    rows = [{"n": 2, "h": [{"a": "1"}, {"a": "2"}]}, {"n": 1, "h": [{"a": "1"}, {"a": "2"}]}]
    assert set(judged(made, {"g": rows}).errors) == {"g.1.h"}


def posted(**inputs: str) -> dict[str, list[str]]:
    return {name.replace("__", "."): [text] for name, text in inputs.items()}


def read(form: dict[str, list[str]], made: Any = None) -> Any:
    return read_step(made or family(), "first", form, {}, {}, today=TODAY)


def test_a_page_is_read_at_both_levels_and_rows_left_empty_do_not_count() -> None:
    reading = read(
        posted(
            members__1__called="はる",
            members__1__age="16",
            members__1__works="yes",
            members__1__jobs__0__company="",
            members__1__jobs__2__company="青果店",
            members__1__jobs__2__pay="2,000",
        )
    )
    assert reading.answers["members"] == [
        {"called": "はる", "age": 16, "works": True, "jobs": [{"company": "青果店", "pay": 2000}]}
    ]
    assert reading.complete
    assert reading.on_page("members.0.jobs.0.company") == "members.0.jobs.1.company"
    assert "members.0.jobs" in reading.shown


def test_what_is_unfinished_within_is_kept_as_typed_and_marked_in_its_place() -> None:
    form = posted(
        members__0__called="はる", members__0__age="16", members__0__works="yes", members__0__jobs__1__pay="x"
    )
    reading = read(form)
    assert set(reading.errors) == {"members.0.jobs.0.company", "members.0.jobs.0.pay"}
    assert reading.typed["members.0.jobs.0.pay"] == "x"
    assert reading.sound["members"][0]["called"] == "はる"
    judged_only = read(
        form | posted(members__0__jobs__1__pay="1", members__0__jobs__1__company="a", members__0__jobs__3__company="a")
    )
    assert set(judged_only.errors) == {"members.0.jobs.0.company", "members.0.jobs.1.company"}


@pytest.mark.parametrize(
    ("button", "companies"),
    [
        ("members.0.jobs.add", [["a", "b"], ["c"]]),
        ("members.0.jobs.0.remove", [["b"], ["c"]]),
        ("members.0.remove", [["c"]]),
    ],
)
def test_buttons_of_both_levels_work_without_a_script(button: str, companies: list[list[str]]) -> None:
    form = posted(
        members__0__works="yes",
        members__0__jobs__0__company="a",
        members__0__jobs__1__company="b",
        members__1__works="yes",
        members__1__jobs__0__company="c",
    )
    reading = read(form | {button: ["1"]})
    assert reading.stay
    rows = [
        [reading.raw[name] for n in range(3) if (name := f"members.{m}.jobs.{n}.company") in reading.raw]
        for m in range(2)
    ]
    assert [row for row in rows if row] == companies


def test_an_inner_row_can_say_what_the_one_above_it_says() -> None:
    copying = {**MEMBERS, "fields": [*MEMBERS["fields"][:3], {**JOBS, "same_as_above": True}]}
    form = posted(members__0__works="yes", members__0__jobs__0__company="a", members__0__jobs__1__pay="3")
    reading = read(form | {"members.0.jobs.1.copy": ["1"]}, definition(STRICT, copying))
    assert reading.raw["members.0.jobs.1.company"] == "a"


def test_the_answer_reads_as_lines_with_what_is_within_in_brackets() -> None:
    group = family().fields["members"]
    shown = group.show(judged(family(), {"members": [HARU]}).answers["members"], "ja")
    assert shown == "はる、16、works：はい、jobs（青果店、2,000円 / 書店、500円）"


ROWS = field(
    "people",
    "group",
    fields=[
        field("called", "text"),
        field("country", "text", default="'日本'"),
        field("age", "integer", required=False),
        field("adult", "yes_no", default="age >= 18", read_only=True),
        field("fee", "money", default="adult ? base : 0"),
        field(
            "pets",
            "group",
            min=0,
            required=False,
            fields=[field("pet", "text"), field("from", "text", default="country")],
        ),
    ],
)
BASE = field("base", "money", default="500")


def test_defaults_in_rows_follow_the_row_and_what_is_outside_until_something_is_typed() -> None:
    made = definition(BASE, ROWS)
    rows = [{"called": "あ", "age": 20}, {"called": "い", "country": "英国", "fee": 7, "pets": [{"pet": "犬"}]}]
    outcome = judged(made, {"people": rows})
    assert outcome.answers["people"] == [
        {"called": "あ", "country": "日本", "age": 20, "adult": True, "fee": 500},
        {"called": "い", "country": "英国", "adult": False, "fee": 7, "pets": [{"pet": "犬", "from": "英国"}]},
    ]
    assert outcome.defaults >= {"people.0.country", "people.0.fee", "people.1.adult", "people.1.pets.0.from"}
    assert "people.1.country" not in outcome.defaults
    assert not outcome.errors
    assert judged(made, {"base": 90, "people": rows}).answers["people"][0]["fee"] == 90


def test_a_row_takes_the_answer_of_a_question_beside_it_or_outside_whole() -> None:
    named = field(
        "g",
        "group",
        fields=[
            field("a", "person_name"),
            field("b", "person_name", default="a"),
            field("c", "person_name", default="who"),
        ],
    )
    name = {"family": "佐藤", "given": "葵"}
    outcome = judged(definition(field("who", "person_name"), named), {"who": name, "g": [{"a": name}]})
    assert outcome.answers["g"] == [{"a": name, "b": name, "c": name}]
    assert (
        outcome.answers
        == evaluate(definition(field("who", "person_name"), named), outcome.answers, {}, today=TODAY).answers
    )


def test_a_row_of_nothing_but_defaults_is_no_row() -> None:
    assert judged(definition(BASE, {**ROWS, "required": False, "min": 0}), {"people": []}).answers == {"base": 500}


def test_options_in_rows_see_their_row() -> None:
    school = choice("school", "primary", "high", required=False)
    school["options"][1]["show_when"] = "age >= 15 && strict"
    made = definition(STRICT, field("g", "group", fields=[field("age", "integer"), school]))
    rows = [{"age": 16, "school": "high"}, {"age": 3, "school": "high"}]
    assert set(judged(made, {"strict": True, "g": rows}).errors) == {"g.1.school"}
    assert set(judged(made, {"g": rows}).errors) == {"g.0.school", "g.1.school"}
    offers = judged(made, {"strict": True, "g": rows}).offers
    assert offers is not None
    inner: Any = made.question_at("g.school")
    shown = [[option.id for option in offers.row(made.fields["g"], rows, n).offers.shown(inner)] for n in (0, 1)]
    assert shown == [["primary", "high"], ["primary"]]


def test_rows_of_a_table_are_offered_by_the_row() -> None:
    table = {
        "id": "rooms",
        "key": ["room"],
        "rows": [{"room": "a", "name": "小", "seats": 5}, {"room": "b", "name": "大", "seats": 50}],
    }
    room = field(
        "room", "choice", options={"table": "rooms", "label": "name", "where": "seats >= people && seats >= least"}
    )
    made = definition(
        field("least", "integer"), field("g", "group", fields=[field("people", "integer"), room]), tables=[table]
    )
    rows = [{"people": 20, "room": "b"}, {"people": 20, "room": "a"}]
    assert set(judged(made, {"least": 1, "g": rows}).errors) == {"g.1.room"}
