"""The list of procedures for those who make them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.cases.queries import count_open_cases, open_cases_by_procedure
from portal.core.access import StaffIdentity
from portal.identity.models import Department, Staff
from portal.procedures.models import Procedure, ProcedureVersion


@dataclass(frozen=True)
class Line:
    """One procedure: its published version, its draft, and how many cases run on it."""

    key: str
    title: str
    department: dict[str, Any]
    number: int | None
    published_at: datetime | None
    draft_number: int | None
    edited_at: datetime | None
    closed_at: datetime | None
    running: int
    may_close: bool


def overview(session: Session, staff: StaffIdentity) -> list[Line]:
    """Every procedure of the departments in which this person edits, in one statement."""
    live, draft = aliased(ProcedureVersion), aliased(ProcedureVersion)
    running = open_cases_by_procedure()
    query: Any = (
        select(
            Procedure.key,
            live.document,
            Department.title,
            live.number,
            live.published_at,
            draft.number,
            draft.edited_at,
            Procedure.closed_at,
            func.coalesce(running.c.count, 0),
            Procedure.department_id.in_(staff.departments("procedure.publish")),
        )
        .join(Department, Department.id == Procedure.department_id)
        .outerjoin(live, live.id == Procedure.current_version_id)
        .outerjoin(draft, (draft.procedure_id == Procedure.id) & (draft.status == "draft"))
        .outerjoin(running, running.c.procedure_key == Procedure.key)
        .where(Procedure.department_id.in_(staff.departments("procedure.edit")))
        .order_by(Department.sort, Procedure.sort, Procedure.id)
    )
    return [
        Line(key, (document or {}).get("title", {}).get("ja", key), *rest)
        for key, document, *rest in session.execute(query).all()
    ]


def running_cases(session: Session, procedure: Procedure) -> int:
    """How many cases of the procedure are not closed, on whichever version."""
    return count_open_cases(session, procedure.key)


@dataclass(frozen=True)
class VersionLine:
    """One version in the list beside the editor: who published it, when and why."""

    number: int
    status: str
    published_at: datetime | None
    note: str | None
    person: str | None


def versions_told(session: Session, procedure: Procedure) -> list[VersionLine]:
    """The versions that were published, newest first."""
    query = (
        select(
            ProcedureVersion.number,
            ProcedureVersion.status,
            ProcedureVersion.published_at,
            ProcedureVersion.note,
            Staff.name,
        )
        .outerjoin(Staff, Staff.id == ProcedureVersion.published_by)
        .where(ProcedureVersion.procedure_id == procedure.id, ProcedureVersion.status != "draft")
        .order_by(ProcedureVersion.number.desc())
    )
    return [VersionLine(*row) for row in session.execute(query).all()]
