"""Answering a correction (補正): the applicant corrects what the office asked for, and the case goes back to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition, evaluate
from portal.cases.answers import open_answers, seal_answers
from portal.cases.capacity import retake_places
from portal.cases.consents import ask_for_consents
from portal.cases.events import of_case
from portal.cases.feature_options import CityFeatures
from portal.cases.fees import recompute_fee
from portal.cases.messages import messages_of
from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.payouts import ask_for_payouts
from portal.cases.places import inspect_places
from portal.cases.revisions import save_revision
from portal.cases.submission import refuse_faults, replace_places
from portal.cases.summary import responsible_department, summarize
from portal.core import tenancy
from portal.core.database import city_of
from portal.core.events import Actor, record
from portal.files import attach_to_case


def requested_fields(session: Session, case: Case, definition: Definition) -> Sequence[str]:
    """Return the questions that the office's newest request names; all of them when it names none."""
    for message in reversed(messages_of(session, case.id)):
        if message.sender == "staff" and message.fields:
            return [field_id for field_id in message.fields if field_id in definition.fields]
    return list(definition.fields)


def answer_correction(
    session: Session,
    case: Case,
    definition: Definition,
    answers: Mapping[str, Any],
    actor: Actor,
    *,
    note: str | None = None,
    new_files: Sequence[str] = (),
) -> Case:
    """Put corrected answers in place of the former ones, which are kept, and give the case back to the office.

    `answers`: everything as it is now, corrected or not. Evaluated as of the day of submission, with its places inspected
    again. Raises Invalid with a message for each field's path; Conflict when the case no longer waits for the applicant.
    """
    city = city_of(session)
    before = open_answers(city, case.answers)
    inspection = inspect_places(session, definition, answers, exclude_case=case.id, with_locality=True)
    outcome = evaluate(
        definition,
        answers,
        inspection.facts,
        today=case.submitted_on,
        language=case.language,
        city=tenancy.city(city),
        features=CityFeatures(session, kept=before),
    )
    refuse_faults(outcome, inspection)
    changed = [field_id for field_id in definition.fields if outcome.answers.get(field_id) != before.get(field_id)]
    save_revision(session, case)
    case.answers = seal_answers(city, definition, outcome.answers)
    case.facts = inspection.facts
    retake_places(session, case, definition, outcome)
    ask_for_payouts(session, case, definition, outcome)  # locks what is paid out, before any event
    recompute_fee(session, case, outcome.fee)
    summarize(session, definition, outcome, inspection, account_id=case.account_id).apply_to(case)
    ask_for_consents(session, case, definition, outcome)
    _hand_over(session, case, outcome.assign_to, actor)
    replace_places(session, case, definition, outcome, inspection)
    if new_files and case.draft_id is not None:
        attach_to_case(session, list(new_files), case.draft_id, case.id)
    case.unread = True
    session.flush()
    return apply_transition(
        session,
        case.id,
        "answer_correction",
        actor,
        roles=("applicant",),
        inputs=MoveInputs(note=note or "", fields=tuple(changed)),
    )


def _hand_over(session: Session, case: Case, assign_to: str | None, actor: Actor) -> None:
    """Give the case to the department that its corrected answers name; the one who had it on their desk works elsewhere."""
    department_id = responsible_department(session, case.procedure_key, assign_to)
    if department_id != case.department_id:
        former, case.department_id, case.assignee_id = case.department_id, department_id, None
        record(
            session, of_case(case.id), "case.transferred", actor, from_department=former, to_department=department_id
        )
