"""Checking a member of staff: password first, then the code of the authenticator app, each outcome in the trail."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.crypto import open_sealed
from portal.core.database import city_of
from portal.identity.models import Staff, StaffSignIn
from portal.identity.passwords import hash_password, is_outdated, matches
from portal.identity.totp import step_of


def check_password(session: Session, email: str, password: str, address: str) -> int | None:
    """The id of the active member of staff whose password this is, else None; somebody unknown takes as long as somebody known."""
    staff = session.scalar(select(Staff).where(Staff.email == email, Staff.active))
    right = matches(staff.password_hash if staff else None, password)
    if staff is None or not right:
        log_sign_in(session, staff.id if staff else None, "password_refused", address)
        return None
    if is_outdated(staff.password_hash):
        staff.password_hash = hash_password(password)
    return staff.id


def has_initial_password(session: Session, staff_id: int) -> bool:
    """Whether somebody else gave the password, so that an own one has to be chosen before anything opens."""
    staff = session.get(Staff, staff_id)
    return staff is not None and staff.initial_until is not None


def initial_password_ended(session: Session, staff_id: int) -> bool:
    """Whether a given password was not used in its time."""
    staff = session.get(Staff, staff_id)
    return staff is not None and staff.initial_until is not None and staff.initial_until <= now()


def check_code(session: Session, staff_id: int, code: str, address: str) -> bool:
    """Whether the code is right now and was not used before; using it and remembering it is one statement."""
    staff = session.get(Staff, staff_id)
    if staff is None or not staff.active:
        return False
    secret = open_sealed(city_of(session), staff.totp_secret, totp_context(staff.email)).decode()
    step = step_of(secret, code, now(), staff.totp_last_step)
    taken = step is not None and session.scalar(
        update(Staff)
        .where(Staff.id == staff_id, Staff.active, Staff.totp_last_step < step)
        .values(totp_last_step=step, signed_in_at=now())
        .returning(Staff.id)
    )
    log_sign_in(session, staff_id, "signed_in" if taken else "code_refused", address)
    return bool(taken)


def log_sign_in(session: Session, staff_id: int | None, outcome: str, address: str) -> None:
    """Add to the trail of sign-ins."""
    session.add(StaffSignIn(staff_id=staff_id, outcome=outcome, address=address, at=now()))
    session.flush()


def totp_sample(session: Session) -> tuple[bytes, bytes] | None:
    """Return an encrypted authenticator secret with its context, to test keys with; None in a city without staff."""
    row = session.execute(select(Staff.totp_secret, Staff.email).order_by(Staff.id.desc()).limit(1)).first()
    return (row.totp_secret, totp_context(row.email)) if row else None


def totp_context(email: str) -> bytes:
    """Return the context that an encrypted authenticator secret is bound to."""
    return f"totp {email}".encode()
