"""The forms of stages (`stages[].form`): filled in by the member of staff who does the work, validated like any form, stored with the case."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition, Evaluation, Move, evaluate
from portal.cases.events import of_case
from portal.cases.models import Case, CaseStageForm
from portal.cases.workflows import workflow_of_case
from portal.core import tenancy
from portal.core.clock import now, today
from portal.core.database import city_of
from portal.core.errors import Invalid
from portal.core.events import Actor, record
from portal.core.text import _
from portal.files import attach_to_case


@dataclass(frozen=True)
class FilledForm:
    """A form as it was filled in: by whom, when, and what was answered, by question."""

    stage: str
    definition: Definition
    staff_name: str
    filled_at: datetime
    answers: Mapping[str, Any]


def form_to_fill(definition: Definition, case: Case, stage: str | None = None) -> Definition | None:
    """The form of a stage that can be filled in now: of the one that is the state itself, or of one at this state by its id."""
    stage = stage or case.state
    if all(move.stage != stage for move in workflow_of_case(case, definition).moves_from(case.state)):
        return None
    return definition.stage_forms.get(stage)


def finishing_move(definition: Definition, case: Case, stage: str | None = None) -> Move:
    """The move that passes a stage where the case stands. StopIteration where there is none."""
    moves = workflow_of_case(case, definition).moves_from(case.state)
    return next(move for move in moves if move.stage == (stage or case.state))


def pass_stage(session: Session, case: Case, stage: str, actor: Actor) -> None:
    """Keep that a stage at a state was passed over, or done where it has no form."""
    session.add(
        CaseStageForm(
            case_id=case.id,
            stage=stage,
            answers={},
            staff_id=actor.id if actor.kind == "staff" else None,
            staff_name=actor.name or "",
            filled_at=now(),
            skipped=True,
        )
    )
    session.flush()


def evaluate_form(session: Session, form: Definition, answers: Mapping[str, Any]) -> Evaluation:
    """What follows from the answers, today and in this city."""
    return evaluate(form, answers, {}, today=today(), city=tenancy.city(city_of(session)))


def stage_file_field(stage: str, question: str) -> str:
    """What a stored file of a stage's form names as its question; no id of a question has a slash."""
    return f"{stage}/{question}"


def save_form(
    session: Session,
    case: Case,
    form: Definition,
    answers: Mapping[str, Any],
    actor: Actor,
    files: Collection[str] = (),
    sent_key: str | None = None,
) -> CaseStageForm:
    """Keep a filled form of a locked case, with the files (their ids) that its answers name; `sent_key` is of the device that sent it.

    Raises Invalid with a sentence for each question to correct, Conflict for a file that does not exist any more.
    """
    outcome = evaluate_form(session, form, answers)
    if outcome.errors:
        faults = {path: sentences[0] for path, sentences in outcome.errors.items()}
        raise Invalid(_("{count}か所を直してください。", count=len(faults)), faults)
    filled = CaseStageForm(
        case_id=case.id,
        stage=form.steps[0].id,
        answers=dict(outcome.answers),
        staff_id=actor.id if actor.kind == "staff" else None,
        staff_name=actor.name or "",
        filled_at=now(),
        sent_key=sent_key,
    )
    session.add(filled)
    session.flush()
    if files and case.draft_id is not None:
        attach_to_case(session, files, case.draft_id, case.id)
    record(session, of_case(case.id), "case.stage_form_filled", actor, stage_form_id=filled.id)
    return filled


def filled_forms(session: Session, case: Case, definition: Definition) -> list[FilledForm]:
    """The forms of a case that were filled in, oldest first; no statement for a procedure whose stages have none."""
    if not definition.stage_forms:
        return []
    query = select(CaseStageForm).where(CaseStageForm.case_id == case.id, ~CaseStageForm.skipped)
    query = query.order_by(CaseStageForm.id)
    return [
        FilledForm(row.stage, definition.stage_forms[row.stage], row.staff_name, row.filled_at, row.answers)
        for row in session.scalars(query)
        if row.stage in definition.stage_forms
    ]
