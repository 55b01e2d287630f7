"""Reading people: who is asking, in one statement, and who works in a department."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import AccountIdentity, StaffIdentity
from portal.core.web import db
from portal.identity.models import Account, Department, Staff, StaffRole


def load_staff(staff_id: int) -> StaffIdentity | None:
    """The active member of staff of that id with their roles, in the request's transaction; None when the account was closed."""
    return read_staff(db(), staff_id)


def read_staff(session: Session, staff_id: int, *, active_only: bool = True) -> StaffIdentity | None:
    """The same in another session, closed accounts too unless `active_only`. A role without a department counts in each one."""
    query = (
        select(Staff.id, Staff.name, Staff.email, Department.id.label("department_id"), StaffRole.role)
        .add_columns((StaffRole.id.is_not(None) & StaffRole.department_id.is_(None)).label("everywhere"))
        .outerjoin(StaffRole, StaffRole.staff_id == Staff.id)
        .outerjoin(Department, StaffRole.department_id.is_(None) | (Department.id == StaffRole.department_id))
        .where(Staff.id == staff_id, *([Staff.active] if active_only else []))
    )
    found = session.execute(query).all()
    if not found:
        return None
    roles: defaultdict[int, set[str]] = defaultdict(set)
    for row in found:
        if row.role is not None and row.department_id is not None:
            roles[row.department_id].add(row.role)
    first = found[0]
    everywhere = frozenset(row.role for row in found if row.everywhere)
    held = {key: frozenset(names) for key, names in roles.items()}
    return StaffIdentity(first.id, first.name, first.email, held, everywhere)


def load_account(account_id: int) -> AccountIdentity | None:
    """The resident of that id."""
    account = db().get(Account, account_id)
    db().info["account"] = (
        account  # a session holds its rows weakly; what follows in the request need not read it again
    )
    return AccountIdentity(account.id, account.email, account.name) if account else None


def staff_of_department(session: Session, department_id: int) -> list[tuple[int, str]]:
    """Ids and names of the active staff who hold a role in a department, by name."""
    here, everywhere = StaffRole.department_id == department_id, StaffRole.department_id.is_(None)
    query = (
        select(Staff.id, Staff.name)
        .where(Staff.active, Staff.id.in_(select(StaffRole.staff_id).where(here | everywhere)))
        .order_by(Staff.name, Staff.id)
    )
    return [(row.id, row.name) for row in session.execute(query)]
