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
    found = []
    for step in definition.steps:
        rows = [
            row
            for asked in step.fields
            if asked.is_question and asked.id in visible
            for row in _rows(asked, answers.get(asked.id), facts.get(asked.id, {}))
        ]
        if rows:
            found.append(Section(step, rows))
    return found


def _rows(asked: FieldType, value: Any, facts: Mapping[str, Any]) -> list[Row]:
    language = current_language()
    label = asked.label_in(language)
    if isinstance(asked, GroupField) and rows_of(value):
        return [
            Row(asked.id, _row_title(asked, label, number), _inner(asked, row))
            for number, row in enumerate(rows_of(value), start=1)
        ]
    if value is None:
        return [Row(asked.id, label, [_("(答えなし)")])]
    if asked.is_place:
        return [Row(asked.id, label, [asked.show(value, language), *_size(asked, facts)], value.get("geometry"))]
    return [Row(asked.id, label, asked.show(value, language).splitlines())]


def _inner(group: GroupField, row: Mapping[str, Any]) -> list[str]:
    language = current_language()
    shown = ((asked, asked.show(row.get(asked.id), language)) for asked in group_fields(group))
    return [_("{label}:{sentence}", label=asked.label_in(language), sentence=text) for asked, text in shown if text]


def _size(asked: FieldType, facts: Mapping[str, Any]) -> list[str]:
    if asked.type == "polygon" and "area_m2" in facts:
        return [f"{facts['area_m2']:,.2f} m²"]
    return [f"{facts['length_m']:,.1f} m"] if asked.type == "line" and "length_m" in facts else []


def _row_title(group: GroupField, label: str, number: int) -> str:
    name = group.row.for_language(current_language()) if group.row else label
    return f"{name} {number}"
