"""Answers that the definition fills in: until somebody writes their own, or for good."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import Definition, DefinitionError, check
from forms.fields.marks import default_mark
from forms.reading import as_form, inputs_of, read_step
from tests.unit.forms.making import TODAY, choice, definition, field, judged, text, unhurried

BOXES = definition(
    field("people", "integer"),
    field("boxes", "integer", default="people * 2"),
    field("price", "money", default="boxes * 100", read_only=True),
    fee=[{"label": {"ja": "料"}, "amount": "price"}],
)


def read(made: Definition, form: dict[str, list[str]], answers: dict[str, Any], on_page: set[str]) -> Any:
    return read_step(made, "first", form, answers, {}, today=TODAY, on_page=on_page)


def marks(made: Definition, answers: dict[str, Any]) -> set[str]:
    """What a page posts that shows the answers as they were saved."""
    reading = read(made, as_form(inputs_of(made, "first", answers)), answers, set())
    return {default_mark(name, {"": reading.raw[name]}) for name in reading.evaluation.defaults}


def test_a_default_follows_its_source_until_somebody_writes() -> None:
    first = read(BOXES, {"people": ["3"], "boxes": [""]}, {}, set())
    assert (first.evaluation.answers["boxes"], first.raw["boxes"], first.complete) == (6, "6", True)
    shown = marks(BOXES, first.answers)
    followed = read(BOXES, {"people": ["5"], "boxes": ["6"]}, first.answers, shown)
    assert followed.evaluation.answers["boxes"] == 10
    written = read(BOXES, {"people": ["5"], "boxes": ["7"]}, followed.answers, marks(BOXES, followed.answers))
    assert written.evaluation.answers["boxes"] == 7
    kept = read(BOXES, {"people": ["9"], "boxes": ["7"]}, written.answers, marks(BOXES, written.answers))
    assert (kept.evaluation.answers["boxes"], kept.evaluation.fee.total) == (7, 700)


def test_a_default_that_was_emptied_comes_back() -> None:
    emptied = read(BOXES, {"people": ["3"], "boxes": [""]}, {"people": 3, "boxes": 7}, set())
    assert (emptied.evaluation.answers["boxes"], emptied.raw["boxes"], emptied.errors) == (6, "6", {})


def test_text_that_is_no_answer_is_not_replaced_by_a_default() -> None:
    unsound = read(BOXES, {"people": ["3"], "boxes": ["たくさん"]}, {"people": 3}, marks(BOXES, {"people": 3}))
    assert (unsound.raw["boxes"], unsound.typed["boxes"], list(unsound.errors)) == ("たくさん", "たくさん", ["boxes"])


def test_an_answer_that_only_the_definition_gives_cannot_be_posted_or_imported() -> None:
    forged = read(BOXES, {"people": ["3"], "boxes": ["6"], "price": ["0"]}, {"price": 0}, set())
    assert forged.evaluation.answers["price"] == 600
    assert "price" not in forged.answers
    assert judged(BOXES, {"people": 3, "price": 1}).fee.total == 600


def test_nothing_is_filled_in_from_what_is_still_to_be_answered() -> None:
    evaluation = judged(BOXES, {})
    assert "boxes" not in evaluation.answers
    assert (evaluation.waiting, list(evaluation.field_errors)) == ({"boxes", "price"}, ["people"])


def test_a_whole_answer_is_taken_from_a_question_of_the_same_type() -> None:
    made = definition(
        field("applicant", "person_name"),
        field("same", "yes_no", default=True),
        field("payer", "person_name", default="applicant", show_when="!same"),
    )
    name = {"family": "見本", "given": "太郎"}
    assert "payer" not in judged(made, {"applicant": name}).answers
    assert judged(made, {"applicant": name, "same": False}).answers["payer"] == name


def test_a_default_is_a_value_of_its_question() -> None:
    made = definition(
        field("on", "date", default="today()"),
        field("rate", "number", decimals=1, default="10 / 3"),
        field("note", "text", default="'なし'"),
        choice("size", "s", "m", default="'m'"),
        field("spot", "point", look_up=[{"layer": "towns", "property": "n", "as": "town", "type": "string"}]),
        field("town", "text", default="spot.town"),
    )
    place = {"source": "drawn", "geometry": {"type": "Point", "coordinates": [139.41, 35.7]}}
    with_map = judged(made, {"spot": place}, {"spot": {"town": "曙町"}}).answers
    values = [with_map[name] for name in ("on", "rate", "note", "size", "town")]
    assert values == [date(2026, 4, 1).isoformat(), 3.3, "なし", "m", "曙町"]
    without = judged(made, {"spot": place}, {"spot": {}})
    assert ("town" in without.answers, list(without.field_errors)) == (False, ["town"])


@pytest.mark.parametrize(
    ("fields", "path", "words"),
    [
        ([field("a", "integer", default="1 / 2")], "steps.0.fields.0.default", "小数"),
        ([field("a", "text", default="1")], "steps.0.fields.0.default", "文字"),
        ([field("a", "address", default="'東京'")], "steps.0.fields.0.default", "同じ種類"),
        ([field("a", "photo", default="1")], "steps.0.fields.0", "default"),
        ([field("a", "text", read_only=True)], "steps.0.fields.0", "default"),
        ([field("a", "integer", default="b"), field("b", "integer", default="a")], "steps.0.fields", "輪"),
        (
            [field("g", "group", fields=[field("a", "text", default="1 + 1")])],
            "steps.0.fields.0.fields.0.default",
            "文字",
        ),
    ],
)
def test_a_default_that_cannot_be_is_a_fault(fields: list[dict[str, Any]], path: str, words: str) -> None:
    faults = [diagnostic for diagnostic in check(text(*fields)) if diagnostic.severity == "error"]
    assert any(
        fault.path.startswith(path) and any(word in str(fault) for word in words.split("|")) for fault in faults
    ), faults


def test_made_up_residents_get_through_a_form_with_defaults() -> None:
    made = text(
        field("people", "integer", max=9),
        field("boxes", "integer", default="people * 2"),
        field("price", "money", default="boxes * 100", read_only=True),
        fee=[{"label": {"ja": "料"}, "amount": "price"}],
        examples=[
            {"on": "2026-04-01", "answers": {"people": 2}, "expect": {"fee": 400}},
            {"on": "2026-04-01", "answers": {"people": 2, "boxes": 1}, "expect": {"fee": 100}},
        ],
    )
    assert [str(fault) for fault in check(made) if fault.severity == "error"] == []


@given(st.lists(st.tuples(st.integers(0, 50), st.none() | st.integers(0, 50)), min_size=1, max_size=6))
@unhurried
def test_what_was_written_is_kept_and_what_was_not_follows(visits: list[tuple[int, int | None]]) -> None:
    answers: dict[str, Any] = {}
    written: int | None = None
    for people, boxes in visits:
        shown = read(BOXES, as_form(inputs_of(BOXES, "first", answers)), answers, set())
        posted = str(shown.raw.get("boxes", "") if boxes is None else boxes)
        if posted != shown.raw.get("boxes", ""):
            written = boxes
        reading = read(BOXES, {"people": [str(people)], "boxes": [posted]}, answers, marks(BOXES, answers))
        answers = reading.answers
        assert reading.evaluation.answers["boxes"] == (people * 2 if written is None else written)


def test_a_fault_is_refused_when_loading() -> None:
    with pytest.raises(DefinitionError):
        definition(field("a", "signature", default="'x'"))
