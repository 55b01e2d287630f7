"""Answers in words, page by page: for the review, for the resident's page of a case, for the office and for paper.

Each reader says which questions may be shown; how an answer reads is decided here alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from forms import Definition, Evaluation, Step
from forms.definition.procedure import group_fields
from forms.evaluation.program import program_of
from forms.evaluation.templates import shown_value
from forms.fields import FieldType
from forms.fields.file import Files
from forms.fields.group import GroupField, rows_of
from forms.fields.occurrences import occurrences, slots
from forms.fields.offering import OffersOptions
from forms.fields.path import FieldPath
from forms.fields.signature import SignatureField, polylines
from forms.fields.yes_no import YesNoField
from portal.core.text import _, current_language, dot, labelled


@dataclass(frozen=True)
class Row:
    """One answer, at its path (a row of a group has one of its own): lines of text, the GeoJSON of a place, what was drawn as signatures
    (points of SVG), the pictures among its files by id and name, and what stood here before: until when, and the text.
    """

    field: str
    path: str
    term: str
    lines: list[str]
    geometry: dict[str, Any] | None = None
    signatures: Sequence[Sequence[str]] = ()
    photos: Sequence[tuple[str, str]] = ()
    former: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Section:
    """The answers of one page."""

    step: Step
    rows: list[Row]


def sections(
    definition: Definition,
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    shown: Collection[str],
    former: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> list[Section]:
    """The questions in `shown` with what was answered, or that nothing was, and with their former answers."""
    filled = []
    for step in definition.steps:
        rows = [
            row
            for question in step.fields
            if question.is_question and question.id in shown
            for row in _with_former(
                answer_rows(question, answers.get(question.id), facts),
                (former or {}).get(question.id, ()),
            )
        ]
        if rows:
            filled.append(Section(step, rows))
    return filled


def computed_rows(definition: Definition, outcome: Evaluation, shown: Collection[str] | None = None) -> list[Row]:
    """The named values that the definition shows. A reader who sees only the questions in `shown` sees what follows from them alone."""
    language = current_language()
    computed_from = program_of(definition).computed_from
    return [
        Row(value.id, value.id, value.label.for_language(language), [f"{text} {unit}".strip()])
        for value in definition.compute
        if value.label is not None and value.id in outcome.computed
        if shown is None or computed_from[value.id] <= set(shown)
        for text in [shown_value(outcome.computed[value.id], language)]
        for unit in [value.unit.word_for(outcome.computed[value.id], language) if value.unit else ""]
    ]


def _with_former(rows: list[Row], former: Sequence[tuple[str, str]]) -> list[Row]:
    """The rows of one question; what the question said before stands below the last of them."""
    return [*rows[:-1], replace(rows[-1], former=former)]


def answer_rows(question: FieldType, value: Any, facts: Mapping[str, Any]) -> list[Row]:
    """The answer to one question, in at least one row; the rows of a group stand each for itself.

    `facts` are what the map said of places, by their paths.
    """
    language = current_language()
    label = question.label_in(language)
    if isinstance(question, GroupField) and rows_of(value):
        rows = rows_of(value)
        representative = question.representative_of(rows) if len(rows) > 1 else None
        return [
            Row(
                question.id,
                f"{question.id}.{number}",
                row_title(question, number, is_representative=number == representative),
                _inner(question, row, number, facts),
                _drawn(question, row),
                _signatures(group_fields(question), row),
                _photos(group_fields(question), row),
            )
            for number, row in enumerate(rows_of(value))
        ] + [Row(question.id, question.id, total, [sum_]) for total, sum_ in question.shown_totals(value, language)]
    if value is None:
        nothing = _("選んでいません") if isinstance(question, OffersOptions | YesNoField) else _("未入力")
        return [Row(question.id, question.id, label, [nothing])]
    if question.is_place:
        return [
            Row(
                question.id,
                question.id,
                label,
                [dot().join([question.show(value, language), *_size(question, facts.get(question.id, {}))])],
                value.get("geometry"),
            )
        ]
    alone = {question.id: value}
    lines, signed, photos = (
        question.show(value, language).splitlines(),
        _signatures([question], alone),
        _photos([question], alone),
    )
    return [Row(question.id, question.id, label, lines, signatures=signed, photos=photos)]


def place_rows(definition: Definition, answers: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Row]:
    """The answers that show a place, in the order of the questions."""
    if not definition.place_fields:
        return []
    answered = [question for question in definition.fields.values() if answers.get(question.id) is not None]
    return [row for question in answered for row in answer_rows(question, answers[question.id], facts) if row.geometry]


def _inner(group: GroupField, row: Mapping[str, Any], number: int, facts: Mapping[str, Any]) -> list[str]:
    language = current_language()
    lines: list[str] = []
    for question in group_fields(group):
        value = row.get(question.id)
        if isinstance(question, GroupField) and rows_of(value):
            lines += _inner_rows(question, rows_of(value))
            continue
        text = question.show(value, language)
        if text:
            size = _size(question, facts.get(f"{group.id}.{number}.{question.id}", {}))
            sentence = dot().join([text, *size])
            lines.append(labelled(question.label_in(language), sentence))
    return lines


def _inner_rows(group: GroupField, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The rows of a group in a row, each in one line under its own title, and their totals."""
    language = current_language()
    shown = [(row_title(group, number), group.show_row(row, language)) for number, row in enumerate(rows)]
    shown += group.shown_totals(list(rows), language)
    return [labelled(title, sentence) for title, sentence in shown]


