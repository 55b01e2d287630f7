"""The list of procedures for the departments that publish them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.queries import open_cases_by_procedure
from portal.core.access import StaffIdentity
from portal.identity import list_departments
from portal.procedures import procedure_summaries


@dataclass(frozen=True)
class Line:
    """One procedure: its published version, its draft, and how many of its cases are open."""

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
    """Return every procedure of the departments in which this person edits, in the city's order."""
    departments = list_departments(session)
    position = {department.id: place for place, department in enumerate(departments)}
    titles = {department.id: department.title for department in departments}
    summaries = procedure_summaries(session, staff.departments("procedure.edit"))
    open_cases = open_cases_by_procedure(session)
    return [
        Line(
            summary.key,
            summary.title,
            titles[summary.department_id],
            summary.number,
            summary.published_at,
            summary.draft_number,
            summary.edited_at,
            summary.closed_at,
            open_cases.get(summary.key, 0),
            staff.may("procedure.publish", summary.department_id),
        )
        for summary in sorted(summaries, key=lambda summary: position[summary.department_id])
    ]
