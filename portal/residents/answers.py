"""Answers in words, page by page, for the review and for the case's own page."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from forms import Definition, Step
from forms.definition.procedure import group_fields
from forms.fields import FieldType
from forms.fields.group import GroupField, rows_of
from portal.core.text import _, current_language


@dataclass(frozen=True)
class Row:
    """One answer: lines of text, and the GeoJSON of a place."""

    field: str
    term: str
    lines: list[str]
    geometry: dict[str, Any] | None = None


@dataclass(frozen=True)
class Section:
    """The answers of one page."""

    step: Step
    rows: list[Row]


def sections(
    definition: Definition, answers: Mapping[str, Any], facts: Mapping[str, Any], visible: Collection[str]
) -> list[Section]:
    """The visible questions with what was answered, or that nothing was."""
    shown = []
    for step in definition.steps:
        rows = [
            row
            for question in step.fields
            if question.is_question and question.id in visible
            for row in _rows(question, answers.get(question.id), facts.get(question.id, {}))
        ]
        if rows:
            shown.append(Section(step, rows))
    return shown


def _rows(question: FieldType, value: Any, facts: Mapping[str, Any]) -> list[Row]:
    language = current_language()
    label = question.label_in(language)
    if isinstance(question, GroupField) and rows_of(value):
        return [
            Row(question.id, _row_title(question, label, number), _inner(question, row))
            for number, row in enumerate(rows_of(value), start=1)
        ]
    if value is None:
        return [Row(question.id, label, [_("(答えなし)")])]
    if question.is_place:
        return [
            Row(question.id, label, [question.show(value, language), *_size(question, facts)], value.get("geometry"))
        ]
    return [Row(question.id, label, question.show(value, language).splitlines())]


def _inner(group: GroupField, row: Mapping[str, Any]) -> list[str]:
    language = current_language()
    shown = ((question, question.show(row.get(question.id), language)) for question in group_fields(group))
    return [
        _("{label}:{sentence}", label=question.label_in(language), sentence=text) for question, text in shown if text
    ]


def _size(question: FieldType, facts: Mapping[str, Any]) -> list[str]:
    if question.type == "polygon" and "area_m2" in facts:
        return [f"{facts['area_m2']:,.2f} m²"]
    return [f"{facts['length_m']:,.1f} m"] if question.type == "line" and "length_m" in facts else []


def _row_title(group: GroupField, label: str, number: int) -> str:
    name = group.row.for_language(current_language()) if group.row else label
    return f"{name} {number}"
