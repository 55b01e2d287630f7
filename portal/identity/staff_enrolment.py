"""A lost authenticator: one administrator asks, another confirms, and its owner sets up a new one with a code that works once.

Two people, because a person who could replace an authenticator alone could sign in as anybody (four eyes; ASVS 6.4.4).
"""

import hashlib
import hmac
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.crypto import seal
from portal.core.database import city_of
from portal.core.errors import Conflict, Forbidden
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_row
from portal.core.sessions import end_sessions
from portal.identity.actions import new_password
from portal.identity.devices import forget_devices
from portal.identity.models import Staff, StaffReset
from portal.identity.staff_sign_in import log_sign_in, totp_context
from portal.identity.totp import new_secret, step_of

CODE_LIFE = timedelta(days=3)
"""How long the code may be used that the owner is handed."""
REQUEST_LIFE = timedelta(days=7)
"""How long a request may be confirmed."""


def open_reset(session: Session, staff_id: int) -> StaffReset | None:
    """The request that waits for a second person, if there is one."""
    return session.scalar(
        select(StaffReset).where(
            StaffReset.staff_id == staff_id,
            StaffReset.ended_at.is_(None),
            StaffReset.requested_at > now() - REQUEST_LIFE,
        )
    )


def request_reset(session: Session, staff: Staff, by: Actor) -> None:
    """Ask for a new authenticator for somebody else. Nothing changes for them yet. Raises Conflict when it was asked for already."""
    _refuse_own(staff, by)
    if open_reset(session, staff.id) is not None:
        raise Conflict("認証アプリの再設定は、すでに依頼されています。")
    _end_open(session, staff.id)
    session.add(StaffReset(staff_id=staff.id, requested_by=by.id, requested_name=by.name or "", requested_at=now()))
    session.flush()
    record(session, Subject("staff", staff.id), "staff.reset_requested", by)


def cancel_reset(session: Session, staff: Staff, by: Actor) -> None:
    """Drop a request. Raises Conflict when there is none."""
    if open_reset(session, staff.id) is None:
        raise Conflict("この依頼は、もうありません。")
    _end_open(session, staff.id)
    record(session, Subject("staff", staff.id), "staff.reset_canceled", by)


def confirm_reset(session: Session, staff: Staff, by: Actor) -> str:
    """Confirm a request as the second person: the old authenticator stops working and every session ends. Return the code for a new one.

    Raises Forbidden for the person who asked and for the owner, Conflict when nothing is asked for.
    """
    _refuse_own(staff, by)
    reset = lock_row(session, StaffReset, StaffReset.staff_id == staff.id, StaffReset.ended_at.is_(None))
    if reset is None or reset.requested_at <= now() - REQUEST_LIFE:
        raise Conflict("この依頼は、もうありません。")
    same = reset.requested_by == by.id if by.id is not None else reset.requested_name == by.name
    if same:
        raise Forbidden("依頼した人とは別の管理者が、確認してください。")
    code, moment = new_password(), now()
    reset.confirmed_by, reset.confirmed_name, reset.ended_at = by.id, by.name, moment
    staff.totp_secret = seal(city_of(session), new_secret().encode(), totp_context(staff.email))
    staff.enrol_digest, staff.enrol_until = _digest(code), moment + CODE_LIFE
    forget_devices(session, "staff", staff.email)
    end_sessions(session, staff_id=staff.id)
    session.flush()
    record(session, Subject("staff", staff.id), "staff.reset_confirmed", by, requested_by=reset.requested_by)
    return code


def may_enrol(session: Session, staff_id: int) -> bool:
    """Whether this person is to set up a new authenticator at this sign-in."""
    staff = session.get(Staff, staff_id)
    return bool(staff and staff.active and staff.enrol_until and staff.enrol_until > now())


def enrol(session: Session, staff_id: int, *, one_time: str, secret: str, code: str, address: str) -> bool:
    """Take a new authenticator into use: the handed code, and the first code that the app shows. False when one of them is wrong."""
    staff = lock_row(session, Staff, Staff.id == staff_id, Staff.active.is_(True), Staff.enrol_until > now())
    step = step_of(secret, code, now(), 0)
    right = staff is not None and hmac.compare_digest(staff.enrol_digest or b"", _digest(one_time))
    if staff is None or not right or step is None:
        log_sign_in(session, staff_id, "enrol_refused", address)
        return False
    staff.totp_secret = seal(city_of(session), secret.encode(), totp_context(staff.email))
    staff.totp_last_step, staff.signed_in_at = step, now()
    staff.enrol_digest = staff.enrol_until = None
    log_sign_in(session, staff_id, "signed_in", address)
    record(session, Subject("staff", staff_id), "staff.enrolled", Actor("staff", staff_id, staff.name))
    return True


def _refuse_own(staff: Staff, by: Actor) -> None:
    if by.id == staff.id:
        raise Forbidden("自分の認証アプリの再設定は、ほかの管理者に頼んでください。")


def _end_open(session: Session, staff_id: int) -> None:
    session.execute(
        update(StaffReset).where(StaffReset.staff_id == staff_id, StaffReset.ended_at.is_(None)).values(ended_at=now())
    )


def _digest(code: str) -> bytes:
    # Typed from paper: with or without hyphens, in any case.
    return hashlib.sha256("".join(part for part in code.lower() if part.isalnum()).encode()).digest()
