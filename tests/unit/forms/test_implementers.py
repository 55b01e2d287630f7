"""What nothing carries out cannot be published, but stays readable; the forms of stages are judged where they stand."""

from datetime import date
from typing import Any

import pytest

from forms import check, evaluate, load, requirements, workflow_of
from tests.unit.forms.making import ROAD_WITH_PERMIT, TODAY, field, text


def errors(source: str) -> list[tuple[str, int, str, str]]:
    return [
        (diagnostic.path, diagnostic.line, diagnostic.message, diagnostic.remedy)
        for diagnostic in check(source)
        if diagnostic.severity == "error"
    ]


@pytest.mark.parametrize(
    ("change", "path", "fragment"),
    [
        (("template: permit", "template: permitt"), "documents.0.template", "「permitt」というひな型"),
        (("sign: true", "answers: [purpos]"), "documents.0.answers.0", "「purpos」という質問"),
    ],
)
def test_a_document_names_a_template_and_answers_that_there_are(
    change: tuple[str, str], path: str, fragment: str
) -> None:
    [(where, _line, message, remedy)] = errors(ROAD_WITH_PERMIT.replace(*change))
    assert where == path
    assert fragment in message
    assert remedy


def test_no_document_shows_a_file() -> None:
    rule = {"id": "note", "when": "completed", "template": "certificate", "answers": ["plan"]}
    [(where, _line, message, _remedy)] = errors(text(field("plan", "file"), documents=[rule]))
    assert where == "documents.0.answers.0"
    assert "書類に載せられません" in message


def test_a_document_may_be_issued() -> None:
    assert errors(ROAD_WITH_PERMIT) == []
    [rule] = load(ROAD_WITH_PERMIT).documents
    assert rule.title_ja == "許可書"


def test_a_stage_that_names_a_form_instead_of_writing_it_is_an_error() -> None:
    stage = {"id": "look", "title": {"ja": "現地確認"}, "after": "accepted", "role": "inspector", "form": "site-check"}
    source = text(workflow={"preset": "permit", "stages": [stage]})
    [(path, _line, message, remedy)] = errors(source)
    assert path == "workflow.stages.0.form"
    assert "site-check" in message
    assert "fields" in remedy
    move = workflow_of(load(source)).move("look", "finish_look")
    assert (move.needs, move.stage) == (("internal_note",), None), "its cases can still be finished, with a note"


def staged(*fields: dict[str, Any], **more: Any) -> str:
    form = {"fields": list(fields), **more}
    stage = {"id": "look", "title": {"ja": "現地確認"}, "after": "accepted", "role": "inspector", "form": form}
    return text(workflow={"preset": "permit", "stages": [stage]})


@pytest.mark.parametrize(
    ("form", "path", "fragment"),
    [
        (staged(field("spot", "point")), "workflow.stages.0.form.fields.0.type", "point"),
        (staged(field("mark", "signature")), "workflow.stages.0.form.fields.0.type", "signature"),
        (staged(field("a", "text"), field("a", "text")), "workflow.stages.0.form.fields.1.id", "「a」が2つ"),
        (staged(field("a", "text", show_when="b")), "workflow.stages.0.form.fields.0.show_when", "「b」"),
        (
            staged(field("a", "integer"), checks=[{"assert": "a + 1", "message": {"ja": "だめ"}}]),
            "workflow.stages.0.form.checks.0.assert",
            "はい・いいえ",
        ),
        (staged({"id": "a", "type": "text"}), "workflow.stages.0.form.fields.0", "label"),
        (staged(field("a", "txt")), "workflow.stages.0.form.fields.0.type", "txt"),
    ],
)
def test_an_error_in_the_form_of_a_stage_has_its_path(form: str, path: str, fragment: str) -> None:
    diagnostics = errors(form)
    assert [diagnostic[0] for diagnostic in diagnostics] == [path]
    assert fragment in diagnostics[0][2]


def test_the_form_of_a_stage_is_judged_like_a_page() -> None:
    made = load(staged(field("wide", "yes_no"), field("why", "text", show_when="!wide")))
    form = made.stage_forms["look"]
    assert evaluate(form, {"wide": True}, {}, today=TODAY).complete
    assert list(evaluate(form, {"wide": False}, {}, today=TODAY).errors) == ["why"]
    assert workflow_of(made).move("look", "finish_look").needs == ("form",)
    assert "wide" not in made.fields, "residents are not asked"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("has_dog", [("has_dog", (True,))]),
        (
            "household_has_children && !is_public_servant",
            [("household_has_children", (True,)), ("is_public_servant", (False,))],
        ),
        ("home_damaged && damage_cause == 'nature'", [("damage_cause", ("nature",)), ("home_damaged", (True,))]),
        ("has_dog || has_bulky_waste", []),
    ],
)
def test_whom_a_procedure_is_for_is_stated_in_facts(
    condition: str, expected: list[tuple[str, tuple[Any, ...]]]
) -> None:
    made = load(text(routing={"applies_when": condition}))
    assert [
        (requirement.name, requirement.answers) for requirement in requirements(made, today=date(2026, 4, 1))
    ] == expected
