"""What applicants are told of other works in their way: the kind, the days and the office, and never whose they are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition
from forms.fields.occurrences import answer_at, slots
from forms.fields.place import PlaceField
from forms.text.ways import ways_of
from portal.cases.answers import is_sealed_type
from portal.cases.models import Case
from portal.cases.occupancy import OccupancyConflict
from portal.core.text import LANGUAGES
from portal.identity import department_title
from portal.procedures import definition_of


def with_works(session: Session, conflicts: Sequence[OccupancyConflict]) -> list[OccupancyConflict]:
    """The conflicts with what may be told of them, read in one statement; none where there are none."""
    if not conflicts:
        return []
    ids = {conflict.case_id for conflict in conflicts}
    query = select(Case.id, Case.version_id, Case.answers, department_title(Case.department_id)).where(Case.id.in_(ids))
    told: dict[int, tuple[Mapping[str, str], Mapping[str, str]]] = {}
    for case_id, version_id, answers, office in session.execute(query):
        definition = definition_of(session, version_id)
        told[case_id] = {key: _works(definition, answers, key) for key in LANGUAGES}, office
    return [
        replace(conflict, works=told[conflict.case_id][0], office=told[conflict.case_id][1]) for conflict in conflicts
    ]


def _works(definition: Definition, answers: Mapping[str, Any], language: str) -> str:
    """What everybody reads of such a case on the map, else the title of the procedure."""
    told = {
        name
        for question in definition.fields.values()
        for _slot, place in slots(question)
        if isinstance(place, PlaceField) and place.public_layer
        for name in place.public_layer.answers
    }
    questions = (
        question for name, question in definition.fields.items() if name in told and not is_sealed_type(question)
    )
    shown = [question.show(answer, language) for question in questions if (answer := answer_at(answers, question.id))]
    return ways_of(language).dot.join(text for text in shown if text) or definition.title.for_language(language)
