"""Reading people: who is asking, in one statement, and who works in a department."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import AccountIdentity, StaffIdentity
from portal.core.web import db
from portal.identity.models import Account, Staff, StaffRole


def load_staff(staff_id: int) -> StaffIdentity | None:
    """The active member of staff of that id with their roles; None when the account was closed."""
    rows = db().execute(
        select(Staff.id, Staff.name, Staff.email, StaffRole.department_id, StaffRole.role)
        .outerjoin(StaffRole, StaffRole.staff_id == Staff.id)
        .where(Staff.id == staff_id, Staff.active)
    )
    found = rows.all()
    if not found:
        return None
    roles: defaultdict[int, set[str]] = defaultdict(set)
    for row in found:
        if row.role is not None:
            roles[row.department_id].add(row.role)
    first = found[0]
    return StaffIdentity(first.id, first.name, first.email, {key: frozenset(held) for key, held in roles.items()})


def load_account(account_id: int) -> AccountIdentity | None:
    """The resident of that id."""
    account = db().get(Account, account_id)
    db().info["account"] = (
        account  # a session holds its rows weakly; what follows in the request need not read it again
    )
    return AccountIdentity(account.id, account.email, account.name) if account else None


def staff_of_department(session: Session, department_id: int) -> list[tuple[int, str]]:
    """Ids and names of the active staff who hold a role in a department, by name."""
    query = (
        select(Staff.id, Staff.name)
        .where(Staff.active, Staff.id.in_(select(StaffRole.staff_id).where(StaffRole.department_id == department_id)))
        .order_by(Staff.name, Staff.id)
    )
    return [(row.id, row.name) for row in session.execute(query)]
