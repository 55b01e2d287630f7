"""Browsers in which a person signed in before. One that proved itself is not held to the limits of its network address or account,
which strangers can use up; it has a small count of its own (OWASP: device cookies against online guessing).

The cookie holds a random token and opens nothing. Only digests are stored, of the token and of the person's address.
"""

import hashlib
import hmac
import re
import secrets
from datetime import timedelta

from flask import Response, after_this_request, request
from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.config import settings
from portal.core.crypto import application_secret
from portal.identity.models import KnownDevice

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z")


def cookie_name() -> str:
    """`__Host-` where the browser can hold to it, that is over https."""
    return "__Host-madoguchi-device" if settings().public_scheme == "https" else "madoguchi-device"


def device_key(session: Session, kind: str, email: str) -> str | None:
    """A key for this browser's own limits when that person (`staff` or `resident`) signed in here before, else None."""
    token = _token()
    if token is None:
        return None
    device, person = _digest(token), _person(kind, email)
    which = (
        KnownDevice.device == device,
        KnownDevice.person == person,
        KnownDevice.used_at > now() - _lifetime(),
    )
    return f"{device.hex()} {person.hex()}" if session.scalar(select(exists().where(*which))) else None


def remember_device(session: Session, kind: str, email: str) -> None:
    """That person signed in in this browser. The token is a new one each time, so that a planted one is worth nothing afterwards."""
    former, token, moment = _token(), secrets.token_urlsafe(32), now()
    device = _digest(token)
    if former is not None:
        session.execute(update(KnownDevice).where(KnownDevice.device == _digest(former)).values(device=device))
    row = insert(KnownDevice).values(device=device, person=_person(kind, email), used_at=moment)
    session.execute(
        row.on_conflict_do_update(index_elements=[KnownDevice.device, KnownDevice.person], set_={"used_at": moment})
    )

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            cookie_name(),
            token,
            max_age=int(_lifetime().total_seconds()),
            secure=settings().public_scheme == "https",
            httponly=True,
            samesite="Lax",
            path="/",
        )
        return response


def forget_devices(session: Session, kind: str, email: str) -> None:
    """No browser counts as that person's any longer: their password or authenticator fell into doubt."""
    session.execute(delete(KnownDevice).where(KnownDevice.person == _person(kind, email)))


def delete_unused_devices(session: Session) -> None:
    """Drop the browsers in which nobody signed in for the time they are kept."""
    session.execute(delete(KnownDevice).where(KnownDevice.used_at <= now() - _lifetime()))


def _lifetime() -> timedelta:
    return timedelta(days=settings().device_days)


def _token() -> str | None:
    token = request.cookies.get(cookie_name(), "")
    return token if _TOKEN.match(token) else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _person(kind: str, email: str) -> bytes:
    # An e-mail address is quickly guessed from a plain digest; the key is not in the database.
    return hmac.digest(application_secret().encode(), f"device {kind} {email}".encode(), "sha256")
