"""Reading people: the person of a request, in one statement, and the staff of a department."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ScalarSelect, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import SQLColumnExpression

from portal.core.access import AccountIdentity, StaffIdentity
from portal.core.sessions import SessionPerson, WebSession
from portal.core.web import db
from portal.identity.models import Account, CityRole, Department, Staff, StaffAbsence, StaffRole
from portal.identity.staff_absences import away_in_words, is_today


def load_staff(staff_id: int) -> StaffIdentity | None:
    """Return the active member of staff of that id with their roles, in the request's transaction; None for a closed account."""
    return read_staff(db(), staff_id)


def read_staff(session: Session, staff_id: int, *, active_only: bool = True) -> StaffIdentity | None:
    """Return a member of staff with their roles, of a closed account too unless `active_only`; None for an unknown id."""
    return _staff_identity(session.scalar(select(_staff_record(literal(staff_id), active_only=active_only))))


def _staff_record(staff_id: SQLColumnExpression[Any], *, active_only: bool = True) -> ScalarSelect[Any]:
    """A member of staff with their roles, as JSON; NULL for none. A role without a department counts in every department.

    Who holds a role in a department holds it for what its closed predecessors left in books and payouts, too.
    """
    held = (
        select(
            func.jsonb_agg(
                func.jsonb_build_array(
                    Department.id, StaffRole.role, CityRole.rights, StaffRole.department_id.is_(None)
                )
            )
        )
        .select_from(StaffRole)
        .outerjoin(CityRole, CityRole.key == StaffRole.city_role)
        .outerjoin(
            Department,
            StaffRole.department_id.is_(None)
            | (StaffRole.department_id == func.coalesce(Department.successor_id, Department.id)),
        )
        .where(StaffRole.staff_id == Staff.id)
        .correlate(Staff)
        .scalar_subquery()
    )
    record = func.jsonb_build_array(Staff.id, Staff.name, Staff.email, held, type_=JSONB)
    query = select(record).where(Staff.id == staff_id, *([Staff.active] if active_only else []))
    return query.correlate_except(Staff).scalar_subquery()


def _staff_identity(record: list[Any] | None) -> StaffIdentity | None:
    if record is None:
        return None
    staff_id, name, email, held = record
    roles: defaultdict[int, set[str]] = defaultdict(set)
    carried: defaultdict[int, set[str]] = defaultdict(set)
    for department_id, role, rights, _everywhere in held or ():
        if department_id is not None:
            roles[department_id].add(role)
            carried[department_id].update(rights or ())
    everywhere = frozenset(role for _department, role, _rights, is_everywhere in held or () if is_everywhere)
    by_department = {key: frozenset(names) for key, names in roles.items()}
    with_roles = {key: frozenset(names) for key, names in carried.items() if names}
    return StaffIdentity(staff_id, name, email, by_department, everywhere, with_roles)


STAFF_OF_SESSION = SessionPerson(
    "staff",
    lambda query: query.add_columns(_staff_record(WebSession.staff_id).label("staff")),
    _staff_identity,
)
"""The member of staff who is signed in, unless their account is closed."""


def load_account(account_id: int) -> AccountIdentity | None:
    """Return the resident of that id; None for an unknown one."""
    return _account_identity(db().get(Account, account_id))


def _account_identity(account: Account | None) -> AccountIdentity | None:
    # A session references its rows weakly: kept here, the row is not read again in this request.
    db().info["account"] = account
    return AccountIdentity(account.id, account.email, account.name) if account else None


ACCOUNT_OF_SESSION = SessionPerson(
    Account.__name__,
    lambda query: query.outerjoin(Account, Account.id == WebSession.account_id).add_columns(Account),
    _account_identity,
)
"""The resident who is signed in."""


def staff_names(session: Session) -> dict[int, str]:
    """Return the name of everybody who ever had an account, by id, in the order of names."""
    people = session.execute(select(Staff.id, Staff.name).order_by(Staff.name, Staff.id))
    return {person.id: person.name for person in people}


def staff_of_department(session: Session, department_id: int) -> list[tuple[int, str]]:
    """Return ids and names of the active staff who hold a role in a department, ordered by name; with it, of who is away, who stands in."""
    here, everywhere = StaffRole.department_id == department_id, StaffRole.department_id.is_(None)
    deputy = aliased(Staff)
    query = (
        select(Staff.id, Staff.name, StaffAbsence.last_day, deputy.name)
        .outerjoin(StaffAbsence, and_(StaffAbsence.staff_id == Staff.id, *is_today()))
        .outerjoin(deputy, (deputy.id == StaffAbsence.deputy_id) & deputy.active)
        .where(Staff.active, Staff.id.in_(select(StaffRole.staff_id).where(here | everywhere)))
        .order_by(Staff.name, Staff.id)
    )
    return [
        (staff_id, f"{name}({away_in_words(last_day, stands_in)})" if last_day else name)
        for staff_id, name, last_day, stands_in in session.execute(query)
    ]


def staff_of_departments(
    session: Session, department_ids: Collection[int], *, besides: int | None = None
) -> dict[int, str]:
    """Return the names of the active staff who hold a role in any of these departments, by id and ordered by name, and of one person besides."""
    here = or_(StaffRole.department_id.in_(department_ids), StaffRole.department_id.is_(None))
    colleagues = Staff.active & Staff.id.in_(select(StaffRole.staff_id).where(here))
    query = select(Staff.id, Staff.name).where(or_(colleagues, Staff.id == besides))
    return {row.id: row.name for row in session.execute(query.order_by(Staff.name, Staff.id))}


def staff_with_roles(
    session: Session, department_id: int, roles: Collection[str], *, without: Collection[int] = ()
) -> list[tuple[str, str]]:
    """Return the names of the active staff of a department who hold one of the roles there or everywhere, each with the role; nobody of
    `without`, which are ids.
    """
    here, everywhere = StaffRole.department_id == department_id, StaffRole.department_id.is_(None)
    query = (
        select(Staff.name, StaffRole.role, Staff.id)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(Staff.active, StaffRole.role.in_(sorted(roles)), here | everywhere, Staff.id.not_in(sorted(without)))
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
