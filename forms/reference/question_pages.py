"""The page of the question types."""

import json

from forms.definition.schema import json_schema
from forms.evaluation.scope import names_of
from forms.expressions.language import QUESTION
from forms.fields import FIELD_TYPES
from forms.loading import load
from forms.reference.descriptions import QuestionType, question_types
from forms.reference.markdown import cell, code, page, table, yaml
from forms.reference.prose import prose
from forms.reference.recipes import with_question
from forms.reference.sections import TYPES, part_section, settings_table


def question_types_page() -> str:
    """Every question type, after what all of them share."""
    entry = prose()["question-types"]
    index = table(
        ("型", "答えかた"),
        [(f"[`{kind.name}`](#{kind.name})", cell(kind.title)) for kind in question_types().values()],
    )
    shared = part_section("FieldType", "どの型にもある設定")
    return page(
        entry["title"],
        entry["text"],
        index,
        shared,
        part_section("Option"),
        part_section("OpenHours"),
        part_section("DayOffer"),
        part_section("OnTheDay"),
        part_section("OptionsFrom"),
        part_section("FeatureValue"),
        part_section("Unique"),
        part_section("JointApplicants"),
        part_section("RowsFrom"),
        part_section("RowValue"),
        part_section("MatrixRow"),
        *map(_section, question_types().values()),
    )


def given_types(kind: QuestionType) -> dict[str, str]:
    """What the answer to the example of a type gives to expressions: names behind the question's id, with their types."""
    definition = load(json.dumps(with_question(kind.example)))
    question = _question_id(kind)
    return {
        name.removeprefix(question).removeprefix("."): type_name
        for name, type_name in names_of(definition).types.items()
        if name.split(".", 1)[0] == question and type_name != QUESTION
    }


def _question_id(kind: QuestionType) -> str:
    question: str = with_question(kind.example)["steps"][0]["fields"][0]["id"]
    return question


def _section(kind: QuestionType) -> str:
    model = json_schema()["$defs"][FIELD_TYPES[kind.name].__name__]
    settings = settings_table(model, kind.part.settings)
    given = table(
        ("式で使える名前", "型", "意味"),
        [
            (code(f"….{name}" if name else "…"), TYPES[type_name], cell(kind.gives[name]))
            for name, type_name in given_types(kind).items()
        ],
    )
    answer = f"`examples` での答え：\n\n{yaml(f'{_question_id(kind)}: {kind.answer}')}" if kind.answer else ""
    values = given if kind.gives else "式で使える値はありません。"
    blocks = [
        f"## {kind.name}",
        f"**{kind.title}。** {kind.part.meaning}",
        yaml(kind.example),
        settings,
        values,
        answer,
    ]
    return "\n\n".join(block for block in blocks if block)
