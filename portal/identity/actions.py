"""Staff accounts: made with a password and an authenticator secret, changed and closed; a change that matters ends their sessions."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.config import settings
from portal.core.crypto import seal
from portal.core.database import city_of
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor
from portal.core.locking import lock_rows
from portal.core.sessions import end_sessions
from portal.core.tenancy import city
from portal.identity.addresses import normal_email
from portal.identity.belongings import count_owned, declare_belonging
from portal.identity.devices import forget_devices
from portal.identity.models import CityRole, Department, Staff, StaffInvitation, StaffRole
from portal.identity.passwords import hash_password, matches, weakness
from portal.identity.rights import ROLES
from portal.identity.staff_sign_in import log_sign_in, totp_context
from portal.identity.totp import new_secret, provisioning_uri

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike in print
_GROUPS, _GROUP = 5, 4

Roles = Mapping[int | None, Collection[str]] | Mapping[int, Collection[str]]
"""Roles by department id; None stands for every department, those to come included."""


def new_password() -> str:
    """Twenty letters and digits in groups (99 bits): fit for print and for typing."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def create_staff(
    session: Session,
    email: str,
    name: str,
    password: str,
    roles: Roles,
    *,
    totp_secret: str | None = None,
    initial: bool = False,
) -> tuple[Staff, str]:
    """A new member of staff with roles, and the address that an authenticator app reads as QR code.

    The account of a closed address is opened again, with everything new. `initial`: somebody else chose the password, so it works
    for a few days, to choose another. Raises Invalid for an address or a password that may not be used, Conflict for one that is taken.
    """
    address = normal_email(email)
    if not name.strip():
        raise Invalid("名前を入力してください。", {"name": "名前を入力してください。"})
    _accept(session, password, address, name)
    staff = session.scalar(select(Staff).where(Staff.email == address))
    if staff is not None and staff.active:
        taken = "このメールアドレスの職員は、すでに登録されています。"
        raise Conflict(taken)
    if staff is None:
        staff = Staff(email=address, created_at=now())
        session.add(staff)
    secret = totp_secret or new_secret()
    city_key = city_of(session)
    staff.name, staff.active = name.strip(), True
    staff.password_hash = hash_password(password)
    staff.initial_until = _initial_until() if initial else None
    staff.totp_secret, staff.totp_last_step = seal(city_key, secret.encode(), totp_context(address)), 0
    staff.enrol_digest = staff.enrol_until = None
    session.flush()
    session.execute(delete(StaffInvitation).where(StaffInvitation.staff_id == staff.id))
    forget_devices(session, "staff", address)
    set_roles(session, staff.id, roles)
    return staff, provisioning_uri(secret, address, f"{city(city_key).name} 窓口")


def set_roles(session: Session, staff_id: int, roles: Roles) -> None:
    """Replace the roles of a member of staff; they count from the next request on.

    Raises Conflict for a role of the city's own that is not there any more, Invalid for one that is held elsewhere than it is given.
    """
    _accept_city_roles(session, roles)
    session.execute(delete(StaffRole).where(StaffRole.staff_id == staff_id))
    rows = [
        {"staff_id": staff_id, "department_id": department_id, "role": role}
        for department_id, names in roles.items()
        for role in sorted(set(names))
    ]
    if rows:  # two become one where a department has closed into another since the page was shown
        session.execute(insert(StaffRole).values(rows).on_conflict_do_nothing())


def _accept_city_roles(session: Session, roles: Roles) -> None:
    given = {name for names in roles.values() for name in names} - ROLES.keys()
    if not given:
        return
    own = {
        role.key: role
        for role in lock_rows(session, CityRole, CityRole.key.in_(sorted(given)), order_by=[CityRole.id.asc()])
    }
    if missing := given - own.keys():
        raise Conflict(f"役割「{'、'.join(sorted(missing))}」は、もうありません。")
    for department_id, names in roles.items():
        for name in set(names) & own.keys():
            if own[name].city_wide != (department_id is None):
                where = "すべての課" if own[name].city_wide else "課ごと"
                raise Invalid(f"役割「{own[name].title}」は、{where}につけます。")


