"""Fills in the answers that an example lacks because its questions were added later; they are suggested to the department."""

from copy import deepcopy
from typing import Any

from pydantic import JsonValue

from forms.checks.samples import samples
from forms.definition.example import Example
from forms.definition.procedure import Definition
from forms.evaluation.city import City
from forms.evaluation.evaluate import evaluate
from forms.evaluation.scope import is_empty
from forms.fields import ReadContext
from forms.fields.occurrences import answer_at
from forms.fields.path import head_of

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
        field = definition.question_at(path)
        suggested[path] = samples(field, ReadContext(example.on)) if field else []
        if suggested[path]:
            put_answer(answers, path, suggested[path][0])
    return example.model_copy(update={"answers": answers}), suggested


def put_answer(answers: dict[str, Any], path: str, value: JsonValue) -> None:
    """Set an answer by its path: `colour`, or `items.0.kind` for a question in a row, which must be there."""
    around, _, name = path.rpartition(".")
    holder = answer_at(answers, around) if around else answers
    holder[name] = value


def _missing(
    definition: Definition,
    example: Example,
    answers: dict[str, Any],
    city: City | None,
    done: dict[str, list[JsonValue]],
) -> str | None:
    evaluation = evaluate(definition, answers, example.facts, today=example.on, city=example.city or city)
    for error_path in evaluation.field_errors:
        path = error_path if definition.question_at(error_path) else head_of(error_path)
        if (
            error_path not in example.expect.errors
            and path not in done
            and definition.question_at(path)
            and _absent(answers, path)
        ):
            return path
    return None


def _absent(answers: dict[str, Any], path: str) -> bool:
    around, _, name = path.rpartition(".")
    holder = answer_at(answers, around) if around else answers
    return isinstance(holder, dict) and is_empty(holder.get(name))
