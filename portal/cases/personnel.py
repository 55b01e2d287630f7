"""A personnel list taken in one act: who is new is invited, others get their roles, and who leaves hands every open case over."""

import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.cases import staff_leaving
from portal.cases.models import Case
from portal.core.errors import Conflict, DomainError, Invalid
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_rows
from portal.identity import personnel_list, rights_in_words, staff_administration, staff_id_of, staff_particulars


@dataclass(frozen=True)
class PersonnelReport:
    """How many were invited, changed and left, and how many open cases went to somebody else."""

    invited: int
    changed: int
    left: int
    cases: int


def cases_to_hand_over(session: Session, row: personnel_list.PersonnelRow) -> list[staff_leaving.HeldCase]:
    """Return the open cases that the person of a line cannot keep."""
    if row.staff_id is None or row.kind == "new":
        return []
    return staff_leaving.cases_left_behind(session, row.staff_id, rights_in_words.offices_with_role(session, row.roles))


def plan_token(plan: personnel_list.PersonnelPlan) -> str:
    """Return a token of what a page showed that a file would change."""
    shown = [
        (row.line, row.kind, row.email, row.name, row.heir, sorted(map(str, row.roles ^ row.before)))
        for row in plan.rows
    ]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def take_personnel(session: Session, by: Actor, plan: personnel_list.PersonnelPlan, shown: str) -> PersonnelReport:
    """Do what the plan says, all or nothing; `shown` is the token of what was confirmed.

    Raises Conflict when the accounts have changed since, or no administrator would remain; Invalid with the sentence by line.
    """
    if shown != plan_token(plan):
        raise Conflict("職員の登録が、確かめたあとに変わりました。いまの内容で、もう一度確かめてください。")
    if plan.faults or not plan.rows:
        raise Invalid("取り込めない行があるか、変わる人がいません。")
    held = [row.staff_id for row in plan.rows if row.kind != "new"]
    lock_rows(session, Case, Case.assignee_id.in_(held), Case.closed_at.is_(None), order_by=[Case.id.asc()])
    cases, order = 0, {"new": 0, "changed": 1, "leaving": 2}  # who takes cases over has the roles for it by then
    for row in sorted(plan.rows, key=lambda row: (order[row.kind], row.line)):
        try:
            cases += _take(session, by, row)
        except Conflict:
            raise
        except DomainError as refused:
            raise Invalid(refused.message, {str(row.line): refused.message}) from refused
    counts = {kind: sum(row.kind == kind for row in plan.rows) for kind in order}
    report = PersonnelReport(counts["new"], counts["changed"], counts["leaving"], cases)
    data = {"invited": report.invited, "changed": report.changed, "left": report.left, "cases": cases}
    record(session, Subject("staff"), "staff.list_taken", by, **data)
    return report


def _take(session: Session, by: Actor, row: personnel_list.PersonnelRow) -> int:
    """Do what one line says; how many cases went to somebody else."""
    if row.kind == "new" or row.staff_id is None:
        staff_administration.invite(session, by, row.email, row.name, row.roles)
        return 0
    heirs = _heirs(session, row)
    if row.kind == "leaving":
        return staff_leaving.leave(session, by, row.staff_id, heirs)
    if row.name != row.former_name:
        staff_particulars.change_particulars(session, by, row.staff_id, row.name, row.email)
    if row.roles == row.before:
        return 0
    return staff_leaving.change_roles(session, by, row.staff_id, row.roles, heirs)


def _heirs(session: Session, row: personnel_list.PersonnelRow) -> staff_leaving.Heirs:
    if not row.heir:
        return {}
    heir = staff_id_of(session, row.heir)
    return {case.department_id: heir for case in cases_to_hand_over(session, row)}
