"""Handing a case over to another department (移送): the applicant is told why and who has it now, and the department that had it still sees
that it went, and where.
"""

from sqlalchemy import literal, select, update
from sqlalchemy.orm import Session

from portal.cases.decisions import decision_on
from portal.cases.events import of_case
from portal.cases.join_models import is_joined
from portal.cases.messages import send_message
from portal.cases.models import Case, CasePlace
from portal.cases.moves import lock_case
from portal.cases.notices import notify
from portal.cases.standard_words import filled_words
from portal.cases.transfer_models import CaseTransfer
from portal.cases.versions import Outdated, SeenVersion, refuse_outdated
from portal.core.access import StaffIdentity
from portal.core.clock import now
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, record
from portal.core.text import pick
from portal.identity import Department, list_departments, lock_departments


def possible_departments(session: Session, department_id: int) -> list[Department]:
    """Return the open departments to which another one can hand its cases over, in the city's order."""
    return [department for department in list_departments(session) if department.id != department_id]


def transfer(
    session: Session,
    case_id: int,
    to_department_id: int,
    reason: str,
    staff: StaffIdentity,
    *,
    seen: SeenVersion | None,
) -> Case:
    """Give a case to another department: it is on nobody's desk there, and the applicant is told why.

    Raises Forbidden without the right in the department that
    has the case, Outdated when the case is not as it was seen, Conflict for one that has ended, is joined with others or on which a decision waits, and for a
    department that closed; Invalid for no department, the same one, and for a reason that cannot be sent (field `reason`).
    """
    departments, former_id = hold_departments(session, case_id, to_department_id)
    case = lock_case(session, case_id)
    staff.require("case.transfer", former_id)
    if case.department_id != former_id:
        raise Outdated
    refuse_outdated(session, case, seen)
    refuse_untransferable(session, case)
    successor = _open_other(session, departments.get(to_department_id), former_id)
    actor = Actor("staff", staff.id, staff.name)
    case.department_id, case.assignee_id = successor.id, None
    places = update(CasePlace).where(CasePlace.case_id == case.id)
    places = places.values(department_id=successor.id, assignee_id=None)
    session.execute(places.execution_options(synchronize_session=False))
    try:
        message = send_message(session, case, actor, filled_words(session, case, reason, field="reason"), by_mail=False)
    except Invalid as error:
        raise Invalid(error.message, {"reason": error.message}) from error
    row = CaseTransfer(
        case_id=case.id,
        from_department_id=former_id,
        to_department_id=successor.id,
        staff_id=staff.id,
        message_id=message.id,
        transferred_at=now(),
    )
    session.add(row)
    case.unread = True
    case.advance()
    ids = {"from_department": former_id, "to_department": successor.id, "message_id": message.id}
    record(session, of_case(case.id), "case.transferred", actor, **ids)
    notify(session, case, "case_transferred", before=pick(departments[former_id].title, case.language))
    session.flush()
    return case


def hold_departments(session: Session, case_id: int, to_department_id: int) -> tuple[dict[int, Department], int]:
    """Lock the departments between which a case goes, so that neither closes meanwhile; they come before the case in the order of locks.

    Return them by id, and the id of the one that has the case. Raises NotFound without such a case.
    """
    former_id = session.scalar(select(Case.department_id).where(Case.id == case_id))
    if former_id is None:
        raise NotFound
    return lock_departments(session, {former_id, to_department_id}), former_id


def refuse_untransferable(session: Session, case: Case) -> None:
    """Raise Conflict for a case that has ended, that is joined with others, and on which a decision waits."""
    if case.closed_at is not None:
        raise Conflict("この案件は終わっているので、ほかの課に移せません。")
    if session.scalar(is_joined(literal(case.id)).select()):
        raise Conflict("ほかの案件と統合しているので、ほかの課に移せません。関連する案件の画面で、先に分けてください。")
    decision = decision_on(session, case)
    if decision is not None and decision.failure is None:
        raise Conflict(
            "この案件の決定を待っているので、ほかの課に移せません。決定を取り消すか、終わるのを待ってください。"
        )


def _open_other(session: Session, department: Department | None, former_id: int) -> Department:
    if department is None:
        sentence = "移す先の課を選んでください。"
        raise Invalid(sentence, {"department": sentence})
    if department.id == former_id:
        sentence = "いま担当している課です。ほかの課を選んでください。"
        raise Invalid(sentence, {"department": sentence})
    if department.closed_at is not None:
        heir = session.get(Department, department.successor_id)
        raise Conflict(
            f"{pick(department.title, 'ja')}は、なくなりました。"
            f"いまは{pick(heir.title, 'ja') if heir else 'ほかの課'}が引き継いでいます。移す先を選びなおしてください。"
        )
    return department
