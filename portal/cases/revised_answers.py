"""Putting other answers in place of those of a case, which are kept: judged again, and everything that follows from them renewed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition
from portal.cases.answers import open_answers, seal_answers
from portal.cases.capacity import retake_places
from portal.cases.consents import ask_for_consents
from portal.cases.deadlines import days_of_deadlines, follow_answers
from portal.cases.earlier import kept_earlier
from portal.cases.events import of_case
from portal.cases.fees import recompute_fee
from portal.cases.map_objections import object_with_answers
from portal.cases.models import Case
from portal.cases.outcomes import outcome_of
from portal.cases.payouts import ask_for_payouts
from portal.cases.places import inspect_places
from portal.cases.revisions import save_revision
from portal.cases.submission import refuse_faults, replace_places
from portal.cases.summary import responsible_department, summarize
from portal.cases.survey_reading import kept_figures
from portal.cases.survey_rows import follow_rows
from portal.cases.transfer_reading import transfers_of_case
from portal.core.database import city_of
from portal.core.events import Actor, record


def revise_answers(
    session: Session, case: Case, definition: Definition, answers: Mapping[str, Any], actor: Actor
) -> tuple[dict[str, Any], dict[str, Any], int]:
    """Revise the answers of a case; what they were, what they are, and the number of the revision that keeps the former. Its row must be locked.

    Evaluated as of the day of submission, with its places inspected again. Raises Invalid with a message for each field's path.
    """
    city = city_of(session)
    before = open_answers(city, case.answers)
    follow_rows(session, case, definition, before, answers)
    besides = kept_earlier(case.facts) | kept_figures(case.facts)
    inspection = inspect_places(session, definition, answers, exclude_case=case.id, with_locality=True, besides=besides)
    outcome = outcome_of(session, case, definition, answers, inspection.facts)
    refuse_faults(outcome, inspection)
    number = save_revision(session, case)
    deadlines = days_of_deadlines(session, case, definition)
    case.answers = seal_answers(city, definition, outcome.answers)
    case.facts = inspection.facts
    retake_places(session, case, definition, outcome)
    ask_for_payouts(session, case, definition, outcome)  # locks what is paid out, before any event
    recompute_fee(session, case, outcome.fee)
    summarize(session, definition, outcome, inspection, account_id=case.account_id).apply_to(case)
    follow_answers(session, case, definition, deadlines)
    ask_for_consents(session, case, definition, outcome)
    _hand_over(session, case, outcome.assign_to, actor)
    replace_places(session, case, definition, outcome, inspection)
    object_with_answers(session, case, outcome.answers, inspection.contested, actor)
    return before, dict(outcome.answers), number


def _hand_over(session: Session, case: Case, assign_to: str | None, actor: Actor) -> None:
    """Give the case to the department that its revised answers name; the one who had it on their desk works elsewhere.

    A case that somebody handed over stays where it is: they knew better than the answers.
    """
    department_id = responsible_department(session, case.procedure_key, assign_to)
    if department_id != case.department_id and not transfers_of_case(session, case.id):
        former, case.department_id, case.assignee_id = case.department_id, department_id, None
        record(
            session, of_case(case.id), "case.transferred", actor, from_department=former, to_department=department_id
        )
