"""Made-up residents find what a department would learn from real ones."""

from typing import Any

import pytest

from forms import check, load
from forms.checks.reach import diagnostics_of
from forms.walking import walk
from forms.walking.walk import RESIDENTS
from tests.unit.forms.making import TODAY, choice, definition, field, text

COPIES = field("copies", "integer", min=1, max=10)


def faults_of(written: str) -> list[tuple[str, str, str]]:
    made = load(written)
    return [
        (".".join(map(str, diagnostic.path)), diagnostic.severity, diagnostic.message)
        for diagnostic in diagnostics_of(made, walk(made, today=TODAY))
    ]


def step(*fields: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"id": "first", "title": {"ja": "1"}, "fields": [*fields], **parts}


def rule(assertion: str) -> dict[str, Any]:
    return {"assert": assertion, "message": {"ja": "決まりです。"}}


def line(amount: str, **settings: Any) -> dict[str, Any]:
    return {"label": {"ja": "料"}, "amount": amount, **settings}


def test_a_sound_definition_is_walked_to_its_end() -> None:
    made = definition(choice("object", "sign", "other"), field("what", "text", show_when="object == 'other'"), COPIES)
    coverage = walk(made, today=TODAY)
    assert coverage.covered
    assert coverage.complete == coverage.residents
    assert list(diagnostics_of(made, coverage)) == []


def test_the_same_seed_sends_the_same_residents() -> None:
    made = definition(choice("object", "sign", "other"), field("born", "birthday"), COPIES)
    assert walk(made, today=TODAY).as_dict() == walk(made, today=TODAY).as_dict()
    assert walk(made, today=TODAY, seed=1).residents >= 1


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("copies * 300 - 500", "0円より小さく"),
        ("copies == 3 ? 300 / 0 : 300", "計算できません"),
        ("{1: 300}[copies]", "計算できません"),
    ],
)
def test_a_fee_that_cannot_be_made_is_an_error_with_its_answers(amount: str, reason: str) -> None:
    [(path, severity, message)] = faults_of(text(COPIES, fee=[line(amount)]))
    assert (path, severity) == ("fee.0.amount", "error")
    assert reason in message
    assert '{"copies": ' in message


def test_a_fee_that_the_map_leaves_open_is_advice() -> None:
    place = field("spot", "point", look_up=[{"layer": "grades", "property": "p", "as": "price", "type": "int"}])
    [(path, severity, message)] = faults_of(text(place, fee=[line("spot.price * 2")]))
    assert (path, severity) == ("fee.0.amount", "advice")
    assert "地図から決められません" in message
    certain = {**place, "rules": [{"intersects": "grades"}]}
    assert faults_of(text(certain, fee=[line("spot.price * 2")])) == []


def test_what_the_map_leaves_open_hides_no_error() -> None:
    """Who meets the empty map first must not keep the author from hearing of those whose fee cannot be worked out at all."""
    price = {"layer": "grades", "property": "p", "as": "price", "type": "int"}
    made = definition(field("spot", "point", look_up=[price]), COPIES, fee=[line("spot.price / (copies - 1)")])
    for seed in range(5):
        [end] = walk(made, today=TODAY, seed=seed).dead_ends.values()
        assert end.severity == "error"


def test_a_check_that_the_map_leaves_open_is_advice() -> None:
    place = field("spot", "point", look_up=[{"layer": "zones", "property": "z", "as": "zone", "type": "string"}])
    [(path, severity, _)] = faults_of(text(steps=[step(place, checks=[rule("spot.zone != 'residential'")])]))
    assert (path, severity) == ("steps.0.checks.0.assert", "advice")
    guarded = rule("!found(spot.zone) || spot.zone != 'residential'")
    assert faults_of(text(steps=[step(place, checks=[guarded])])) == []


def test_an_optional_question_that_its_check_demands_is_an_error() -> None:
    chip = field("chip", "text", required=False)
    [(path, severity, message)] = faults_of(text(steps=[step(chip, checks=[rule("size(chip) == 15")])]))
    assert (path, severity) == ("steps.0.checks.0.assert", "error")
    assert "答えなくてよい質問(chip)" in message
    assert faults_of(text(steps=[step(chip, checks=[rule("chip == '' || size(chip) == 15")])])) == []