def set_password(session: Session, staff_id: int, password: str, *, initial: bool = False) -> None:
    """Give a member of staff a new password and end their sessions; the authenticator stays needed (ASVS 6.4.3, 7.4.3).

    `initial`: somebody else chose it, so it works for a few days, to choose another (ASVS 6.4.1).
    """
    staff = _known(session, staff_id)
    _accept(session, password, staff.email, staff.name)
    staff.password_hash = hash_password(password)
    staff.initial_until = _initial_until() if initial else None
    if initial:
        forget_devices(session, "staff", staff.email)
    end_sessions(session, staff_id=staff_id)
    session.flush()


def change_password(session: Session, staff_id: int, current: str, new: str, address: str) -> bool:
    """Another password by the member of staff's own hand, in the trail like the sign-ins; False when `current` is not theirs.

    Ends all their sessions. Raises Invalid for a new one that may not be used, or that is the old one.
    """
    staff = _known(session, staff_id)
    if not matches(staff.password_hash, current):
        log_sign_in(session, staff_id, "password_refused", address)
        return False
    if current == new:
        raise Invalid("いまとちがうパスワードにしてください。")
    set_password(session, staff_id, new)
    log_sign_in(session, staff_id, "password_changed", address)
    return True


def choose_own_password(session: Session, staff_id: int, new: str, address: str) -> None:
    """The first own password in place of the one that was given. Raises Invalid for one that may not be used, or that is that one."""
    staff = _known(session, staff_id)
    if matches(staff.password_hash, new):
        raise Invalid("渡されたものとちがうパスワードにしてください。")
    set_password(session, staff_id, new)
    log_sign_in(session, staff_id, "password_changed", address)


def disable_staff(session: Session, staff_id: int) -> None:
    """Close the account of a member of staff: their sessions end at once, what they did stays signed with their name."""
    staff = _known(session, staff_id)
    staff.active = False
    forget_devices(session, "staff", staff.email)
    end_sessions(session, staff_id=staff_id)
    session.flush()


def enable_staff(session: Session, staff_id: int, password: str) -> None:
    """Open a closed account again with its roles and authenticator, and a password that was chosen for it."""
    _known(session, staff_id).active = True
    set_password(session, staff_id, password, initial=True)


def _initial_until() -> datetime:
    return now() + timedelta(days=settings().initial_password_days)


def _known(session: Session, staff_id: int) -> Staff:
    staff = session.get(Staff, staff_id)
    if staff is None:
        raise NotFound("この職員は登録されていません。")
    return staff


def _accept(session: Session, password: str, *about: str) -> None:
    here = city(city_of(session))
    reason = weakness(password, *about, here.key, here.name)
    if reason:
        raise Invalid(reason, {"password": reason})


def _move_roles(session: Session, former: Department, successor: Department, _by: Actor) -> None:
    """Let everybody with a role in a department that closes hold it in its successor."""
    former_roles = select(StaffRole.staff_id).where(StaffRole.department_id == former.id)
    lock_rows(session, Staff, Staff.id.in_(former_roles), order_by=[Staff.id.asc()])
    there = select(StaffRole.staff_id, StaffRole.role).where(StaffRole.department_id == successor.id)
    held = {(row.staff_id, row.role) for row in session.execute(there)}
    for role in session.scalars(select(StaffRole).where(StaffRole.department_id == former.id).order_by(StaffRole.id)):
        if (role.staff_id, role.role) in held:
            session.delete(role)
        else:
            role.department_id = successor.id
    session.flush()


declare_belonging(
    "role", lambda session, department: count_owned(session, StaffRole.department_id, department), _move_roles
)
