"""Coming to the counter to finish an application, as its applicant's pages tell it."""

from dataclasses import dataclass
from datetime import date

from common.status import CLOSED_STATUSES
from forms import Definition
from forms.evaluation.visits import visit_of
from portal.cases import Case, open_answers
from portal.core.tenancy import current_city
from portal.core.text import current_language, pick
from portal.identity import Department


@dataclass(frozen=True)
class CounterVisit:
    """When the applicant wants to come (empty where the form does not ask), to which office, where in the building (in Japanese, as its
    signs have it), and what they bring; until when they come at the latest, where a law sets a day.
    """

    when: str
    office: str
    place: str
    bring: tuple[str, ...]
    until: date | None = None


def visit_of_case(case: Case, definition: Definition, department: Department) -> CounterVisit | None:
    """The visit that is still ahead; None for a case that needs none, or that has ended."""
    if case.status in CLOSED_STATUSES:
        return None
    answers = open_answers(current_city().key, case.answers) if definition.workflow.preset == "visit" else {}
    visit = visit_of(definition, answers, current_language())
    if visit is None:
        return None
    return CounterVisit(visit.when, pick(department.title), department.place or "", visit.bring, visit.until)
