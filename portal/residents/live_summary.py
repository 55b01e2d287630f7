"""What follows from the answers while a page is filled in: sizes, the price so far, and what the map found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from forms import Definition, Evaluation, Step
from forms.definition.place_rules import LookUp
from forms.evaluation.templates import shown_value
from forms.fields.occurrences import Occurrence, place_occurrences
from forms.fields.path import head_of
from forms.fields.place import PlaceField
from forms.text.localized import Worded
from forms.text.ways import ways_of
from portal.cases import OccupancyConflict, format_period, no_conflict_messages, rule_error_messages
from portal.cases.places import PlaceInspection
from portal.core.text import _, aside, current_language, labelled, listed, pick, short_day, yen
from portal.core.web import db
from portal.residents.answers import place_title
from portal.residents.definition_texts import label, words
from portal.residents.layer_words import in_words, is_one_of_several, label_of_column, title_of

_MOST_NAMED = 3
"""Of more questions that are open, their number is more than a reader takes in beside the price."""


@dataclass(frozen=True)
class PermitConflict:
    """Another permit in the way: how much of it in m², and what it is, when, and of which office, in words."""

    area: str
    works: str


@dataclass
class LiveSummary:
    """The live region of a page. `figures` are (term, figure, unit), `checks` (holds, sentence), `still_open` says on what the fee depends.

    `shapes` are what the map draws in the way, `typed` the places that were typed, by path, to be drawn there too.
    """

    figures: list[tuple[str, str, str]] = field(default_factory=list)
    formula: str = ""
    still_open: str = ""
    obstacles: list[PermitConflict] = field(default_factory=list)
    checks: list[tuple[bool, str]] = field(default_factory=list)
    shapes: dict[str, Any] | None = None
    typed: Mapping[str, Any] = field(default_factory=dict)


def live_summary(
    definition: Definition,
    step: Step,
    outcome: Evaluation,
    inspection: PlaceInspection,
    answers: Mapping[str, Any],
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
) -> LiveSummary:
    """What to show beside a page, from its evaluation and the map's word on its places.

    `errors` are those of reading the page; those of a place are shown while it is drawn. `answers` are what is there to be shown of
    its places, of unfinished rows too.
    """
    measures = LiveSummary()
    visible = (question for question in step.fields if outcome.is_visible(question.id))
    drawn = list(place_occurrences(visible, answers))
    for place in drawn:
        if place.row is None or place.value is not None:  # not every row need ask for one
            _add_place(measures, definition, place, inspection)
        measures.checks += [(False, sentence) for sentence in (errors or {}).get(place.path, ()) if place.value is None]
    here = {question.id for question in step.fields}
    measures.obstacles += [
        _permit_conflict(conflict)
        for place, others in inspection.conflicts.items()
        if head_of(place) not in here
        for conflict in others
    ]
    measures.figures += computed_figures(definition, outcome)
    measures.checks += [
        (False, warning.message(outcome.language)) for warning in outcome.warnings if warning.step == step.id
    ]
    _add_fee(measures, definition, outcome)
    conflicts = [conflict for some in inspection.conflicts.values() for conflict in some]
    measures.shapes = _shapes(conflicts) if conflicts else None
    measures.typed = {
        place.path: place.value["geometry"] for place in drawn if isinstance(place.value, dict) and _is_typed(place)
    }
    return measures


def _is_typed(place: Occurrence[PlaceField]) -> bool:
    """Whether a place was given by numbers: its positions, or the length and the width of a strip at a place that was chosen."""
    source = place.value.get("source") if isinstance(place.value, dict) else None
    return source == "text" or (source == "address" and place.question.type == "polygon")


def computed_figures(definition: Definition, outcome: Evaluation) -> list[tuple[str, str, str]]:
    """The named values that the definition shows: label, value, unit."""
    language = current_language()
    return [
        (
            words(value.label),
            shown_value(outcome.computed[value.id], language),
            value.unit.word_for(outcome.computed[value.id], language) if value.unit else "",
        )
        for value in definition.compute
        if value.label is not None and value.id in outcome.computed
    ]


def _add_place(
    measures: LiveSummary, definition: Definition, place: Occurrence[PlaceField], inspection: PlaceInspection
) -> None:
    field_id, kind = place.path, place.question.type
    row = place_title(definition, place.path)
    facts = inspection.facts.get(field_id, {})
    if kind == "polygon":
        area = facts.get("area_m2")
        measures.figures.append(
            (
                f"{row} {_('面積')}".strip(),
                f"{area:,.2f}" if area is not None else "—",
                "m²" if area is not None else "",
            )
        )
    elif kind == "line":
        length = facts.get("length_m")
        measures.figures.append(
            (
                f"{row} {_('長さ')}".strip(),
                f"{length:,.1f}" if length is not None else "—",
                "m" if length is not None else "",
            )
        )
    conflicts = inspection.conflicts.get(field_id, [])
    measures.obstacles += [_permit_conflict(conflict) for conflict in conflicts]
    assign = definition.workflow.assign
    assigned_by = assign.by if assign else None  # the key of a department, which the office reads and nobody else
    told = [each for each in place.question.look_up if f"{place.question.id}.{each.as_}" != assigned_by]
    language = current_language()
    measures.checks += [
        (True, _of_row(row, sentence))
        for sentence in (
            *_looked_up(place.question, told, facts),
            *no_conflict_messages(inspection, field_id, language),
        )
    ]
    measures.checks += [
        (False, _of_row(row, sentence)) for sentence in rule_error_messages(inspection, field_id, language)
    ]
    if inspection.contested.get(field_id):
        measures.checks.append((True, _of_row(row, _("地図がちがうとのことを、市に伝えます。"))))


def _looked_up(question: PlaceField, told: Sequence[LookUp], facts: Mapping[str, Any]) -> list[str]:
    """What each layer says in words, after its title: 通学区域：…, ごみの収集日：燃やせるごみ（月・木）、…"""
    by_layer: dict[str, list[str]] = {}
    for look_up in told:
        value = in_words(db(), look_up.layer, look_up.property or "", facts.get(look_up.as_))
        if isinstance(value, Worded):
            text = value.text.for_language(current_language())
            if is_one_of_several(question, look_up.layer):
                text = f"{label_of_column(db(), look_up.layer, look_up.property or '')}{aside(text)}"
            by_layer.setdefault(look_up.layer, []).append(text)
    return [labelled(title_of(db(), layer), listed(texts)) for layer, texts in by_layer.items()]


def _of_row(row: str, sentence: str) -> str:
    return labelled(row, sentence) if row else sentence


def _permit_conflict(conflict: OccupancyConflict) -> PermitConflict:
    period = format_period(conflict.starts_on, conflict.ends_on)
    return PermitConflict(f"{conflict.overlap_m2:,.2f}", conflict.told(period, current_language()))


def _add_fee(measures: LiveSummary, definition: Definition, outcome: Evaluation) -> None:
    if not definition.fee:
        return
    total = outcome.fee.total
    measures.figures.append((_("料金の見込み"), "—" if total is None else yen(total), ""))
    if total is not None:
        measures.formula = listed(words(line.explanation) for line in outcome.fee.lines if line.explanation)
    measures.still_open = fee_still_open(definition, outcome)


def fee_still_open(definition: Definition, outcome: Evaluation) -> str:
    """What the fee still depends on, so that nobody takes it for the last word; empty where nothing is open.

    Questions stand one after another: joined by a word (“and”) two of them do not make a sentence.
    """
    fee = outcome.fee
    questions = [label(question) for name, question in definition.fields.items() if name in fee.open_questions]
    if fee.total is None:
        if fee.refused:
            return _("料金は、担当の課がお知らせします。")
        if not questions:
            return _("料金は、まだ決まっていません。")
        if len(questions) > _MOST_NAMED:
            return _("必要なことを入力すると、料金がわかります。")
        return _("次の質問に答えると、料金がわかります：{questions}", questions=" / ".join(questions))
    if len(questions) > _MOST_NAMED:
        return _("まだ答えていない質問があるので、料金は変わることがあります。")
    return (
        _("次の質問の答えで、料金が変わることがあります：{questions}", questions=" / ".join(questions))
        if questions
        else ""
    )


def _shapes(conflicts: list[OccupancyConflict]) -> dict[str, Any]:
    """Permits in the way and the parts that overlap, as the drawing map shows them."""
    features = []
    for conflict in conflicts:
        title = f"{pick(conflict.works)} {_span(conflict.starts_on, conflict.ends_on)}"
        features.append(
            {"type": "Feature", "geometry": conflict.geometry, "properties": {"role": "permit", "title": title}}
        )
        if conflict.overlap:
            features.append({"type": "Feature", "geometry": conflict.overlap, "properties": {"role": "overlap"}})
    return {"type": "FeatureCollection", "features": features}


def _span(first: date | None, last: date | None) -> str:
    begins, ends = (short_day(day) if day else "" for day in (first, last))
    return ways_of(current_language()).show_span(begins, ends)
