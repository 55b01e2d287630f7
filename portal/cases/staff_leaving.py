"""When somebody leaves, or works in other departments from now on: the open cases on their desk go to colleagues or back to the department,
in the act that takes their roles, so that none stays with somebody who cannot open it.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.assigning import assign
from portal.cases.models import Case
from portal.core.errors import Conflict, Invalid
from portal.core.events import Actor
from portal.core.locking import lock_rows
from portal.identity import lock_colleague, rights_in_words, staff_administration
from portal.procedures import procedure_titles

Heirs = Mapping[int, int | None]
"""Who gets the cases of a department, by the department's id; None, or no entry, is nobody: they stand among those without a clerk."""


@dataclass(frozen=True)
class HeldCase:
    """An open case on somebody's desk, without anything about the applicant."""

    id: int
    number: str
    procedure: str
    department_id: int
    due_on: date


def cases_left_behind(session: Session, staff_id: int, remaining: Collection[int] = ()) -> list[HeldCase]:
    """Return the open cases on somebody's desk outside the departments in which they remain, oldest due day first.

    Plan: `ix_case_file_assignee`.
    """
    query = (
        select(Case.id, Case.number, Case.procedure_key, Case.department_id, Case.due_on)
        .where(Case.assignee_id == staff_id, Case.closed_at.is_(None), Case.department_id.not_in(remaining))
        .order_by(Case.due_on, Case.id)
    )
    rows = session.execute(query).all()
    titles = procedure_titles(session)
    return [
        HeldCase(row.id, row.number, titles.get(row.procedure_key, row.procedure_key), row.department_id, row.due_on)
        for row in rows
    ]


def cases_token(cases: Collection[HeldCase]) -> str:
    """Return a token of the cases that a page showed."""
    numbers = " ".join(sorted(case.number for case in cases))
    return hashlib.sha256(numbers.encode()).hexdigest()[:16]


def leave(session: Session, by: Actor, staff_id: int, heirs: Heirs, shown: str | None = None) -> int:
    """Close a colleague's account and hand over every open case on their desk; how many there were.

    `shown` is the token of the cases that the page listed. Raises as `staff_administration.close`, Conflict when another case has come to
    the desk meanwhile, Invalid for an heir who does not work in the department.
    """
    _lock_cases(session, staff_id)
    staff_administration.close(session, by, staff_id)
    return _hand_over(session, by, staff_id, (), heirs, shown)


def change_roles(
    session: Session,
    by: Actor,
    staff_id: int,
    roles: staff_administration.RoleSet,
    heirs: Heirs,
    *,
    shown_roles: str | None = None,
    shown_cases: str | None = None,
) -> int:
    """Give a colleague other roles, and hand over their open cases of departments in which they no longer hold one; how many there were.

    Raises as `staff_administration.change_roles` and `leave`.
    """
    _lock_cases(session, staff_id)
    staff_administration.change_roles(session, by, staff_id, roles, shown_roles)
    remaining = rights_in_words.offices_with_role(session, roles)
    return _hand_over(session, by, staff_id, remaining, heirs, shown_cases)


def _lock_cases(session: Session, staff_id: int) -> None:
    """Lock the open cases on a desk: cases come before their clerks in the order of locks."""
    lock_rows(session, Case, Case.assignee_id == staff_id, Case.closed_at.is_(None), order_by=[Case.id.asc()])


def _hand_over(
    session: Session, by: Actor, staff_id: int, remaining: Collection[int], heirs: Heirs, shown: str | None
) -> int:
    # The account is locked by now, and whoever puts a case on its desk locks it too: none comes after this.
    left = cases_left_behind(session, staff_id, remaining)
    if shown is not None and shown != cases_token(left):
        raise Conflict("担当している案件が、画面を開いたあとに変わりました。いまの一覧を見て、もう一度選んでください。")
    heir_of = {department: heirs.get(department) for department in sorted({case.department_id for case in left})}
    for department, heir in sorted(heir_of.items(), key=lambda pair: pair[1] or 0):
        if heir is not None and (heir == staff_id or not lock_colleague(session, heir, department)):
            sentence = "引き継ぐ人は、その課の職員から選んでください。"
            raise Invalid(sentence, {f"heir_{department}": sentence})
    cases = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_([case.id for case in left])))}
    for case_id in sorted(cases):
        assign(session, cases[case_id], heir_of[cases[case_id].department_id], by)
    return len(left)