def test_a_check_that_nobody_can_meet_is_an_error() -> None:
    assert [severity for _, severity, _ in faults_of(text(steps=[step(COPIES, checks=[rule("copies > 10")])]))] == [
        "error"
    ]


def test_a_question_that_nobody_is_asked_is_advice() -> None:
    never = field("why", "text", show_when="copies > 10")
    messages = faults_of(text(COPIES, never))
    assert ("steps.0.fields.1", "advice") in {(path, severity) for path, severity, _ in messages}
    assert any("質問「why」は、試したどの答えでも出ませんでした" in message for _, _, message in messages)


def test_a_condition_that_always_holds_is_advice() -> None:
    [(path, severity, message)] = faults_of(text(COPIES, field("why", "text", show_when="copies < 11")))
    assert (path, severity) == ("steps.0.fields.1.show_when", "advice")
    assert "どの答えでも成り立ちました" in message


def test_a_question_without_a_possible_answer_is_told_and_an_example_helps() -> None:
    code = field("code", "text", pattern="[A-Z]{3}-[0-9]{7}")
    [(path, severity, message)] = faults_of(text(code))
    assert (path, severity) == ("steps.0.fields.0", "advice")
    assert "答えを作れない" in message
    example = {"on": "2026-04-01", "answers": {"code": "ABC-1234567"}, "expect": {}}
    assert faults_of(text(code, examples=[example])) == []


def test_conditions_in_rows_and_lines_for_each_row_are_walked() -> None:
    rows = field(
        "items",
        "group",
        max=3,
        fields=[
            choice("kind", "sofa", "other"),
            field("what", "text", show_when="kind == 'other'"),
            {**COPIES, "id": "n"},
        ],
    )
    made = definition(rows, fee=[line("n * 100", each="items", waived_when="kind == 'other'")])
    coverage = walk(made, today=TODAY)
    assert coverage.covered
    assert 0 < coverage.shown["items.what"] <= coverage.residents


def test_numbers_days_and_ages_at_which_a_condition_turns_are_tried() -> None:
    made = definition(
        field("persons", "integer", max=5000),
        field("born", "birthday"),
        field("begins", "date"),
        field("many", "text", show_when="persons > 1234"),
        field("pension", "text", show_when="age(born, today()) >= 65"),
        field("late", "text", show_when="begins > date('2026-10-01') && begins <= date('2026-10-02')"),
    )
    assert walk(made, today=TODAY).covered


def test_the_walk_goes_on_until_somebody_with_a_rare_answer_applies() -> None:
    """One child of about forty has the age for which there are places: too few residents would call the form closed to everybody."""
    nurseries = {"id": "nurseries", "key": ["code"], "rows": [{"code": "north", "label": "北園"}]}
    places = {"id": "places", "key": ["nursery", "years"], "rows": [{"nursery": "north", "years": 4, "count": 1}]}
    wish = field(
        "wish", "ranking", options={"table": "nurseries", "label": "label", "where": "places.has(code, years)"}
    )
    years = {"id": "years", "value": "legal_age(born, date('2026-04-01'))"}
    made = definition(field("born", "birthday"), wish, tables=[nurseries, places], compute=[years])
    for seed in range(10):
        assert walk(made, today=TODAY, seed=seed).complete


def test_check_sends_residents_too() -> None:
    assert any(
        "止まります" in str(fault)
        for fault in check(text(steps=[step(field("chip", "text", required=False), checks=[rule("size(chip) == 15")])]))
    )


def test_what_depends_on_the_calendar_is_looked_for_on_the_days_of_all_examples() -> None:
    in_march = field("spring", "statement", text={"ja": "3月です。"}, show_when="month(today()) == 3")
    examples = [
        {"on": day, "answers": {"n": 1}, "expect": {"fee": 0}} for day in ("2026-05-11", "2027-03-10", "2026-05-11")
    ]
    source = text(field("n", "integer", min=0, max=3), in_march, examples=examples[:1])
    assert [item.path for item in check(source) if "成り立ちません" in item.message] == ["steps.0.fields.1.show_when"]
    source = text(field("n", "integer", min=0, max=3), in_march, examples=examples)
    assert [item for item in check(source) if "成り立ちません" in item.message] == []


