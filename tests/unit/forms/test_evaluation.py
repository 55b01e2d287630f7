"""Visible questions, errors by path, checks, and that no answers break an evaluation."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from forms import applies, evaluate, load
from forms.fields import FIELD_TYPES
from tests.unit.forms.making import ROAD_WITH_PERMIT, TODAY, choice, definition, field, judged, text, unhurried


def test_a_question_shows_when_its_condition_holds() -> None:
    made = definition(choice("object", "sign", "other"), field("what", "text", show_when="object == 'other'"))
    assert judged(made, {}).visible == ("object",)
    assert judged(made, {"object": "sign"}).visible == ("object",)
    assert judged(made, {"object": "other"}).visible == ("object", "what")


def test_a_hidden_answer_is_ignored_everywhere() -> None:
    made = definition(
        choice("object", "sign", "other"),
        choice("what", "big", "small", show_when="object == 'other'"),
        field("height", "number", show_when="what == 'big'"),
    )
    evaluation = judged(made, {"object": "sign", "what": "big", "height": "nonsense"})
    assert evaluation.visible == ("object",)
    assert evaluation.answers == {"object": "sign"}
    assert evaluation.errors == {}


def test_a_condition_may_speak_of_a_question_that_comes_later() -> None:
    made = definition(field("what", "text", show_when="object == 'other'"), choice("object", "sign", "other"))
    assert judged(made, {"object": "other"}).visible == ("what", "object")


def test_a_whole_page_may_be_hidden() -> None:
    steps = [
        {"id": "one", "title": {"ja": "1"}, "fields": [field("abroad", "yes_no")]},
        {"id": "two", "title": {"ja": "2"}, "show_when": "abroad", "fields": [field("country", "text")]},
    ]
    made = load(text(steps=steps))
    assert judged(made, {"abroad": False}).steps == ("one",)
    assert judged(made, {"abroad": True}).steps == ("one", "two")
    assert "country" in judged(made, {"abroad": True}).errors


def test_conditions_may_speak_of_shared_facts() -> None:
    made = definition(field("dog_name", "text", show_when="has_dog"))
    assert judged(made, {}).visible == ()
    assert judged(made, {}, {"has_dog": True}).visible == ("dog_name",)


def test_errors_have_the_path_of_the_row() -> None:
    rows = field("items", "group", fields=[choice("kind", "sofa", "desk"), field("count", "integer", min=1)])
    evaluation = judged(definition(rows), {"items": [{"kind": "sofa", "count": 1}, {"kind": "piano"}]})
    assert set(evaluation.errors) == {"items.1.kind", "items.1.count"}
    assert evaluation.visible == ("items", "items.0.kind", "items.0.count", "items.1.kind", "items.1.count")


def test_a_row_hides_its_own_questions() -> None:
    rows = field(
        "items", "group", fields=[choice("kind", "sofa", "other"), field("what", "text", show_when="kind == 'other'")]
    )
    evaluation = judged(definition(rows), {"items": [{"kind": "sofa"}, {"kind": "other"}]})
    assert set(evaluation.errors) == {"items.1.what"}
    assert "items.0.what" not in evaluation.visible


def test_a_failed_check_stands_beside_its_question_or_on_its_page() -> None:
    check = {"assert": "period.days <= 365", "message": {"ja": "1年までです。", "en": "One year at most."}}
    period = field("period", "date_range")
    answers = {"period": {"start": "2026-04-01", "end": "2027-12-31"}}
    step = {"id": "first", "title": {"ja": "1"}, "fields": [period], "checks": [check]}
    assert judged(load(text(steps=[step])), answers).errors == {"checks.first": ["1年までです。"]}
    step["checks"] = [{**check, "field": "period"}]
    evaluation = evaluate(load(text(steps=[step])), answers, {}, today=TODAY, language="en")
    assert evaluation.errors == {"period": ["One year at most."]}
    assert not evaluation.complete


def test_a_check_over_something_unanswered_waits() -> None:
    check = {"assert": "period.days <= 365", "message": {"ja": "1年までです。"}}
    step = {
        "id": "s",
        "title": {"ja": "1"},
        "fields": [field("period", "date_range", required=False)],
        "checks": [check],
    }
    assert judged(load(text(steps=[step])), {}).complete


def test_the_desk_and_the_last_day_come_from_the_answers() -> None:
    made = load(ROAD_WITH_PERMIT)
    example = made.examples[0]
    evaluation = evaluate(made, example.answers, example.facts, today=example.on)
    assert evaluation.assign_to == "west"
    assert evaluation.valid_until["permit"].isoformat() == "2026-05-21"
    assert evaluation.complete


def test_whom_a_procedure_is_for_is_yes_no_or_not_yet_known() -> None:
    made = definition(routing={"applies_when": "has_dog && moved_from_other_city"})
    assert applies(made, {}, today=TODAY) is None
    assert applies(made, {"has_dog": False}, today=TODAY) is False
    assert applies(made, {"has_dog": True}, today=TODAY) is None
    assert applies(made, {"has_dog": True, "moved_from_other_city": True}, today=TODAY) is True
    assert applies(definition(), {}, today=TODAY) is True


TWO = [{"id": name, "label": {"ja": name}} for name in ("a", "b")]
SETTINGS: dict[str, dict[str, Any]] = {
    "appointment": {"resource": "counter", "hours": [{"from": "09:00", "until": "12:00"}]},
    "choice": {"options": [{"id": "a", "label": {"ja": "あ"}}]},
    "choices": {"options": [{"id": "a", "label": {"ja": "あ"}}]},
    "consent": {"text": {"ja": "同意します"}},
    "matrix": {"rows": TWO[:1], "scale": TWO},
    "quantities": {"options": TWO},
    "ranking": {"options": TWO},
    "statement": {"text": {"ja": "お知らせ"}},
    "group": {"fields": [field("kind", "text"), field("more", "text", show_when="kind == 'x'")]},
}
EVERYTHING = definition(
    *(field(f"f_{name}", name, **SETTINGS.get(name, {})) for name in sorted(FIELD_TYPES)),
    fee=[{"label": {"ja": "料"}, "amount": "f_polygon.area_m2 * f_date_range.months", "waived_when": "f_yes_no"}],
)
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["2026-02-30", "a"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["start", "end", "geometry", "source", "type", "coordinates", "family", "kind", "id", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@unhurried
@given(
    st.dictionaries(st.sampled_from(sorted(EVERYTHING.fields)), ANY_JSON, max_size=30),
    st.dictionaries(st.sampled_from([*sorted(EVERYTHING.fields), "has_dog"]), ANY_JSON, max_size=5),
)
def test_no_answers_and_facts_break_an_evaluation(answers: dict[str, Any], facts: dict[str, Any]) -> None:
    evaluation = evaluate(EVERYTHING, answers, facts, today=TODAY)
    assert evaluation.fee.total is None or evaluation.fee.total >= 0
    assert all(messages for messages in evaluation.errors.values())
    assert set(evaluation.answers) <= set(evaluation.visible)
