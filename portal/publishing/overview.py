"""The list of procedures for the departments that publish them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.cases import acceptance_now, acceptance_sentence
from portal.cases.queries import open_cases_by_procedure
from portal.core.access import StaffIdentity
from portal.identity import list_departments
from portal.procedures import ProcedureSummary, definition_of, procedure_summaries


@dataclass(frozen=True)
class Line:
    """One procedure: its published version, its draft, and how many of its cases are open.

    `accepted` says until or from when applications are taken, where that is for a time only.
    """

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
    accepted: str


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
            _accepted(session, summary),
        )
        for summary in sorted(summaries, key=lambda summary: position[summary.department_id])
    ]


def _accepted(session: Session, summary: ProcedureSummary) -> str:
    """Where the published version takes applications for a time only: how that stands now."""
    if summary.version_id is None or summary.closed_at is not None:
        return ""
    return acceptance_sentence(acceptance_now(definition_of(session, summary.version_id)))