def _drawn(group: GroupField, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The places of a row as one geometry."""
    drawn = [
        row[question.id]["geometry"] for question in group_fields(group) if question.is_place and question.id in row
    ]
    if len(drawn) < 2:
        return drawn[0] if drawn else None
    return {"type": "GeometryCollection", "geometries": drawn}


def _signatures(questions: Iterable[FieldType], answers: Mapping[str, Any]) -> list[list[str]]:
    """What was drawn as a signature in some questions, those in their rows too."""
    return [
        lines
        for slot in occurrences(questions, answers, SignatureField)
        if isinstance(slot.value, dict) and (lines := polylines(slot.value.get("strokes")))
    ]


def _photos(questions: Iterable[FieldType], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The pictures among the files of some questions, those in their rows too: id and name."""
    files = [
        file for slot in occurrences(questions, answers, Files) for file in cast(list[dict[str, Any]], slot.value or [])
    ]
    return [(file["id"], file["name"]) for file in files if file["media_type"].startswith("image/")]


def _size(question: FieldType, facts: Mapping[str, Any]) -> list[str]:
    if question.type == "polygon" and "area_m2" in facts:
        return [f"{facts['area_m2']:,.2f} m²"]
    return [f"{facts['length_m']:,.1f} m"] if question.type == "line" and "length_m" in facts else []


def row_title(group: GroupField, number: int, *, is_representative: bool = False) -> str:
    """What a row is called, from 0: 「お子さん 1」, 「申請者 1(代表者)」."""
    language = current_language()
    name = group.row.for_language(language) if group.row else group.label_in(language)
    title = f"{name} {number + 1}"
    return _("{title}(代表者)", title=title) if is_representative else title


def place_title(definition: Definition, path: str) -> str:
    """The row in which a place or a file stands, by its path; empty for one that stands in none."""
    at, titles = FieldPath.parse(path), []
    group = definition.fields.get(at.head)
    while isinstance(group, GroupField) and at.row is not None:
        titles.append(row_title(group, at.row))
        at = at.in_row
        group = next((inner for inner in group.inner_groups if inner.id == at.head), None)
    return " ".join(titles)


def title_in_row(definition: Definition, path: str, label: str) -> str:
    """The name of a question with that of the row it stands in, by its path: 品目 2の個数; the name alone outside rows."""
    row = place_title(definition, path)
    return _("{row}の{label}", row=row, label=label) if row else label


def file_titles(definition: Definition, answers: Mapping[str, Any]) -> dict[str, str]:
    """The question that each file of the answers belongs to, with its row, by the file's id."""
    titles: dict[str, str] = {}
    for slot in occurrences(definition.fields.values(), answers, Files):
        title = f"{place_title(definition, slot.path)} {slot.question.label_in(current_language())}".strip()
        references: Any = slot.value or ()
        titles |= {str(file["id"]): title for file in references}
    return titles


def file_slots(definition: Definition, fields: Collection[str]) -> list[str]:
    """The questions for files that stored files name, those in rows too, as far as they are among `fields`."""
    questions = (definition.fields[field_id] for field_id in fields)
    return [slot for question in questions for slot, inner in slots(question) if isinstance(inner, Files)]


def answer_text(question: FieldType, value: Any) -> str:
    """The answer to one question as one text, as it stands among former answers."""
    rows = answer_rows(question, value, {})
    if len(rows) == 1:
        return "\n".join(rows[0].lines)
    return "\n".join(line for row in rows for line in (row.term, *row.lines))
