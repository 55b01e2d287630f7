"""Trying a definition that is being written: its pages with the answers typed into them, what shows, and what it would cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from forms import (
    Definition,
    DefinitionError,
    Evaluation,
    Step,
    StepReading,
    as_form,
    evaluate,
    inputs_of,
    load,
    read_step,
)
from forms.fields import GroupField
from portal import procedures
from portal.cases import CityFeatures, place_error_messages
from portal.cases.places import inspect_places
from portal.core.clock import today
from portal.core.tenancy import current_city
from portal.core.text import current_language
from portal.core.web import db
from portal.publishing.preview_rows import RowTurn, carried, groups_with_pages, rows_in
from portal.residents.own_rows import OwnRow, row_after
from portal.residents.place_finding import finder
from portal.residents.place_maps import drawer
from portal.residents.questions import Errors, Questions, questions_read
from portal.residents.row_lists import empty_row, faults_of_lists


@dataclass
class PreviewPage:
    """One page of a draft as its resident would see it, filled with an example or with what was typed: a page of the form, or that of a row.

    `carried` are the inputs of its other pages by name. Of the `doomed` row it is asked whether it shall go, and nothing else.
    """

    definition: Definition
    step: Step
    questions: Questions
    outcome: Evaluation
    row: OwnRow | None = None
    carried: Sequence[tuple[str, str]] = ()
    doomed: OwnRow | None = None

    @property
    def number(self) -> int:
        """Which page this is, from 1."""
        return [item.id for item in self.definition.steps].index(self.step.id) + 1

    @property
    def after(self) -> OwnRow | None:
        """The row to which the page of a row leads; None where it leads to the list."""
        return row_after(self.questions, self.row) if self.row else None


def loadable(session: Session, source: str) -> Definition | None:
    """The definition, if it can be read at all, with the tables and words that the city shares."""
    try:
        return load(source, procedures.lists_for(session, source), procedures.vocabulary_in_force(session))
    except DefinitionError:
        return None


def preview_page(
    definition: Definition,
    step_id: str,
    typed: Mapping[str, Sequence[str]],
    searches: Mapping[str, str],
    turn: RowTurn,
) -> PreviewPage:
    """Judge a page with what was typed into it; nothing is stored and no file is kept. An unknown page is the first one.

    Before anything is typed the page holds the definition's first example on the example's own day, so that its dates are
    sound and its fee can be counted. A place drawn in the preview is measured on the city's map. `searches`: what was typed to look for options.
    `turn` says which row is shown on its own page.
    """
    step_ids = {item.id for item in definition.steps}
    step = definition.step(step_id) if step_id in step_ids else definition.steps[0]
    example = definition.examples[0] if definition.examples else None
    answers: dict[str, Any] = dict(example.answers) if example else {}
    facts: dict[str, Any] = dict(example.facts) if example else {}
    shown_example = None if typed else example
    day = (shown_example.on if shown_example else None) or today()
    city = (shown_example.city if shown_example else None) or current_city()
    language = current_language()
    form = {name: list(texts) for name, texts in typed.items()} or as_form(inputs_of(definition, step.id, answers))
    form = turn.applied(step, form)
    features = CityFeatures(db())
    shown_ids = [item.id for item in step.fields]  # the page alone counts: the example must not come back into it
    reading = read_step(
        definition,
        step.id,
        form,
        answers,
        facts,
        today=day,
        language=language,
        on_page=shown_ids if typed else (),
        city=city,
        features=features,
    )
    errors: Errors = {}
    if typed:
        answers = reading.answers
        inspection = inspect_places(db(), definition, answers, only=shown_ids)
        facts = facts | inspection.facts
        objections = {name: place_error_messages(inspection, name, language) for name in inspection.failed_fields}
        errors = {
            **reading.errors,
            **{name: [*reading.errors.get(name, ()), *messages] for name, messages in objections.items()},
        }
    outcome = evaluate(definition, answers, facts, today=day, language=language, city=city, features=features)
    lists = [(group, rows_in(group, form)) for group in groups_with_pages(step) if outcome.is_visible(group.id)]
    doomed = turn.doomed_in(lists)
    row = None if doomed else turn.row_in(lists)
    questions = questions_read(
        definition,
        step,
        outcome,
        reading,
        _on_this_page(errors, lists, row, reading, turn) if typed and not turn.pressed else {},
        draw_map=drawer(None),
        find_places=finder(),
        searches=searches,
        picture_page="publishing.picture",
        row_keys={group.id: range(count) for group, count in lists},
        own_row=row.path if row else "",
    )
    if row and turn.goes_on and not questions.errors:
        row = row_after(questions, row)
        questions = replace(questions, own_row=row.path if row else "")
    inputs = [(name, text) for name, texts in form.items() for text in texts] if doomed else carried(step, form, row)
    return PreviewPage(definition, step, questions, outcome, row, inputs, doomed)


def _on_this_page(
    errors: Errors, lists: Sequence[tuple[GroupField, int]], row: OwnRow | None, reading: StepReading, turn: RowTurn
) -> Errors:
    """What must be corrected on the page of a row, or on the one that lists rows."""
    if row is None:
        return faults_of_lists(lists, reading, {path: list(sentences) for path, sentences in errors.items()})
    if turn.goes_on and row.number not in reading.rows.get(row.group.id, ()):
        return {row.path: [empty_row(row.group, row.number)]}
    return {path: sentences for path, sentences in errors.items() if row.holds(path)}
