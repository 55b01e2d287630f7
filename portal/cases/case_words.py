"""The codes of a case's events in the words of its definition: states, moves and questions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition, workflow_of
from forms.evaluation.program import all_fields
from portal.cases.models import Case
from portal.procedures import definitions_of


@dataclass(frozen=True)
class CaseWords:
    """What the states, moves and questions of a definition are called in Japanese, by id; of a question in a group by its own id."""

    states: Mapping[str, str]
    moves: Mapping[str, str]
    questions: Mapping[str, str]


def case_words_of(session: Session, case_ids: Collection[int]) -> dict[int, CaseWords]:
    """Return the words of these cases, by id; two statements at most for any number of them."""
    if not case_ids:
        return {}
    rows = session.execute(select(Case.id, Case.version_id).where(Case.id.in_(case_ids)))
    versions = {row.id: row.version_id for row in rows}
    words = {
        version_id: _words(definition)
        for version_id, definition in definitions_of(session, set(versions.values())).items()
    }
    return {case_id: words[version_id] for case_id, version_id in versions.items() if version_id in words}


def _words(definition: Definition) -> CaseWords:
    workflow = workflow_of(definition)
    return CaseWords(
        {state.id: state.title.ja for state in workflow.states.values()},
        {move.id: move.title.ja for move in workflow.moves},
        {field.id: field.label_in("ja") for _path, field in all_fields(definition)},
    )
