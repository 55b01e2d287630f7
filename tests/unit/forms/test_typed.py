"""What was typed is kept beside what is sound: it fills the page again and counts for nothing."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from forms import Definition, StepReading, as_form, inputs_of, load, read_step
from forms.catalogue.vocabulary import procedure_files
from forms.text.safety import has_unprintable, holds_my_number
from tests.unit.forms.making import TODAY, choice, definition, field, unhurried

CHILDREN = field(
    "children",
    "group",
    min=1,
    max=12,
    fields=[
        field("child", "person_name"),
        field("together", "yes_no"),
        field("where", "address", show_when="!together"),
        field("remark", "integer", required=False, show_when="together"),
    ],
)
CHILD = {"child.family": ["佐藤"], "child.given": ["陽"], "together": ["yes"]}


def read(
    made: Definition,
    form: dict[str, list[str]],
    before: StepReading | None = None,
    **more: Any,
) -> StepReading:
    answers, typed = (before.answers, before.typed) if before else ({}, {})
    return read_step(made, "first", form, answers, {}, today=TODAY, typed=typed, **more)


def shown_after(made: Definition, reading: StepReading) -> dict[str, list[str]]:
    """What a reload fills in."""
    filled = as_form(inputs_of(made, "first", reading.answers, reading.typed))
    return {name: texts for name, texts in filled.items() if any(texts)}


def rows(*children: dict[str, list[str]]) -> dict[str, list[str]]:
    return {f"children.{number}.{name}": text for number, row in enumerate(children) for name, text in row.items()}


def test_an_unfinished_row_leaves_the_finished_ones_as_they_were_typed() -> None:
    made = definition(CHILDREN)
    form = rows(CHILD, CHILD | {"child.given": ["葵"]}, {"child.family": ["佐"]})
    reading = read(made, form)
    assert "children" not in reading.answers
    assert not reading.complete
    assert shown_after(made, reading) == form


def test_what_replaced_a_valid_answer_stands_there_and_the_answer_is_gone() -> None:
    made = definition(field("phone", "phone", required=False))
    first = read(made, {"phone": ["090-1234-5678"]})
    assert first.answers == {"phone": "+819012345678"}
    changing = read(made, {"phone": ["090-12"]}, first)
    assert changing.answers == {}
    assert shown_after(made, changing) == {"phone": ["090-12"]}
    assert read(made, {"phone": [""]}, changing).typed == {}


def test_a_valid_answer_is_kept_in_its_own_spelling() -> None:
    made = definition(field("phone", "phone"))
    reading = read(made, {"phone": ["０９０−１２３４−５６７８"]})
    assert reading.answers == {"phone": "+819012345678"}
    assert shown_after(made, reading) == {"phone": ["０９０−１２３４−５６７８"]}
    assert read(made, as_form(inputs_of(made, "first", reading.answers))).typed == {}


def test_text_of_a_hidden_question_comes_back_with_it_and_is_no_answer_meanwhile() -> None:
    made = definition(choice("object", "sign", "other"), field("what", "integer", show_when="object == 'other'"))
    typed = read(made, {"object": ["other"], "what": ["5"]}, on_page=["what"])
    hidden = read(made, {"object": ["sign"], "what": ["5"]}, typed, on_page=["what"])
    assert hidden.answers == {"object": "sign"}
    assert hidden.complete
    assert shown_after(made, hidden)["what"] == ["5"]
    # whether the page carries the text along or not
    for form in ({"object": ["other"], "what": ["5"]}, {"object": ["other"]}):
        again = read(made, form, hidden)
        assert again.answers == {"object": "other", "what": 5}
    emptied = read(made, {"object": ["other"]}, typed, on_page=["what"])
    assert emptied.answers == {"object": "other"}
    assert set(emptied.errors) == {"what"}


def test_other_pages_keep_what_was_typed_into_them() -> None:
    steps = [
        {"id": name, "title": {"ja": name}, "fields": [field(f"{name}_number", "integer")]}
        for name in ("first", "second")
    ]
    made = definition(steps=steps)
    reading = read_step(made, "second", {"second_number": ["x"]}, {}, {}, today=TODAY, typed={"first_number": "い"})
    assert reading.typed == {"first_number": "い", "second_number": "x"}


def test_a_my_number_is_not_kept() -> None:
    made = definition(field("note", "text"), field("other", "text", max_length=3))
    reading = read(made, {"note": ["123456789018"], "other": ["12345"]})
    assert set(reading.errors) == {"note", "other"}
    assert reading.typed == {"other": "12345"}


def test_what_a_row_shows_follows_from_its_own_answers_while_others_are_unfinished() -> None:
    made = definition(CHILDREN)
    form = rows({"child.family": ["佐"]}, {"together": ["no"]}, {"together": ["yes"]}, {"child.given": ["葵"]})
    assert read(made, form).shown == {f"children.{row}.where" for row in (0, 1, 3)} | {"children.2.remark"}


def test_the_demanded_address_of_a_second_child_can_be_given() -> None:
    made = definition(CHILDREN)
    apart = CHILD | {"together": ["no"]}
    reading = read(made, rows(CHILD, apart))
    assert reading.errors
    assert all(path.startswith("children.1.where") for path in reading.errors)
    assert "children.1.where" in reading.shown
    address = {
        "where.prefecture": ["長野県"],
        "where.city": ["松本市"],
        "where.town": ["丸の内"],
        "where.block": ["3-7"],
    }
    done = read(made, rows(CHILD, apart | address), reading)
    assert done.complete
    assert "where" not in done.answers["children"][0]
    assert done.answers["children"][1]["where"]["city"] == "松本市"


def test_what_a_condition_hides_in_a_row_is_kept_there_and_not_sent() -> None:
    made = definition(CHILDREN)
    address = {"where.prefecture": ["長野県"], "where.city": ["松本市"]}
    reading = read(made, rows(CHILD | address))
    assert reading.answers["children"] == [{"child": {"family": "佐藤", "given": "陽"}, "together": True}]
    assert shown_after(made, reading) == rows(CHILD | address)


def test_a_condition_in_a_row_may_speak_of_a_question_below_it() -> None:
    group = field(
        "items",
        "group",
        fields=[field("what", "text", show_when="kind == 'other'"), choice("kind", "sofa", "other")],
    )
    reading = read(definition(group), {"items.0.kind": ["other"], "items.0.what": ["臼"]})
    assert reading.answers == {"items": [{"kind": "other", "what": "臼"}]}


def test_an_answer_hidden_in_a_row_shows_nothing_further() -> None:
    group = field(
        "items",
        "group",
        fields=[
            choice("kind", "sofa", "other"),
            field("large", "yes_no", show_when="kind == 'other'"),
            field("what", "text", show_when="large"),
        ],
    )
    reading = read(definition(group), {"items.0.kind": ["sofa"], "items.0.large": ["yes"], "items.0.what": ["臼"]})
    assert reading.answers == {"items": [{"kind": "sofa"}]}
    assert reading.shown == frozenset()


EVERYTHING = definition(
    choice("object", "sign", "other"),
    field("what", "integer", show_when="object == 'other'"),
    field("phone", "phone", required=False),
    field("note", "text", max_length=5),
    CHILDREN,
)
#: A □ is shown for what cannot be stored, and is an answer like any other when it is sent again.
TEXTS = st.text(max_size=6).filter(lambda text: not has_unprintable(text)) | st.sampled_from(
    ["sign", "other", "yes", "no", "090-1234-5678", "５", "5", "佐藤", "長野県", "123456789018"]
)
NAMES = st.sampled_from(
    ["object", "what", "phone", "note", "note.x", "phone.0"]
    + [
        f"children.{row}.{part}"
        for row in (0, 1, 2)
        for part in ("child.family", "child.given", "together", "where.city")
    ]
    + ["children.0.remark", "children.1.where.prefecture", "csrf_token", "children.x.child.family"]
)


@unhurried
@given(st.lists(st.dictionaries(NAMES, st.lists(TEXTS, min_size=1, max_size=1), max_size=9), min_size=1, max_size=4))
def test_what_was_typed_last_is_what_a_reload_shows_and_nothing_invalid_counts(
    posts: list[dict[str, list[str]]],
) -> None:
    reading = None
    for form in posts:
        reading = read(EVERYTHING, form, reading, on_page=["what"])
    assert reading is not None
    filled = {name: [text] if isinstance(text, str) else text for name, text in reading.raw.items() if text}
    kept = {name: texts for name, texts in filled.items() if not any(map(holds_my_number, texts))}
    shown = shown_after(EVERYTHING, reading)
    assert {name: shown.get(name) for name in kept} == kept
    # what is shown is read the same way again, and what counts is valid without it
    again = read(EVERYTHING, as_form(inputs_of(EVERYTHING, "first", reading.answers, reading.typed)), reading)
    assert again.answers == reading.answers
    assert again.evaluation.answers == reading.evaluation.answers
    judged = set(reading.answers)
    assert not judged & {path.split(".")[0] for path in reading.evaluation.field_errors}
    assert reading.complete is (not reading.errors)


def test_the_shipped_child_allowance_takes_a_second_child_who_lives_elsewhere() -> None:
    source = next(path for path in procedure_files() if path.stem == "child-allowance")
    made = load(source.read_text("utf-8"))
    child = {
        "child_name.family": ["佐藤"],
        "child_name.given": ["陽"],
        "child_kana.family": ["サトウ"],
        "child_kana.given": ["ハル"],
        "child_birthday": ["2020-05-03"],
        "relation": ["own"],
        "lives_together": ["yes"],
    }
    form = rows(child, child | {"child_name.given": ["葵"], "lives_together": ["no"]})
    reading = read_step(made, "children_step", form, {}, {}, today=TODAY)
    assert "children.1.child_address" in reading.shown
    assert {path.rpartition(".")[0] for path in reading.errors} <= {"children.1.child_address", "children.1"}
    assert reading.errors
