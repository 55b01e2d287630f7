"""Every setting of the language says what it means, in the JSON Schema and in the reference."""

import json
import re
from functools import cache
from typing import Any

import pytest

from forms import check, json_schema, load
from forms.definition.procedure import Definition
from forms.definition.source import read_source
from forms.evaluation.scope import names_of
from forms.expressions.functions import FUNCTIONS
from forms.fields import FIELD_TYPES
from forms.reference.descriptions import QuestionType, part_of, parts, question_types, written_names
from forms.reference.recipes import with_question
from forms.workflow.preset import presets


@cache
def grammar() -> dict[str, dict[str, Any]]:
    """The JSON Schema of every part of a definition."""
    schema = json_schema()
    return {"Definition": schema, **schema["$defs"]}


def settings() -> list[tuple[str, str]]:
    return [(part, name) for part, schema in grammar().items() for name in schema.get("properties", {})]


def is_japanese(text: str) -> bool:
    return any("ぁ" <= character <= "ヿ" or "一" <= character <= "鿿" for character in text)


def test_every_part_of_the_schema_is_described_in_japanese() -> None:
    assert [name for name, schema in grammar().items() if not is_japanese(schema["description"])] == []


def test_every_setting_of_the_schema_is_described_in_japanese() -> None:
    undescribed = [
        (part, name) for part, name in settings() if not is_japanese(grammar()[part]["properties"][name]["description"])
    ]
    assert len(settings()) > 300
    assert undescribed == []


def test_nothing_is_described_that_is_not_in_the_grammar() -> None:
    classes = {cls.__name__: kind for kind, cls in FIELD_TYPES.items()} | {"InnerGroup": "group"}
    assert parts().keys() - grammar().keys() == {"FieldType"}
    assert list(question_types()) == list(FIELD_TYPES)
    for name, schema in grammar().items():
        properties = schema.get("properties", {}).keys()
        if properties:
            assert part_of(name, classes.get(name)).settings.keys() == properties, name


def test_expressions_say_so_and_name_every_function() -> None:
    for part, name in settings():
        kind = grammar()[part]["properties"].get("type", {}).get("const")
        described = part_of(part, kind).settings[name]
        in_models = name in {"show_when", "required_when"} or _is_expression(part, name)
        assert (described.result is not None) == in_models, (part, name)
        if described.result:
            text = grammar()[part]["properties"][name]["description"]
            assert [function for function in FUNCTIONS if function not in text] == []


def _is_expression(part: str, name: str) -> bool:
    """Whether the models read a number and a truth there as an expression."""
    schema = grammar()[part]["properties"][name]
    kinds = set(re.findall(r'"type": "(\w+)"', json.dumps(schema)))
    return {"string", "integer", "number", "boolean"} <= kinds and part not in {
        "LookUp",
        "Option",
        "PlaceRule",
        "Table",
    }


@pytest.mark.parametrize("question_type", question_types().values(), ids=lambda question_type: question_type.name)
def test_the_example_of_a_question_type_has_no_errors(question_type: QuestionType) -> None:
    definition = with_question(question_type.example)
    assert definition["steps"][0]["fields"][0]["type"] == question_type.name
    diagnostics = check(json.dumps(definition))
    assert [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"] == []


@pytest.mark.parametrize("question_type", question_types().values(), ids=lambda question_type: question_type.name)
def test_the_names_that_a_question_type_gives_are_described(question_type: QuestionType) -> None:
    definition = load(json.dumps(with_question(question_type.example)))
    (question,) = definition.fields
    types = names_of(definition).types
    given = {
        name.removeprefix(question).removeprefix(".")
        for name, kind in types.items()
        if name.split(".")[0] == question and kind != "question"
    }
    assert question_type.gives.keys() == given


@pytest.mark.parametrize("question_type", question_types().values(), ids=lambda question_type: question_type.name)
def test_the_answer_to_an_example_is_accepted(question_type: QuestionType) -> None:
    definition = with_question(question_type.example)
    question = definition["steps"][0]["fields"][0]["id"]
    is_question = FIELD_TYPES[question_type.name].is_question
    assert bool(question_type.answer) is is_question
    answers = {question: read_source(f"answer: {question_type.answer}").tree["answer"]} if is_question else {}
    example = {"on": "2026-11-23", "answers": answers, "expect": {"visible": [question], "state": "received"}}
    diagnostics = check(json.dumps({**definition, "examples": [example]}))
    assert [str(diagnostic) for diagnostic in diagnostics if diagnostic.path.startswith("examples")] == []


def numbers(schema: dict[str, Any]) -> set[str]:
    """Limits and default of a setting, as they are written for people; those beyond all need are left out."""
    shapes = [schema, *schema.get("anyOf", [])]
    keys = ("default", "minimum", "maximum", "minItems", "maxItems")
    limits = [shape[key] for shape in shapes for key in keys if isinstance(shape.get(key), int | float)]
    return {f"{limit:,.0f}" for limit in limits if not isinstance(limit, bool) and 0 < abs(limit) < 10**12}


def test_a_description_names_the_limits_the_default_and_the_choices() -> None:
    for part, name in settings():
        schema = grammar()[part]["properties"][name]
        text = schema["description"]
        assert {number for number in numbers(schema) if number not in text and number != "1"} == set(), (part, name)
        choices = [value for shape in [schema, *schema.get("anyOf", [])] for value in shape.get("enum", [])]
        assert [value for value in choices if str(value) not in text] == [], (part, name)


def test_the_description_of_a_preset_names_them_all() -> None:
    assert [name for name in presets() if name not in part_of("WorkflowUse").settings["preset"].meaning] == []


def test_settings_are_named_as_they_are_written() -> None:
    assert "as" in part_of("LookUp").settings
    assert tuple(part_of("Definition").settings) == written_names(Definition)
