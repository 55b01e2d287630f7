"""Fills in the answers that an example lacks because its questions were added later; they are suggested to the department."""

from copy import deepcopy
from typing import Any

from pydantic import JsonValue

from forms.checks.samples import samples
from forms.definition.example import Example
from forms.definition.procedure import Definition, group_fields
from forms.evaluation.city import City
from forms.evaluation.evaluate import evaluate
from forms.evaluation.scope import is_empty
from forms.fields import FieldType, ReadContext
from forms.fields.group import rows_of
from forms.fields.path import FieldPath, head_of

_MAX_MISSING = 60


def with_missing_answers(
    definition: Definition, example: Example, city: City | None
) -> tuple[Example, dict[str, list[JsonValue]]]:
    """Return the example with every required answer filled in, and the possible values of the answers added, by path."""
    answers: dict[str, Any] = deepcopy(dict(example.answers))
    suggested: dict[str, list[JsonValue]] = {}
    for _ in range(_MAX_MISSING):
        path = _missing(definition, example, answers, city, suggested)
        if path is None:
            break
        field = _field(definition, path)
        suggested[path] = samples(field, ReadContext(example.on)) if field else []
        if suggested[path]:
            put_answer(answers, path, suggested[path][0])
    return example.model_copy(update={"answers": answers}), suggested


def put_answer(answers: dict[str, Any], path: str, value: JsonValue) -> None:
    """Set an answer by its path: `colour`, or `items.0.kind` for a question in a row."""
    place = FieldPath.parse(path)
    if place.row is None:
        answers[place.head] = value
    else:
        answers[place.head][place.row][str(place.in_row)] = value


def _missing(
    definition: Definition,
    example: Example,
    answers: dict[str, Any],
    city: City | None,
    done: dict[str, list[JsonValue]],
) -> str | None:
    evaluation = evaluate(definition, answers, example.facts, today=example.on, city=example.city or city)
    for error_path in evaluation.field_errors:
        path = error_path if _field(definition, error_path) else head_of(error_path)
        if (
            error_path not in example.expect.errors
            and path not in done
            and _field(definition, path)
            and _absent(answers, path)
        ):
            return path
    return None


def _absent(answers: dict[str, Any], path: str) -> bool:
    place = FieldPath.parse(path)
    if place.row is None:
        return is_empty(answers.get(place.head))
    rows = rows_of(answers.get(place.head))
    return place.row < len(rows) and is_empty(rows[place.row].get(str(place.in_row)))


def _field(definition: Definition, path: str) -> FieldType | None:
    """Return the question at a path; None for a part of a question (`name.family`)."""
    place = FieldPath.parse(path)
    field = definition.fields.get(place.head)
    if field is None or not place.rest.parts:
        return field
    return next((inner for inner in group_fields(field) if inner.id == str(place.in_row)), None)
