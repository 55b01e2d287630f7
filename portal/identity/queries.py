"""Reading people: the person of a request, in one statement, and the staff of a department."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import SQLColumnExpression

from portal.core.access import AccountIdentity, StaffIdentity
from portal.core.web import db
from portal.identity.models import Account, CityRole, Department, Staff, StaffRole


def load_staff(staff_id: int) -> StaffIdentity | None:
    """Return the active member of staff of that id with their roles, in the request's transaction; None for a closed account."""
    return read_staff(db(), staff_id)


def read_staff(session: Session, staff_id: int, *, active_only: bool = True) -> StaffIdentity | None:
    """Return a member of staff with their roles, of a closed account too unless `active_only`; None for an unknown id.

    A role without a department counts in every department.
    """
    query = (
        select(Staff.id, Staff.name, Staff.email, Department.id.label("department_id"), StaffRole.role)
        .add_columns(CityRole.rights)
        .add_columns((StaffRole.id.is_not(None) & StaffRole.department_id.is_(None)).label("everywhere"))
        .outerjoin(StaffRole, StaffRole.staff_id == Staff.id)
        .outerjoin(CityRole, CityRole.key == StaffRole.city_role)
        .outerjoin(Department, StaffRole.department_id.is_(None) | (Department.id == StaffRole.department_id))
        .where(Staff.id == staff_id, *([Staff.active] if active_only else []))
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    roles: defaultdict[int, set[str]] = defaultdict(set)
    carried: defaultdict[int, set[str]] = defaultdict(set)
    for row in rows:
        if row.role is not None and row.department_id is not None:
            roles[row.department_id].add(row.role)
            carried[row.department_id].update(row.rights or ())
    first = rows[0]
    everywhere = frozenset(row.role for row in rows if row.everywhere)
    held = {key: frozenset(names) for key, names in roles.items()}
    with_roles = {key: frozenset(names) for key, names in carried.items() if names}
    return StaffIdentity(first.id, first.name, first.email, held, everywhere, with_roles)


def load_account(account_id: int) -> AccountIdentity | None:
    """Return the resident of that id; None for an unknown one."""
    account = db().get(Account, account_id)
    # A session references its rows weakly: kept here, the row is not read again in this request.
    db().info["account"] = account
    return AccountIdentity(account.id, account.email, account.name) if account else None


def staff_of_department(session: Session, department_id: int) -> list[tuple[int, str]]:
    """Return ids and names of the active staff who hold a role in a department, ordered by name."""
    here, everywhere = StaffRole.department_id == department_id, StaffRole.department_id.is_(None)
    query = (
        select(Staff.id, Staff.name)
        .where(Staff.active, Staff.id.in_(select(StaffRole.staff_id).where(here | everywhere)))
        .order_by(Staff.name, Staff.id)
    )
    return [(row.id, row.name) for row in session.execute(query)]


def staff_with_roles(session: Session, department_id: int, roles: Collection[str]) -> list[tuple[str, str]]:
    """Return the names of the active staff of a department who hold one of the roles there or everywhere, each with the role."""
    here, everywhere = StaffRole.department_id == department_id, StaffRole.department_id.is_(None)
    query = (
        select(Staff.name, StaffRole.role, Staff.id)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(Staff.active, StaffRole.role.in_(sorted(roles)), here | everywhere)
        .distinct()
        .order_by(Staff.name, Staff.id)
    )
    return [(row.name, row.role) for row in session.execute(query)]


def held_roles(session: Session) -> frozenset[tuple[int | None, str]]:
    """Return the roles that active staff hold, each with its department; None for those that are held in every one."""
    query = select(StaffRole.department_id, StaffRole.role).join(Staff, Staff.id == StaffRole.staff_id)
    return frozenset((row.department_id, row.role) for row in session.execute(query.where(Staff.active).distinct()))


def staff_name(staff_id: SQLColumnExpression[int] | SQLColumnExpression[int | None]) -> ScalarSelect[str | None]:
    """Return the name of the member of staff of a column, as an expression for the statements of others; NULL for none."""
    return select(Staff.name).where(Staff.id == staff_id).correlate_except(Staff).scalar_subquery()
