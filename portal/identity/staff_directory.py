"""The staff of a city for its administrators: every account with its roles, closed ones included, and finding among them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.identity.addresses import normal_email
from portal.identity.models import Department, Staff, StaffInvitation, StaffRole
from writing.folding import SEARCH

ALL_DEPARTMENTS = "*"
"""In place of a department's key: every department, those to come included."""


@dataclass(frozen=True)
class DirectoryEntry:
    """One account; `roles` as pairs of department key (`*`: every department) and role, `titled` the same with the department's title."""

    id: int
    email: str
    name: str
    active: bool
    roles: tuple[tuple[str, str], ...]
    titled: tuple[tuple[str, str], ...]
    signed_in_at: datetime | None
    state: str
    """`active`, `invited` (by mail, and has not come yet), `awaited` (was handed a password, and has not come yet) or `left`."""


def search_staff(
    people: Collection[DirectoryEntry], words: str = "", state: str = "", department: str = ""
) -> list[DirectoryEntry]:
    """Return those whose name or address has these words, in that state, with a role in the department of that key; those who left last.

    A name is found with and without its space, and in letters of any width.
    """
    sought = _loose(words)
    return sorted(
        (
            person
            for person in people
            if sought in _loose(person.name + person.email)
            and state in ("", person.state)
            and department in ("", *(key for key, _role in person.roles))
        ),
        key=lambda person: person.state == "left",
    )


def _loose(text: str) -> str:
    return "".join(SEARCH(text).split())


def list_staff(session: Session) -> list[DirectoryEntry]:
    """Return every member of staff, ordered by address."""
    held: defaultdict[int, list[tuple[str, str, str]]] = defaultdict(list)
    roles = (
        select(StaffRole.staff_id, Department.key, Department.title, StaffRole.role)
        .outerjoin(Department, Department.id == StaffRole.department_id)
        .order_by(Department.sort.nulls_first(), Department.id, StaffRole.role)
    )
    for staff_id, department, title, role in session.execute(roles):
        held[staff_id].append((department or ALL_DEPARTMENTS, title["ja"] if title else "すべての課", role))
    invited = exists().where(StaffInvitation.staff_id == Staff.id)
    people = session.execute(select(Staff, invited).order_by(Staff.email))
    return [
        DirectoryEntry(
            person.id,
            person.email,
            person.name,
            person.active,
            tuple((key, role) for key, _title, role in held[person.id]),
            tuple((title, role) for _key, title, role in held[person.id]),
            person.signed_in_at,
            _state(person, invited=is_invited),
        )
        for person, is_invited in people
    ]


def _state(person: Staff, *, invited: bool) -> str:
    if not person.active:
        return "left"
    if invited:
        return "invited"
    return "awaited" if person.initial_until is not None and person.signed_in_at is None else "active"


def staff_id_of(session: Session, email: str) -> int:
    """Return the id of the member of staff with that address. Raises NotFound, or Invalid for a malformed address."""
    staff_id = session.scalar(select(Staff.id).where(Staff.email == normal_email(email)))
    if staff_id is None:
        raise NotFound("このメールアドレスの職員は登録されていません。")
    return staff_id
