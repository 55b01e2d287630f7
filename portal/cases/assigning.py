"""Putting a case on somebody's desk, as the one who does it has seen it: one case by its own page, or many together; and all cases of a
department to its successor, when it closes.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.cases.events import of_case
from portal.cases.models import Case, CasePlace
from portal.cases.moves import lock_case
from portal.core.access import StaffIdentity
from portal.core.errors import Conflict, Invalid
from portal.core.events import Actor, record
from portal.identity import Department, belongings, lock_colleague, staff_absences, staff_of_department


def reassign(
    session: Session,
    case_id: int,
    to_staff_id: int | None,
    staff: StaffIdentity,
    *,
    expected_version: int | None,
    despite_absence: bool = False,
) -> Case:
    """Put a case on somebody's desk, or on nobody's, unless it is on another one than was seen.

    On the desk of who is away only `despite_absence`, when that was said before. Raises Forbidden without the right in the case's
    department, Conflict when somebody else was first or the absence was not said, Invalid for somebody who does not belong to the department.
    """
    case = lock_case(session, case_id)
    staff.require("case.assign", case.department_id)
    if case.assignee_id != expected_version:
        raise Conflict("担当は、先にほかの人が変えました。いまの担当を確かめてください。")
    if to_staff_id is not None and not lock_colleague(session, to_staff_id, case.department_id):
        raise Invalid("この課の職員から選んでください。")
    away = staff_absences.absences_today(session).get(to_staff_id or 0)
    if away is not None and not despite_absence and to_staff_id != staff.id:
        raise Conflict(f"{away.name}さんは、{away.in_words}です。このまま担当にするときは、もう一度押してください。")
    assign(session, case, to_staff_id, Actor("staff", staff.id, staff.name))
    return case


def assign(session: Session, case: Case, to_staff_id: int | None, actor: Actor) -> None:
    """Put a case on somebody's desk, or on nobody's."""
    case.assignee_id = to_staff_id
    places = update(CasePlace).where(CasePlace.case_id == case.id).values(assignee_id=to_staff_id)
    session.execute(places.execution_options(synchronize_session=False))
    record(session, of_case(case.id), "case.assigned", actor, to=to_staff_id)
    session.flush()


def colleagues(session: Session, department_id: int) -> dict[int, str]:
    """Who can have cases of a department on their desk: names by id, in their order."""
    return dict(staff_of_department(session, department_id))


def _move_cases(session: Session, former: Department, successor: Department, actor: Actor) -> None:
    """Give every case to the department's successor, open or not; those that go on say so in their history."""
    running = select(Case.id).where(Case.department_id == former.id, Case.closed_at.is_(None)).order_by(Case.id)
    case_ids = session.scalars(running).all()
    for model in (Case, CasePlace):
        session.execute(
            update(model).where(model.department_id == former.id).values({model.department_id: successor.id})
        )
    for case_id in case_ids:
        departments = {"from_department": former.id, "to_department": successor.id}
        record(session, of_case(case_id), "case.transferred", actor, **departments)


belongings.declare_belonging(
    "case", lambda session, department: belongings.count_owned(session, Case.department_id, department), _move_cases
)