def test_points_that_have_no_value_for_some_answers_are_an_error_and_places_that_a_table_lacks_are_advice() -> None:
    more: dict[str, Any] = {
        "acceptance": [{"from": "11-01", "until": "11-30"}],
        "capacity": [
            {
                "id": "places",
                "label": {"ja": "定員"},
                "by": ["room"],
                "limit": "5",
                "allocation": "points",
                "points": ["minutes_between('09:00', at)"],
            }
        ],
    }
    questions = [choice("room", "a", "b"), field("at", "time", required=False)]
    [fault] = [item for item in check(text(*questions, **more)) if item.severity == "error"]
    assert fault.path == "capacity.0.limit"
    assert '"at": null' in fault.message
    more["capacity"][0]["points"] = ["answered(at) ? minutes_between('09:00', at) : 0"]
    assert [item for item in check(text(*questions, **more)) if item.severity == "error"] == []


def test_a_fee_is_proved_without_each_answer_that_may_be_missing() -> None:
    """The gap is one combination of many: not asked for the size, and a line that applies all the same."""
    questions = [
        choice("kind", "a", "b", "c"),
        choice("size", "s", "m", show_when="kind == 'a' || kind == 'b'"),
        field("wants", "yes_no", show_when="size == 's' || kind == 'c'"),
    ]
    line = {"id": "line", "label": {"ja": "料"}, "amount": "{'s': 100, 'm': 200}[size]", "applies_when": "no(wants)"}
    assert "fee.0.amount" in [item.path for item in check(text(*questions, fee=[line])) if item.severity == "error"]
    sound = definition(*questions, fee=[line | {"amount": "size == 's' ? 100 : 200"}])
    assert walk(sound, today=TODAY).residents < RESIDENTS, "once that was seen nobody else is sent"


def test_a_part_that_fails_without_an_answer_is_not_hidden_by_the_part_beside_it() -> None:
    questions = [choice("kind", *"abcdefghijkl"), field("at", "time", required=False)]
    line = {"label": {"ja": "料"}, "amount": "100", "applies_when": "kind == 'l' && minutes_between('09:00', at) > 30"}
    assert "fee.0.amount" in [item.path for item in check(text(*questions, fee=[line])) if item.severity == "error"]


def test_a_check_that_cannot_be_worked_out_without_an_answer_is_an_error() -> None:
    questions = [field("at", "time", required=False), field("n", "integer", min=0, max=3)]
    page: dict[str, Any] = {"id": "first", "title": {"ja": "はじめ"}, "fields": questions}
    rule = {"assert": "minutes_between('09:00', at) >= 0", "message": {"ja": "9時からです。"}}
    [fault] = [item for item in check(text(steps=[{**page, "checks": [rule]}])) if item.severity == "error"]
    assert fault.path == "steps.0.checks.0.assert"
    assert "!answered" in fault.remedy
    sound = {**rule, "assert": "!answered(at) || minutes_between('09:00', at) >= 0"}
    assert [item for item in check(text(steps=[{**page, "checks": [sound]}])) if item.severity == "error"] == []


def test_consent_of_somebody_whose_address_is_not_always_known_is_an_error() -> None:
    owned = "owner == 'other'"
    fields = [
        choice("owner", "me", "other"),
        field("name", "text", show_when=owned),
        field("mail", "email", show_when=owned),
    ]
    consent = {
        "id": "agreed",
        "title": {"ja": "所有者の同意"},
        "text": {"ja": "同意します。"},
        "name": "name",
        "email": "mail",
    }
    [(path, severity, message)] = faults_of(text(*fields, consents=[consent]))
    assert (path, severity) == ("consents.0.email", "error")
    assert '{"mail": null}' in message
    assert faults_of(text(*fields, consents=[consent | {"applies_when": owned}])) == []


def test_a_fee_by_an_answer_that_the_earlier_case_may_lack_is_advice() -> None:
    earlier = {
        "procedure": "road-occupancy",
        "states": ["approved"],
        "values": [{"id": "area", "type": "double", "of": "a"}],
    }
    [(path, severity, message)] = faults_of(text(based_on=earlier, fee=[line("earlier.area * 100")]))
    assert (path, severity) == ("fee.0.amount", "advice")
    assert "もとの申請の記録" in message
    assert faults_of(text(based_on=earlier, fee=[line("found(earlier.area) ? earlier.area * 100 : 0")])) == []
    assert faults_of(text(based_on=earlier, fee=[line("earlier.fee / 2")])) == []
