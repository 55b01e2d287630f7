"""Who works in a city, as its administrator reads it: every account with its roles, closed ones too."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.identity.addresses import normal_email
from portal.identity.models import Department, Staff, StaffRole


@dataclass(frozen=True)
class Member:
    """One account; `roles` as pairs of department key and role."""

    email: str
    name: str
    active: bool
    roles: tuple[tuple[str, str], ...]


def members(session: Session) -> list[Member]:
    """Every member of staff, by address."""
    held: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    roles = (
        select(StaffRole.staff_id, Department.key, StaffRole.role)
        .join(Department, Department.id == StaffRole.department_id)
        .order_by(Department.sort, Department.id, StaffRole.role)
    )
    for staff_id, department, role in session.execute(roles):
        held[staff_id].append((department, role))
    people = session.scalars(select(Staff).order_by(Staff.email))
    return [Member(one.email, one.name, one.active, tuple(held[one.id])) for one in people]


def staff_id_of(session: Session, email: str) -> int:
    """The id of the member of staff with that address. Raises NotFound, or Invalid for what is no address."""
    found = session.scalar(select(Staff.id).where(Staff.email == normal_email(email)))
    if found is None:
        raise NotFound("このメールアドレスの職員は登録されていません。")
    return found
