"""The catalogue: every procedure is free of errors, is written in five languages, and its examples hold."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from forms import City, Definition, check, evaluate, workflow_of
from forms.catalogue.vocabulary import procedure_files, shipped
from forms.checks.reach import reach_diagnostics
from forms.definition.example import ExampleCity
from forms.fields import FIELD_TYPES
from forms.fields.group import GroupField
from forms.fields.statement import StatementField
from forms.text.localized import Text
from portal.core.clock import today
from tests.kit.catalogue import loaded

FILES = procedure_files()
CITIES = (
    ExampleCity(key="tachikawa", name="立川市", code="132021"),
    ExampleCity(key="mitaka", name="三鷹市", code="132047"),
    ExampleCity(key="hino", name="日野市", code="132128"),
)
LANGUAGES = ("ja", "ja-easy", "en", "zh", "ko")
_READ = re.compile(r"[\u4e00-\u9fff々]+\([ぁ-ゖー]+\)")
_KANJI = re.compile(r"[\u4e00-\u9fff]")


def texts_in(part: object) -> Iterator[Text]:
    """Every text of a definition, at any depth."""
    if isinstance(part, Text):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from texts_in(getattr(part, name))
    elif isinstance(part, dict):
        for inner in part.values():
            yield from texts_in(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from texts_in(inner)


def definitions() -> list[Definition]:
    return [loaded(path) for path in FILES]


@pytest.mark.slow
def test_no_errors_and_no_advice() -> None:
    assert [(path.stem, str(fault)) for path in FILES for fault in check(path.read_bytes())] == []


@pytest.mark.slow
def test_made_up_residents_of_every_city_get_through() -> None:
    with_form = [path for path in FILES if loaded(path).has_form]
    walks = [
        (path, city, reach_diagnostics(path.read_bytes(), loaded(path), city, today()))
        for path in with_form
        for city in CITIES
    ]
    assert [(path.stem, city.key, str(fault)) for path, city, faults in walks for fault in faults] == []


def test_files_are_named_as_their_procedures() -> None:
    assert [definition.procedure for definition in definitions()] == [path.stem for path in FILES]


def test_departments_test_their_procedures() -> None:
    with_form = [definition for definition in definitions() if definition.has_form]
    assert [definition.procedure for definition in with_form if len(definition.examples) < 2] == []


def test_every_procedure_is_in_five_languages() -> None:
    """What is declared is complete, or `check` finds the text that lacks one."""
    assert [made.procedure for made in definitions() if made.languages != LANGUAGES] == []


def test_every_kanji_of_easy_japanese_has_its_reading() -> None:
    easy = [
        (definition.procedure, text.for_language("ja-easy"))
        for definition in definitions()
        for text in texts_in(definition)
        if text.has("ja-easy")  # what only staff read is in Japanese alone
    ]
    assert [(key, text) for key, text in easy if _KANJI.search(_READ.sub("", text))] == []


def test_steps_have_short_names_and_few_questions() -> None:
    for definition in definitions():
        for step in definition.steps:
            assert len((step.short or step.title).ja) <= 5, (definition.procedure, step.id)
            assert sum(field.is_question for field in step.fields) <= 5, (definition.procedure, step.id)


def test_fields_take_the_type_of_their_item() -> None:
    for definition in definitions():
        for field in definition.fields.values():
            inner = list(field.fields) if isinstance(field, GroupField) else []
            for question in [field, *inner]:
                if question.item:
                    assert shipped().items[question.item].type == question.type, (definition.procedure, question.id)


def test_every_case_can_end() -> None:
    for definition in definitions():
        assert any(state.final for state in workflow_of(definition).states.values()), definition.procedure


def test_the_published_worked_example_of_the_occupation_fee() -> None:
    text = Path(next(path for path in FILES if path.stem == "road-occupancy")).read_text(encoding="utf-8")
    assert "74100" in text
    changed = text.replace("approved: 74100", "approved: 74101", 1)
    assert any("74,100円" in str(fault) for fault in check(changed))


def test_items_and_facts_are_in_five_languages() -> None:
    texts = [*texts_in(list(shipped().items.values())), *texts_in(list(shipped().facts.values()))]
    assert [text.ja for text in texts if not all(text.has(language) for language in LANGUAGES)] == []
    assert [text.ja for text in texts if _KANJI.search(_READ.sub("", text.for_language("ja-easy")))] == []


def test_items_name_field_types() -> None:
    assert {item.type for item in shipped().items.values()} <= set(FIELD_TYPES)


def test_the_deadline_agrees_with_the_first_day_that_the_form_accepts() -> None:
    """Who asks for a permit within the deadline that the page names can fill in the form; those who miss it are refused by its dates."""
    for path in FILES:
        definition = loaded(path)
        due = definition.routing.deadline if definition.routing else None
        if due is not None and due.before is not None and definition.kind == "permit" and definition.has_form:
            [period] = [field for field in definition.fields.values() if field.type == "date_range"]
            assert getattr(period, "min") == f"today+{due.days}d", path.stem  # noqa: B009 - only some fields have a `min`


@pytest.mark.parametrize(
    ("procedure", "field"),
    [
        ("dog-registration", "address"),
        ("child-allowance", "address"),
        ("resident-certificate", "address"),
        ("moving-in", "new_address"),
        ("disaster-certificate", "building_address"),
    ],
)
@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.key)
def test_an_address_outside_the_city_is_refused_in_each_city(procedure: str, field: str, city: City) -> None:
    definition = loaded(next(path for path in FILES if path.stem == procedure))
    example = next(candidate for candidate in definition.examples if not candidate.expect.errors)
    elsewhere = {"prefecture": "東京都", "city": "八王子市", "town": "元本郷町", "block": "3-24-1"}
    for address, fits in ((elsewhere | {"city": city.name}, True), (elsewhere, False)):
        answers = {**example.answers, field: address}
        errors = evaluate(definition, answers, example.facts, today=example.on, city=city).errors
        assert (field not in errors) is fits, errors


def test_a_year_of_occupation_may_hold_a_leap_day() -> None:
    definition = loaded(next(path for path in FILES if path.stem == "road-occupancy"))
    example = definition.examples[0]
    for end, fits in (("2028-03-31", True), ("2028-04-01", False)):
        answers = {**example.answers, "period": {"start": "2027-04-01", "end": end}}
        outcome = evaluate(definition, answers, example.facts, today=date(2027, 3, 1), city=CITIES[0])
        assert ("period" not in outcome.errors) is fits


def test_a_warning_can_be_read_again_after_sending() -> None:
    """The receipt and the page of the case say it again: it must not lead on to a next page."""
    for file in procedure_files():
        for field in loaded(file).fields.values():
            if isinstance(field, StatementField) and field.tone == "warn":
                assert not re.search("進んでください|進(すす)んで|just go on", repr(field.text)), file.stem


def test_who_finishes_at_the_counter_is_asked_the_day_that_the_deadline_counts_from() -> None:
    """The plan says the last day; the receipt, the letters and the desk can only if the application holds that day."""
    for file in procedure_files():
        definition = loaded(file)
        deadline = definition.routing.deadline if definition.routing else None
        if definition.workflow.preset == "visit" and deadline is not None:
            assert deadline.event in definition.fields, file.stem
