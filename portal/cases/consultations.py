"""Stages that other departments do (照会): on whose desk they wait, and what somebody there may do with the case.

Who is asked sees the case for as long as it is open, with what their own role shows them of cases in their own department.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from forms import Definition
from forms.workflow.stages import doer_at
from portal.cases.consultation_models import CaseConsultation
from portal.cases.events import of_case
from portal.cases.models import Case
from portal.cases.workflows import workflow_of_case
from portal.core.access import StaffIdentity
from portal.core.clock import now
from portal.core.events import SYSTEM, record
from portal.identity import belongings, department_by_key
from portal.procedures import definition_of


@dataclass(frozen=True)
class WaitingConsultation:
    """A stage that waits on a department's desk. `may_answer`: whether this person has the role that does it."""

    case_id: int
    number: str
    title: str
    stage: str
    stage_title: str
    has_form: bool
    department_id: int
    asking_department_id: int
    asked_at: datetime
    may_answer: bool


def update_consultations(session: Session, case: Case, definition: Definition) -> None:
    """Ask the departments whose stages can be done where the case stands now, and take back what is done or past."""
    stages = {stage.id: stage for stage in definition.workflow.stages if stage.department is not None}
    if not stages:
        return
    moves = workflow_of_case(case, definition).moves_from(case.state)
    open_stages = {stage.id for stage in stages.values() if any(doer_at(stage) in move.roles for move in moves)}
    rows = list(session.scalars(select(CaseConsultation).where(CaseConsultation.case_id == case.id, _is_open())))
    for row in rows:
        if row.stage not in open_stages:
            row.closed_at = now()
    for name in sorted(open_stages - {row.stage for row in rows}):
        department = department_by_key(session, stages[name].department or "")
        if department is None:  # closed since the version was published: the office passes over the stage
            continue
        session.add(
            CaseConsultation(case_id=case.id, stage=name, department_id=department.id, asked_at=now(), closed_at=None)
        )
        record(session, of_case(case.id), "case.consulted", SYSTEM, department_id=department.id)
    session.flush()


def consulted_roles(session: Session, staff: StaffIdentity, case: Case) -> frozenset[str]:
    """The doers of stages that this person is, because their department is asked and they hold the role there."""
    definition = definition_of(session, case.version_id)
    stages = {stage.id: stage for stage in definition.workflow.stages if stage.department is not None}
    if not stages:
        return frozenset()
    query = select(CaseConsultation).where(CaseConsultation.case_id == case.id, _is_open())
    return frozenset(
        doer_at(stages[row.stage])
        for row in session.scalars(query)
        if row.stage in stages and stages[row.stage].role in staff.roles.get(row.department_id, ())
    )


def is_consulted(session: Session, staff: StaffIdentity, case: Case) -> bool:
    """Whether a department in which this person sees cases was asked about a case that is still open."""
    departments = staff.departments("case.see")
    if case.closed_at is not None or not departments:
        return False
    query = select(CaseConsultation.id).where(
        CaseConsultation.case_id == case.id, CaseConsultation.department_id.in_(departments)
    )
    return session.scalar(query.limit(1)) is not None


def waiting_consultations(session: Session, staff: StaffIdentity, limit: int) -> list[WaitingConsultation]:
    """What waits on the desks of this person's departments, longest waiting first, no more than `limit`.

    Plan: `ix_case_consultation_open` for each department, then the cases by their key.
    """
    departments: Collection[int] = staff.departments("case.see")
    query = (
        select(CaseConsultation, Case)
        .join(Case, Case.id == CaseConsultation.case_id)
        .where(CaseConsultation.department_id.in_(departments), _is_open())
        .order_by(CaseConsultation.asked_at, CaseConsultation.id)
        .limit(limit)
    )
    waiting = []
    for row, case in session.execute(query):
        definition = definition_of(session, case.version_id)
        stage = next((stage for stage in definition.workflow.stages if stage.id == row.stage), None)
        if stage is None:
            continue
        waiting.append(
            WaitingConsultation(
                case_id=case.id,
                number=case.number,
                title=case.title,
                stage=stage.id,
                stage_title=stage.title.ja,
                has_form=stage.id in definition.stage_forms,
                department_id=row.department_id,
                asking_department_id=case.department_id,
                asked_at=row.asked_at,
                may_answer=stage.role in staff.roles.get(row.department_id, ()),
            )
        )
    return waiting


def _is_open() -> ColumnElement[bool]:
    return CaseConsultation.closed_at.is_(None)


belongings.declare_owned("consultation", CaseConsultation.department_id)
