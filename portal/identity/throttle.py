"""How often signing in may be tried. Every limit is a window that ends, so nobody is locked out for good; a person's own network
address has a count of its own, so that somebody else's guesses do not use it up.
"""

from datetime import timedelta

from flask import request
from sqlalchemy.orm import Session

from portal.core import limits
from portal.core.clock import now
from portal.core.database import city_session
from portal.core.errors import TooMany
from portal.core.tenancy import current_city
from portal.identity.models import StaffSignIn

_QUARTER = timedelta(minutes=15)
_HOUR = timedelta(hours=1)


def client() -> str:
    """The network address that asks; behind proxies the one that the configured number of them passed on."""
    return request.remote_addr or "?"


def before_password(email: str) -> None:
    """Count a try of a staff password: 5 for an account from one address, 100 for an account, 30 for an address. Raises TooMany."""
    try:
        _hit("staff-address", client(), 30, _QUARTER)
        _hit("staff-pair", f"{email} {client()}", 5, _QUARTER)
        _hit("staff-account", email, 100, _HOUR)
    except TooMany:
        _note_throttled(None)
        raise


def before_staff_code(staff_id: int) -> None:
    """Count a try of an authenticator code: 10 in a quarter of an hour. Raises TooMany."""
    try:
        _hit("staff-code", str(staff_id), 10, _QUARTER)
    except TooMany:
        _note_throttled(staff_id)
        raise


def before_mail(email: str) -> None:
    """Count a mail with a code or a link: 5 to an e-mail address from one network address, 20 to it in all within an hour, 30 from a
    network address. Raises TooMany.
    """
    _hit("mail-address", client(), 30, _QUARTER)
    _hit("mail-pair", f"{email} {client()}", 5, _QUARTER)
    _hit("mail-email", email, 20, _HOUR)


def before_resident_code(email: str) -> None:
    """Count a try of a mailed code: 20 in an hour over all codes sent to an address, 60 from a network address. Raises TooMany.

    When strangers use these up, the mailed link still lets the owner in: it cannot be guessed, and is counted apart.
    """
    _hit("code-address", client(), 60, _HOUR)
    _hit("code-email", email, 20, _HOUR)


def before_status(number: str, proof: str) -> None:
    """Count a look-up of an application: 5 of a receipt number from one network address in a quarter of an hour, 30 from a network
    address; 60 of a number and 60 with an e-mail address or check code within an hour, so that neither can be guessed. Raises TooMany.
    """
    _hit("status-address", client(), 30, _QUARTER)
    _hit("status-pair", f"{number} {client()}", 5, _QUARTER)
    _hit("status-number", number, 60, _HOUR)
    _hit("status-proof", proof, 60, _HOUR)


def forget_status(session: Session, number: str) -> None:
    """Forget the tries of somebody who found the application, and may come back as often as they like."""
    limits.clear(session, "status-pair", f"{number} {client()}")


def before_link() -> None:
    """Count a mailed link that was opened: 60 in an hour from a network address. Raises TooMany."""
    _hit("link-address", client(), 60, _HOUR)


def _hit(name: str, key: str, limit: int, window: timedelta) -> None:
    limits.hit(current_city().key, name, key, limit=limit, window=window)


def _note_throttled(staff_id: int | None) -> None:
    # The refusal rolls the request back; the trail keeps it all the same.
    with city_session(current_city().key) as own:
        own.add(StaffSignIn(staff_id=staff_id, outcome="throttled", address=client(), at=now()))


def forget_staff(session: Session, email: str, staff_id: int) -> None:
    """Forget the tries of somebody who signed in."""
    limits.clear(session, "staff-pair", f"{email} {client()}")
    limits.clear(session, "staff-code", str(staff_id))
