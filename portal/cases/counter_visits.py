"""Coming to the counter to finish an application, as its letters tell it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition, workflow_of
from forms.evaluation.visits import visit_of
from portal.cases.models import Case
from portal.cases.next_steps import own_words_of
from portal.core.text import pick
from portal.identity import get_department


def visits_told(
    session: Session, case: Case, definition: Definition, answers: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """When, where and with what the applicant comes, in their language, and what the procedure itself says of it: one visit, or none where
    nobody needs to come.
    """
    visit = visit_of(definition, answers, case.language)
    if visit is None:
        return []
    department = get_department(session, case.department_id)
    return [
        {
            "title": definition.title.for_language(case.language),
            "when": visit.when,
            "office": pick(department.title, case.language),
            "place": department.place,
            "bring": visit.bring,
            "until": visit.until,
            "words": own_words_of(definition, workflow_of(definition).states[case.state], case.language),
        }
    ]
