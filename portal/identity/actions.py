"""Staff accounts: made with a password and an authenticator secret, changed and closed; a change that matters ends their visits."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.crypto import seal
from portal.core.database import city_of
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.sessions import end_sessions
from portal.core.tenancy import city
from portal.identity.addresses import normal_email
from portal.identity.models import Staff, StaffRole
from portal.identity.passwords import hash_password, matches, weakness
from portal.identity.staff_sign_in import note, totp_context
from portal.identity.totp import new_secret, provisioning_uri


def create_staff(
    session: Session,
    email: str,
    name: str,
    password: str,
    roles: Mapping[int, Collection[str]],
    *,
    totp_secret: str | None = None,
) -> tuple[Staff, str]:
    """A new member of staff with roles by department id, and the address that an authenticator app reads as QR code.

    Raises Invalid for an address or a password that may not be used, Conflict for an address that is taken.
    """
    address = normal_email(email)
    _accept(session, password, address, name)
    if session.scalar(select(Staff.id).where(Staff.email == address)) is not None:
        raise Conflict("このメールアドレスの職員は、すでに登録されています。")
    secret = totp_secret or new_secret()
    city_key = city_of(session)
    staff = Staff(
        email=address,
        name=name,
        password_hash=hash_password(password),
        totp_secret=seal(city_key, secret.encode(), totp_context(address)),
        totp_last_step=0,
        active=True,
        created_at=now(),
    )
    session.add(staff)
    session.flush()
    set_roles(session, staff.id, roles)
    return staff, provisioning_uri(secret, address, f"{city(city_key).name} 窓口")


def set_roles(session: Session, staff_id: int, roles: Mapping[int, Collection[str]]) -> None:
    """Replace the roles of a member of staff; they count from the next request on."""
    session.execute(delete(StaffRole).where(StaffRole.staff_id == staff_id))
    rows = [
        {"staff_id": staff_id, "department_id": department_id, "role": role}
        for department_id, names in roles.items()
        for role in sorted(set(names))
    ]
    if rows:
        session.execute(insert(StaffRole), rows)


def set_password(session: Session, staff_id: int, password: str) -> None:
    """Give a member of staff a new password and end their visits; the authenticator stays needed (ASVS 6.4.3, 7.4.3)."""
    staff = _known(session, staff_id)
    _accept(session, password, staff.email, staff.name)
    staff.password_hash = hash_password(password)
    end_sessions(session, staff_id=staff_id)
    session.flush()


def change_password(session: Session, staff_id: int, current: str, new: str, address: str) -> bool:
    """Another password by the member of staff's own hand, in the trail like the sign-ins; False when `current` is not theirs.

    Ends all their visits. Raises Invalid for a new one that may not be used, or that is the old one.
    """
    staff = _known(session, staff_id)
    if not matches(staff.password_hash, current):
        note(session, staff_id, "password_refused", address)
        return False
    if current == new:
        raise Invalid("いまとちがうパスワードにしてください。")
    set_password(session, staff_id, new)
    note(session, staff_id, "password_changed", address)
    return True


def disable_staff(session: Session, staff_id: int) -> None:
    """Close the account of a member of staff: their visits end at once, what they did stays signed with their name."""
    _known(session, staff_id).active = False
    end_sessions(session, staff_id=staff_id)
    session.flush()


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
