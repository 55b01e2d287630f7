"""Answering a correction (補正): the applicant mends what the office asked for, and the case goes back to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from forms import Definition, evaluate
from portal.cases.answers import open_answers, seal_answers
from portal.cases.fees import renewed
from portal.cases.messages import messages_of
from portal.cases.models import CaseFile, CasePlace
from portal.cases.moves import carry_out
from portal.cases.places import survey
from portal.cases.rules import days_of
from portal.cases.submission import insert_places, refuse_faults
from portal.core.clock import TOKYO
from portal.core.database import city_of
from portal.core.events import Actor
from portal.files import attach_to_case


def asked_fields(session: Session, case: CaseFile, definition: Definition) -> Sequence[str]:
    """The questions that the office's newest request names; all of them when it names none."""
    for message in reversed(messages_of(session, case.id)):
        if message.sender == "staff" and message.fields:
            return [field_id for field_id in message.fields if field_id in definition.fields]
    return list(definition.fields)


def answer_correction(
    session: Session,
    case: CaseFile,
    definition: Definition,
    answers: Mapping[str, Any],
    actor: Actor,
    *,
    note: str | None = None,
    new_files: Sequence[str] = (),
) -> CaseFile:
    """Put mended answers in place of the former ones and give the case back to the office.

    `answers`: everything as it is now, mended or not. Judged as of the day of submission, with its places asked of the map
    again. Raises Invalid with a message for each field's path; Conflict when the case no longer waits for the applicant.
    """
    city = city_of(session)
    before = open_answers(city, case.answers)
    found = survey(session, definition, answers, language=case.language, exclude_case=case.id)
    submitted = case.submitted_at.astimezone(TOKYO).date()
    outcome = evaluate(definition, answers, found.facts, today=submitted, language=case.language)
    refuse_faults(outcome, found)
    mended = [field_id for field_id in definition.fields if outcome.answers.get(field_id) != before.get(field_id)]
    case.answers = seal_answers(city, definition, outcome.answers)
    case.facts = found.facts
    case.fee = renewed(case.fee, outcome.fee)
    if set(mended) & set(definition.place_fields) or any(
        definition.fields[field_id].type == "date_range" for field_id in mended
    ):
        session.execute(delete(CasePlace).where(CasePlace.case_id == case.id))
        insert_places(session, case, definition, outcome, found)
        case.starts_on, case.ends_on = days_of(definition, outcome.answers)
    if new_files and case.draft_id is not None:
        attach_to_case(session, list(new_files), case.draft_id, case.id)
    case.unread = True
    session.flush()
    return carry_out(session, case.id, "answer_correction", actor, who=("applicant",), note=note, fields=mended)
