"""Questions as often as they occur: those of a group once in each of its rows, under a path of its own (`faces.2.photo`)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import JsonValue

from forms.fields.base import FieldType
from forms.fields.group import GroupField, rows_of
from forms.fields.path import FieldPath, joined
from forms.fields.place import PlaceField

Values = Mapping[str, JsonValue]
Question = TypeVar("Question", bound=FieldType)


@dataclass(frozen=True)
class Occurrence(Generic[Question]):
    """A question at its path, with what was answered there. `around` are the answers beside it: those of its row, or of the form."""

    path: str
    question: Question
    value: JsonValue
    around: Values

    @property
    def row(self) -> int | None:
        """The row in which it is asked, from 0; None outside of rows."""
        return FieldPath.parse(self.path).row

    @property
    def slot(self) -> str:
        """The path without the numbers of rows: `faces.photo`. It stays the same when rows move up."""
        return slot_of(self.path)


def occurrences(
    questions: Iterable[FieldType], answers: Values, kind: type[Question], within: str = ""
) -> Iterator[Occurrence[Question]]:
    """Every question of a kind as often as it is asked, in the order of the form. A group without rows asks nothing."""
    for question in questions:
        path = f"{within}{question.id}"
        if isinstance(question, kind):
            yield Occurrence(path, question, answers.get(question.id), answers)
        if isinstance(question, GroupField):
            for number, row in enumerate(rows_of(answers.get(question.id))):
                yield from occurrences(question.fields, row, kind, f"{path}.{number}.")


def place_occurrences(questions: Iterable[FieldType], answers: Values) -> Iterator[Occurrence[PlaceField]]:
    """The same for questions whose answer is a place."""
    return occurrences(questions, answers, PlaceField)  # type: ignore[type-abstract] # it is only asked for, never made


def slots(question: FieldType, within: str = "") -> Iterator[tuple[str, FieldType]]:
    """A question and those of its rows, each with its path without the numbers of rows."""
    path = joined(within, question.id)
    yield path, question
    if isinstance(question, GroupField):
        for inner in question.fields:
            yield from slots(inner, path)


def slot_of(path: str) -> str:
    """A path without the numbers of rows."""
    return ".".join(part for part in path.split(".") if not part.isdigit())


def question_at(questions: Mapping[str, FieldType], path: str) -> FieldType | None:
    """The question at a path, with or without the numbers of rows; None where there is none, or only a part of one."""
    question: FieldType | None = None
    for part in slot_of(path).split("."):
        question = questions.get(part)
        if question is None:
            return None
        questions = {inner.id: inner for inner in question.fields} if isinstance(question, GroupField) else {}
    return question


def answer_at(answers: Mapping[str, Any], path: str) -> Any:
    """The answer at a path; None where there is none."""
    value: Any = answers
    for part in path.split("."):
        if isinstance(value, list):
            value = value[int(part)] if part.isdigit() and int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return value


def with_answer(answers: Mapping[str, Any], path: str, answer: JsonValue) -> dict[str, Any]:
    """The answers with another one at a path that is there already; nothing given is changed."""
    head, _, rest = path.partition(".")
    if not rest:
        return {**answers, head: answer}
    number, _, inner = rest.partition(".")
    rows = list(answers[head])
    rows[int(number)] = with_answer(rows[int(number)], inner, answer)
    return {**answers, head: rows}
