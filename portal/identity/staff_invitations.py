"""Invitations of staff: a mailed link with which a new colleague chooses a password and sets up an authenticator, once and in time.

An account has an invitation from the moment it is sent until its owner has come; only a digest of the link is kept. A newer one takes
the place of the older, and a closed account cannot be entered with it.
"""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core.clock import local_date, now
from portal.core.config import settings
from portal.core.crypto import seal
from portal.core.database import city_of
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_row
from portal.identity.actions import new_password, set_password
from portal.identity.models import Staff, StaffInvitation
from portal.identity.staff_sign_in import log_sign_in, totp_context
from portal.notifications import send_mail


def invitation_of(session: Session, staff_id: int) -> StaffInvitation | None:
    """Return the invitation with which this person has not come yet, in time or not; None without one."""
    return session.get(StaffInvitation, staff_id)


def send_invitation(session: Session, staff: Staff, by: Actor) -> StaffInvitation:
    """Mail a link for the account, in place of an earlier one. Nobody knows a password of it from then on."""
    token, moment = secrets.token_urlsafe(32), now()
    until = moment + timedelta(days=settings().initial_password_days)
    set_password(session, staff.id, new_password(), initial=True)
    mail = send_mail(
        session,
        "staff_invitation",
        to=staff.email,
        language="ja",
        name=staff.name,
        by=by.name or "",
        until=local_date(until),
        path=f"/desk/invitation/{token}",
    )
    invitation = invitation_of(session, staff.id)
    if invitation is None:
        invitation = StaffInvitation(staff_id=staff.id, number=0)
        session.add(invitation)
    invitation.token_digest, invitation.invited_name, invitation.mail_id = _digest(token), by.name or "", mail.id
    invitation.number, invitation.sent_at, invitation.expires_at = invitation.number + 1, moment, until
    session.flush()
    record(session, Subject("staff", staff.id), "staff.invited", by)
    return invitation


def invited_by_link(session: Session, token: str) -> Staff | None:
    """Return whose link this is, if it still works. Asking does not use it up, because mail scanners open links first."""
    criteria = StaffInvitation.token_digest == _digest(token), StaffInvitation.expires_at > now(), Staff.active
    query = select(Staff).join(StaffInvitation, StaffInvitation.staff_id == Staff.id).where(*criteria)
    return session.scalar(query)


def accept_invitation(
    session: Session, token: str, *, secret: str, step: int, password: str, address: str
) -> Staff | None:
    """Take the account into use with an own password and the authenticator of which one code was right, that of `step`; the link is used up.

    None when it does not work any more. Raises Invalid for a password that may not be used.
    """
    invited = invited_by_link(session, token)
    staff = lock_row(session, Staff, Staff.id == invited.id, Staff.active.is_(True)) if invited else None
    used = delete(StaffInvitation).where(
        StaffInvitation.token_digest == _digest(token), StaffInvitation.expires_at > now()
    )
    if staff is None or session.scalar(used.returning(StaffInvitation.staff_id)) is None:
        return None
    set_password(session, staff.id, password)
    staff.totp_secret = seal(city_of(session), secret.encode(), totp_context(staff.email))
    staff.totp_last_step, staff.signed_in_at = step, now()
    log_sign_in(session, staff.id, "signed_in", address)
    record(session, Subject("staff", staff.id), "staff.invitation_accepted", Actor("staff", staff.id, staff.name))
    return staff


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
