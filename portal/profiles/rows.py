"""Answers as other procedures understand them: rows by the shared items of their questions, and back."""

from typing import Any

from forms.fields import FieldType
from forms.fields.base import ReadContext
from forms.fields.file import Files
from forms.fields.group import GroupField, rows_of


def travels(question: FieldType) -> bool:
    """Whether a question in a row is kept with it: not what is sensitive, drawn, a file, or has rows itself."""
    return not (question.sensitive or question.is_place or isinstance(question, Files | GroupField))


def as_shared(question: FieldType, answer: Any) -> Any:
    """An answer without what only its own procedure understands."""
    if not isinstance(question, GroupField):
        return answer
    return [
        {inner.item or inner.id: row[inner.id] for inner in question.fields if inner.id in row and travels(inner)}
        for row in rows_of(answer)
    ]


def as_question_has_it(question: FieldType, answer: Any, context: ReadContext) -> Any:
    """A shared answer as a question has it: rows of its own questions, without what those do not take; None where nothing is left."""
    if not isinstance(question, GroupField) or answer is None:
        return answer
    rows = [
        {
            inner.id: value
            for inner in question.fields
            if travels(inner)
            and (value := row.get(inner.item or inner.id)) is not None
            and not inner.check(value, context)
        }
        for row in answer
    ]
    return [row for row in rows if row][: question.most] or None
