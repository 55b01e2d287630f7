"""Answering a correction (補正): the applicant corrects what the office asked for, and the case goes back to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition
from portal.cases.change_offers import announce_correction
from portal.cases.messages import messages_of
from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.notices import notify
from portal.cases.proposal_answers import settle_proposals
from portal.cases.revised_answers import revise_answers
from portal.core.events import Actor
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
    again. Raises Invalid with a message for each field's path; Conflict when the case no longer waits for the applicant. The case is
    as it was then, with the places that it had.
    """
    with session.begin_nested():
        return _answer(session, case, definition, answers, actor, note=note, new_files=new_files)


def _answer(
    session: Session,
    case: Case,
    definition: Definition,
    answers: Mapping[str, Any],
    actor: Actor,
    *,
    note: str | None,
    new_files: Sequence[str],
) -> Case:
    before, after, revision = revise_answers(session, case, definition, answers, actor)
    changed = [field_id for field_id in definition.fields if after.get(field_id) != before.get(field_id)]
    if changed:
        announce_correction(session, case, revision)
    if new_files and case.draft_id is not None:
        attach_to_case(session, list(new_files), case.draft_id, case.id)
    case.unread = True
    session.flush()
    answered = apply_transition(
        session,
        case.id,
        "answer_correction",
        actor,
        roles=("applicant",),
        inputs=MoveInputs(note=note or "", fields=tuple(changed)),
    )
    settle_proposals(session, answered, definition, after, actor)
    labels = [definition.fields[field_id].label_in(answered.language) for field_id in changed]
    notify(session, answered, "correction_received", labels=labels)
    return answered
