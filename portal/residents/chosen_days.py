"""The days that an applicant chose, as their pages tell them."""

from forms import Definition
from forms.evaluation.chosen_days import ChosenDay, tells_days
from portal.cases import Case, open_answers, queries
from portal.core.tenancy import current_city
from portal.core.text import current_language


def days_of_case(case: Case, definition: Definition) -> list[ChosenDay]:
    """The days of a case that still goes on or was granted; what was refused or taken back is not coming any more."""
    if case.status == "no" or not tells_days(definition):
        return []
    return queries.told_days(case, definition, open_answers(current_city().key, case.answers), current_language())
