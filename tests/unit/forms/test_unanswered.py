"""Nothing is silently off: what conditions, checks and fees make of questions that are hidden, optional or empty."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import evaluate, load
from forms.definition.procedure import Definition
from forms.fields import StoredFile
from forms.reading import read_step
from tests.unit.forms.making import TODAY, choice, choices, definition, field, judged, text, unhurried


def with_check(assertion: str, *fields: dict[str, Any]) -> Definition:
    check = {"assert": assertion, "message": {"ja": "決まりに合いません。"}}
    return load(text(steps=[{"id": "first", "title": {"ja": "1"}, "fields": [*fields], "checks": [check]}]))


def with_fee(amount: str, *fields: dict[str, Any], **rule: Any) -> Definition:
    return definition(*fields, fee=[{"label": {"ja": "料"}, "amount": amount, **rule}])


def test_a_negation_of_a_hidden_question_holds() -> None:
    made = definition(
        choice("card", "none", "some"),
        field("special", "yes_no", show_when="card == 'some'"),
        field("id_copy", "text", show_when="!special"),
    )
    assert judged(made, {"card": "none"}).visible == ("card", "id_copy")
    assert judged(made, {"card": "some", "special": True}).visible == ("card", "special")


def test_what_shows_by_a_question_that_is_still_open_is_not_demanded_before_that() -> None:
    made = definition(field("wide", "yes_no"), field("width", "integer", min=10, show_when="!wide"))
    assert set(judged(made, {}).errors) == {"wide"}
    assert set(read_step(made, "first", {}, {}, {}, today=TODAY).errors) == {"wide"}
    assert set(read_step(made, "first", {"width": ["3"]}, {}, {}, today=TODAY).errors) == {"wide", "width"}
    assert set(judged(made, {"wide": False}).errors) == {"width"}
    assert judged(made, {"wide": True}).complete


def test_an_untouched_list_is_an_empty_list() -> None:
    made = definition(
        choices("reasons", "a", "b", required=False),
        field("none_of_them", "text", show_when="size(reasons) == 0"),
        field("not_a", "text", show_when="!('a' in reasons)"),
        field("b", "text", show_when="'b' in reasons"),
    )
    assert judged(made, {}).visible == ("reasons", "none_of_them", "not_a")
    assert judged(made, {"reasons": ["b"]}).visible == ("reasons", "not_a", "b")


@pytest.mark.parametrize(
    ("amount", "shown_when", "required", "total"),
    [
        ("copies * 300", "true", False, 0),
        ("copies * 300", "false", True, 0),
        ("500 + copies * 300", "false", True, 500),
        ("answered(copies) ? copies * 300 : 100", "true", False, 100),
    ],
)
def test_a_fee_over_an_optional_or_hidden_question_is_decided(
    amount: str, shown_when: str, required: bool, total: int
) -> None:
    copies = field("copies", "integer", required=required, show_when=shown_when)
    assert judged(with_fee(amount, copies), {}).fee.total == total


def test_a_line_that_applies_by_a_hidden_question_does_not_apply() -> None:
    express = field("express", "yes_no", show_when="false")
    assert judged(with_fee("300", express, applies_when="express"), {}).fee.lines == ()


def test_a_fee_waits_for_a_question_that_must_be_answered_or_corrected() -> None:
    made = with_fee("copies * 300", field("copies", "integer", min=1))
    for answers in ({}, {"copies": 0}):
        [line] = judged(made, answers).fee.lines
        assert (line.state, line.amount) == ("undecided", None)
    assert judged(made, {"copies": 2}).fee.total == 600


def test_a_line_is_not_waived_before_the_reason_is_given() -> None:
    made = with_fee("300", choice("exempt", "none", "welfare"), waived_when="exempt != 'none'")
    assert [(line.state, line.amount) for line in judged(made, {}).fee.lines] == [("due", 300)]
    assert judged(made, {"exempt": "welfare"}).fee.lines[0].state == "waived"


def test_a_row_number_that_its_row_hides_counts_as_none() -> None:
    rows = field(
        "items",
        "group",
        fields=[choice("kind", "sofa", "other"), field("count", "integer", show_when="kind == 'sofa'")],
    )
    made = with_fee("sum(items.map(i, i.count)) * 100", rows)
    evaluation = judged(made, {"items": [{"kind": "sofa", "count": 2}, {"kind": "other", "count": 9}]})
    assert evaluation.fee.total == 200
    assert evaluation.answers["items"] == [{"kind": "sofa", "count": 2}, {"kind": "other"}]


def test_rules_over_parts_of_rows_hold() -> None:
    machines = field("machines", "group", fields=[field("work", "date_range"), field("maker", "person_name")])
    made = with_check(
        "machines.all(m, m.work.start >= period.start && m.maker.family != '')", field("period", "date_range"), machines
    )
    person = {"family": "佐藤", "given": "陽"}

    def fails(start: str) -> bool:
        period = {"start": "2026-04-10", "end": "2026-05-10"}
        rows = [{"work": {"start": start, "end": "2026-05-01"}, "maker": person}]
        return bool(judged(made, {"period": period, "machines": rows}).check_failures)

    assert fails("2026-04-09")
    assert not fails("2026-04-10")


def test_a_condition_in_a_row_sees_the_answers_around_it_and_other_rows() -> None:
    rows = field(
        "people",
        "group",
        fields=[
            choice("kind", "adult", "child"),
            field("school", "text", show_when="moving && kind == 'child'"),
            field("guardian", "text", show_when="people.exists(p, p.kind == 'child') && kind == 'adult'"),
        ],
    )
    made = definition(rows, field("moving", "yes_no"))
    people = [{"kind": "adult"}, {"kind": "child"}]
    assert "people.1.school" in judged(made, {"moving": True, "people": people}).visible
    assert "people.1.school" not in judged(made, {"moving": False, "people": people}).visible
    assert "people.0.guardian" in judged(made, {"moving": True, "people": people}).visible
    assert "people.0.guardian" not in judged(made, {"moving": True, "people": people[:1]}).visible
    form = {"moving": ["yes"], "people.0.kind": ["child"]}
    assert read_step(made, "first", form, {}, {}, today=TODAY).shown == {"people.0.school"}
    form = {"moving": ["no"], "people.0.kind": ["adult"], "people.1.kind": ["child"]}
    reading = read_step(made, "first", form, {}, {}, today=TODAY)
    assert reading.shown == {"people.0.guardian"}
    assert set(reading.errors) == {"people.0.guardian"}


def test_a_loop_may_name_its_row_like_a_question() -> None:
    rows = field("items", "group", fields=[choice("kind", "a", "b")])
    made = definition(
        choice("item", "x", "y"), rows, field("note", "text", show_when="items.exists(item, item.kind == 'b')")
    )
    assert "note" in judged(made, {"item": "x", "items": [{"kind": "b"}]}).visible
    assert "note" not in judged(made, {"item": "x", "items": [{"kind": "a"}]}).visible


def test_two_groups_in_one_expression() -> None:
    made = with_check(
        "sum(income.map(r, r.yen)) == sum(costs.map(r, r.amount))",
        field("income", "group", fields=[field("yen", "money")]),
        field("costs", "group", fields=[field("amount", "money")]),
    )
    assert judged(made, {"income": [{"yen": 5}], "costs": [{"amount": 3}, {"amount": 2}]}).complete
    assert not judged(made, {"income": [{"yen": 5}], "costs": [{"amount": 3}]}).complete


PLACE = field("spot", "point", look_up=[{"layer": "use-zoning", "property": "zone", "as": "zone", "type": "string"}])
ANSWERED_PLACE = {"spot": {"geometry": {"type": "Point", "coordinates": [139.41, 35.69]}, "source": "drawn"}}


def test_a_prohibition_holds_where_the_map_has_nothing() -> None:
    made = with_check("!(spot.zone in ['residential'])", PLACE)
    [failure] = judged(made, ANSWERED_PLACE, {"spot": {}}).check_failures
    assert not failure.judged
    assert "確かめられません" in failure.message("ja")
    assert "決まりに合いません。" in failure.message("ja")
    assert judged(made, ANSWERED_PLACE, {"spot": {"zone": "industrial"}}).complete
    [failure] = judged(made, ANSWERED_PLACE, {"spot": {"zone": "residential"}}).check_failures
    assert failure.message("ja") == "決まりに合いません。"


def test_an_author_decides_what_nothing_on_the_map_means() -> None:
    with_default = {**PLACE, "look_up": [{**PLACE["look_up"][0], "default": "none"}]}
    assert judged(with_check("spot.zone != 'residential'", with_default), ANSWERED_PLACE, {"spot": {}}).complete
    guarded = with_check("!found(spot.zone) || spot.zone != 'residential'", PLACE)
    assert judged(guarded, ANSWERED_PLACE, {"spot": {}}).complete
    required = with_check("found(spot.zone)", PLACE)
    assert judged(required, ANSWERED_PLACE, {"spot": {}}).errors == {"checks.first": ["決まりに合いません。"]}
    shown = definition(PLACE, field("warning", "text", show_when="!found(spot.zone)"))
    assert "warning" in judged(shown, ANSWERED_PLACE, {"spot": {}}).visible


def test_a_default_has_the_type_of_its_look_up() -> None:
    wrong = {**PLACE, "look_up": [{**PLACE["look_up"][0], "default": 3}]}
    with pytest.raises(ValueError, match="type"):
        definition(wrong)


def test_a_check_that_cannot_be_worked_out_refuses() -> None:
    made = with_check("{'a': 1}[kind] > 0", choice("kind", "a", "b"))
    assert judged(made, {"kind": "a"}).complete
    [failure] = judged(made, {"kind": "b"}).check_failures
    assert not failure.judged


def test_a_condition_that_cannot_be_worked_out_hides_nothing() -> None:
    made = definition(choice("kind", "a", "b"), field("proof", "text", show_when="{'a': false}[kind]"))
    assert judged(made, {"kind": "a"}).visible == ("kind",)
    assert judged(made, {"kind": "b"}).visible == ("kind", "proof")


def test_a_check_applies_when_something_it_speaks_of_is_asked() -> None:
    one_of_both = with_check(
        "name != '' || size(people) > 0",
        field("name", "text", required=False),
        field("people", "group", min=0, required=False, fields=[field("who", "text")]),
    )
    assert judged(one_of_both, {}).check_failures
    assert judged(one_of_both, {"name": "x"}).complete
    hidden = with_check("shot_on <= today()", field("shot_on", "date", show_when="false"))
    assert judged(hidden, {}).complete


def test_a_check_waits_while_its_question_is_wrong_or_missing() -> None:
    made = with_check("period.start >= today()", field("period", "date_range"))
    for answers in ({}, {"period": {"start": "2026-05-01", "end": "2026-04-01"}}):
        evaluation = judged(made, answers)
        assert set(evaluation.errors) <= {"period", "period.end"}
        assert not evaluation.complete


def test_a_file_comes_back_with_its_question() -> None:
    made = definition(field("student", "yes_no"), field("card", "file", show_when="student"))
    stored: StoredFile = {"id": "f1", "name": "card.jpg", "size": 9, "media_type": "image/jpeg"}
    card: Any = [stored]
    hidden = read_step(made, "first", {"student": ["no"]}, {"student": True, "card": card}, {}, today=TODAY)
    assert "card" not in hidden.evaluation.answers
    back = read_step(made, "first", {"student": ["yes"]}, hidden.answers, {}, today=TODAY, files={"f1": stored})
    assert back.evaluation.answers["card"] == card


@pytest.mark.slow
def test_a_chain_of_thousands_of_conditions_is_followed_to_its_end() -> None:
    count = 2400
    chain = [field("q0", "yes_no")] + [field(f"q{n}", "yes_no", show_when=f"q{n - 1}") for n in range(1, count)]
    steps = [{"id": f"s{n}", "title": {"ja": "s"}, "fields": chain[60 * n : 60 * n + 60]} for n in range(count // 60)]
    made = load(text(steps=steps))
    answers: dict[str, Any] = {f"q{n}": True for n in range(count)}
    assert len(judged(made, answers).visible) == count
    assert len(judged(made, answers | {"q1200": False}).visible) == 1201


@unhurried
@given(st.booleans() | st.none(), st.integers(0, 9) | st.none(), st.dates() | st.none(), st.booleans())
def test_with_answers_sound_and_complete_the_fee_is_always_decided(
    flag: bool | None, number: int | None, on: Any, shows: bool
) -> None:
    made = with_fee(
        "(flag ? 1 : 2) * copies / 3 + (on < today() ? 50 : 0) + size(kinds)",
        field("flag", "yes_no", required=False, show_when="size(kinds) == 0" if shows else "answered(copies)"),
        field("copies", "integer", required=False),
        field("on", "date", required=False),
        choices("kinds", "a", "b", required=False),
    )
    answers = {"flag": flag, "copies": number, "on": on.isoformat() if on else None}
    evaluation = judged(made, answers)
    assert evaluation.fee.decided or evaluation.field_errors
    assert evaluate(made, evaluation.answers, {}, today=TODAY + timedelta(days=0)).fee == evaluation.fee
