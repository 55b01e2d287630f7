"""Trying a definition that is being written: its pages with the answers typed into them, what shows, and what it would cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition, DefinitionError, Evaluation, Step, as_form, evaluate, inputs_of, load, read_step
from forms.fields import FieldType
from forms.fields.nesting import asks_rows_on_own_pages
from portal import procedures
from portal.cases import CityFeatures, place_error_messages
from portal.cases.places import inspect_places
from portal.core.clock import today
from portal.core.tenancy import current_city
from portal.core.text import current_language
from portal.core.web import db
from portal.residents.place_maps import drawer
from portal.residents.questions import Questions, questions_read


@dataclass
class Trial:
    """One page of a draft as its resident would see it, filled with an example or with what was typed."""

    definition: Definition
    step: Step
    questions: Questions
    outcome: Evaluation

    @property
    def number(self) -> int:
        """Which page this is, from 1."""
        return [item.id for item in self.definition.steps].index(self.step.id) + 1

    @property
    def own_page_groups(self) -> list[FieldType]:
        """The groups of the page whose rows a resident fills in on pages of their own; here they stand together."""
        return [question for question in self.questions.visible if asks_rows_on_own_pages(question)]


def loadable(session: Session, source: str) -> Definition | None:
    """The definition, if it can be read at all, with the tables and words that the city shares."""
    try:
        return load(source, procedures.lists_for(session, source), procedures.vocabulary_in_force(session))
    except DefinitionError:
        return None


def trial(
    definition: Definition, step_id: str, typed: Mapping[str, Sequence[str]], searches: Mapping[str, str]
) -> Trial:
    """Judge a page with what was typed into it; nothing is stored and no file is kept. An unknown page is the first one.

    Before anything is typed the page holds the definition's first example on the example's own day, so that its dates are
    sound and its fee can be counted. A place drawn in the preview is measured on the city's map. `searches`: what was typed to look for options.
    """
    step_ids = {item.id for item in definition.steps}
    step = definition.step(step_id) if step_id in step_ids else definition.steps[0]
    example = definition.examples[0] if definition.examples else None
    answers: dict[str, Any] = dict(example.answers) if example else {}
    facts: dict[str, Any] = dict(example.facts) if example else {}
    language, day, features = current_language(), today(), CityFeatures(db())
    if not typed:
        then = example.on or day if example else day
        city = (example.city if example else None) or current_city()
        outcome = evaluate(definition, answers, facts, today=then, language=language, city=city, features=features)
        saved = as_form(inputs_of(definition, step.id, answers))
        reading = read_step(
            definition, step.id, saved, answers, facts, today=then, language=language, city=city, features=features
        )
        return Trial(
            definition,
            step,
            questions_read(
                definition, step, outcome, reading, draw_map=drawer(None), picture_page="publishing.picture"
            ),
            outcome,
        )
    shown_ids = [item.id for item in step.fields]  # the page alone counts: the example must not come back into it
    city = current_city()
    read = read_step(
        definition,
        step.id,
        typed,
        answers,
        facts,
        today=day,
        language=language,
        on_page=shown_ids,
        city=city,
        features=features,
    )
    inspection = inspect_places(db(), definition, read.answers, only=shown_ids)
    outcome = evaluate(
        definition, read.answers, facts | inspection.facts, today=day, language=language, city=city, features=features
    )
    objections = {name: place_error_messages(inspection, name, language) for name in inspection.failed_fields}
    errors = {**read.errors, **{name: [*read.errors.get(name, ()), *messages] for name, messages in objections.items()}}
    questions = questions_read(
        definition,
        step,
        outcome,
        read,
        errors,
        draw_map=drawer(None),
        searches=searches,
        picture_page="publishing.picture",
    )
    return Trial(definition, step, questions, outcome)
