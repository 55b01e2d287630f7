"""One page as it is posted: answers, what was typed, rows that come and go without JavaScript."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from forms import Definition, StepReading, inputs_of, load, read_step
from tests.unit.forms.making import ROAD, TODAY, choice, definition, field, unhurried

ITEMS = field(
    "items", "group", min=1, max=3, fields=[choice("kind", "sofa", "desk"), field("count", "integer", min=1, max=9)]
)


def read(
    made: Definition, form: dict[str, list[str]], answers: dict[str, Any] | None = None, step: str = "first"
) -> StepReading:
    return read_step(made, step, form, answers or {}, {}, today=TODAY)


def test_valid_answers_are_taken_over_and_others_kept() -> None:
    made = load(ROAD)
    form = {"name.family": ["立川"], "name.given": ["花子"], "phone": ["042-523-2111"]}
    reading = read(made, form, {"object": "sign"}, "applicant")
    assert reading.complete
    assert reading.answers["name"] == {"family": "立川", "given": "花子"}
    assert reading.answers["phone"] == "+81425232111"
    assert reading.answers["object"] == "sign"


def test_what_must_be_fixed_is_shown_again_as_typed_and_not_among_the_answers() -> None:
    made = definition(field("count", "integer"), field("note", "text", required=False))
    reading = read(made, {"count": ["三つ"], "note": ["静かに"]}, {"count": 3})
    assert not reading.complete
    assert set(reading.errors) == {"count"}
    assert reading.answers == {"note": "静かに"}
    assert reading.raw == {"count": "三つ", "note": "静かに"}


def test_an_emptied_answer_is_gone() -> None:
    made = definition(field("note", "text", required=False))
    assert read(made, {"note": [""]}, {"note": "x"}).answers == {}


def test_unknown_names_are_passed_over() -> None:
    made = definition(field("note", "text"))
    reading = read(made, {"note": ["a"], "csrf_token": ["x"], "fee": ["0"], "other.part": ["x"]}, {"stranger": 1})
    assert reading.answers == {"note": "a"}
    assert reading.raw == {"note": "a"}


def test_a_question_that_the_answers_hide_is_neither_kept_nor_judged() -> None:
    made = definition(choice("object", "sign", "other"), field("what", "integer", show_when="object == 'other'"))
    assert read(made, {"object": ["sign"], "what": ["nonsense"]}).complete
    assert read(made, {"object": ["sign"], "what": ["5"]}).answers == {"object": "sign"}
    assert set(read(made, {"object": ["other"], "what": ["nonsense"]}).errors) == {"what"}


def test_a_row_can_be_added() -> None:
    form = {"items.0.kind": ["sofa"], "items.0.count": ["2"], "items.add": [""]}
    reading = read(definition(ITEMS), form)
    assert reading.stay
    assert reading.errors == {}
    assert reading.raw["items.0.count"] == "2"


def test_a_row_can_be_removed_and_the_others_move_up() -> None:
    form = {
        "items.0.kind": ["sofa"],
        "items.0.count": ["1"],
        "items.1.kind": ["desk"],
        "items.1.count": ["x"],
        "items.2.kind": ["desk"],
        "items.2.count": ["3"],
        "items.1.remove": ["削除"],
    }
    reading = read(definition(ITEMS), form)
    assert reading.stay
    assert reading.raw["items.1.count"] == "3"
    assert "items.2.kind" not in reading.raw
    assert reading.answers["items"] == [{"kind": "sofa", "count": 1}, {"kind": "desk", "count": 3}]


def test_errors_of_rows_have_their_number() -> None:
    form = {"items.0.kind": ["sofa"], "items.0.count": ["1"], "items.1.kind": ["piano"], "items.1.count": ["0"]}
    reading = read(definition(ITEMS), form)
    assert set(reading.errors) == {"items.1.kind", "items.1.count"}


def test_a_check_is_told_on_its_own_page() -> None:
    made = load(ROAD)
    form = {
        "object": ["sign"],
        "public_body": ["no"],
        "period.start": ["2026-05-01"],
        "period.end": ["2028-05-01"],
        "area.coordinates": ["35.70, 139.41\n35.70, 139.4102\n35.7001, 139.4102"],
    }
    reading = read(made, form, step="occupation")
    assert reading.errors["checks.occupation"] == ["一度に申請できるのは1年までです。"]


def test_saved_answers_fill_the_page() -> None:
    made = definition(ITEMS)
    answers = {"items": [{"kind": "sofa", "count": 2}, {"kind": "desk", "count": 1}]}
    assert inputs_of(made, "first", answers)["items.1.kind"] == "desk"
    form = {
        name: [typed] if isinstance(typed, str) else typed for name, typed in inputs_of(made, "first", answers).items()
    }
    assert read(made, form).answers == answers


NAMES = st.sampled_from(
    [
        "items",
        "items.",
        "items.add",
        "items.0",
        "items.0.kind",
        "items.0.count",
        "items.0.remove",
        "items.0.kind.more",
        "items.007.kind",
        "items.999.count",
        "items.x.kind",
        "note",
        "note.x",
    ]
)
ROWS_AND_NOTE = definition(ITEMS, field("note", "text"))


@unhurried
@given(st.dictionaries(NAMES, st.lists(st.text(max_size=8) | st.sampled_from(["sofa", "2"]), max_size=3)))
def test_no_form_breaks_a_reading(form: dict[str, list[str]]) -> None:
    reading = read(ROWS_AND_NOTE, form)
    assert set(reading.answers) <= {"items", "note"}
    assert set(reading.typed) <= set(reading.raw)
