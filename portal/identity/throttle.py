"""How often signing in and looking up may fail. Every limit is a window that ends, so nobody is locked out for good.

A network address is often shared, by an office or by a whole mobile network: a person at an address is counted before the address,
so that guesses at one person use up little of it; what succeeds is given back; and a browser in which the person signed in before
has a count of its own and passes the shared ones.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask import request
from sqlalchemy.orm import Session

from portal.core import limits
from portal.core.clock import now
from portal.core.config import settings
from portal.core.database import city_session
from portal.core.errors import TooMany
from portal.core.limits import Count, Limit
from portal.core.tenancy import current_city
from portal.core.web import db
from portal.identity import devices
from portal.identity.models import StaffSignIn

_QUARTER = timedelta(minutes=15)
_HOUR = timedelta(hours=1)

_STAFF_PAIR = Limit("staff-pair", 5, _QUARTER)
_STAFF_DEVICE = Limit("staff-device", 5, _QUARTER)
_STAFF_ACCOUNT = Limit("staff-account", 100, _HOUR)
_STAFF_CODE = Limit("staff-code", 10, _QUARTER)
_STAFF_CODE_DEVICE = Limit("staff-code-device", 10, _QUARTER)
_MAIL_PAIR = Limit("mail-pair", 5, _QUARTER)
_MAIL_DEVICE = Limit("mail-device", 5, _QUARTER)
_MAIL_EMAIL = Limit("mail-email", 20, _HOUR)
_CODE_PAIR = Limit("code-pair", 20, _HOUR)
_CODE_DEVICE = Limit("code-device", 20, _HOUR)
_CODE_EMAIL = Limit("code-email", 20, _HOUR)
_STATUS_PAIR = Limit("status-pair", 5, _QUARTER)
_STATUS_NUMBER = Limit("status-number", 60, _HOUR)
_STATUS_PROOF = Limit("status-proof", 60, _HOUR)


@dataclass(frozen=True)
class CountedAttempt:
    """An attempt and the limits it was counted against."""

    counts: tuple[Count, ...]

    def refund(self) -> None:
        """Take the count back, because the attempt was no guess."""
        limits.refund(current_city().key, *self.counts)


def client_address() -> str:
    """The network address that asks; behind proxies the one that the configured number of them passed on."""
    return request.remote_addr or "?"


def limit_password(email: str) -> CountedAttempt:
    """Count a try of a staff password: 5 for an account from one network, then those of the network, 100 for an account in an hour.
    Raises TooMany.
    """
    device = devices.device_key(db(), "staff", email)
    try:
        if device is not None:
            return _count(Count(_STAFF_DEVICE, device))
        return _count(
            Count(_STAFF_PAIR, f"{email} {_network()}"),
            Count(_staff_network(), _network()),
            Count(_STAFF_ACCOUNT, email),
        )
    except TooMany:
        _log_throttled(None)
        raise


def limit_staff_code(staff_id: int, email: str) -> None:
    """Count a try of an authenticator code: 10 in a quarter of an hour. Raises TooMany."""
    device = devices.device_key(db(), "staff", email)
    try:
        _count(Count(_STAFF_CODE_DEVICE, device) if device is not None else Count(_STAFF_CODE, str(staff_id)))
    except TooMany:
        _log_throttled(staff_id)
        raise


def reset_staff_limits(session: Session, email: str, staff_id: int) -> None:
    """Forget the tries of somebody who signed in."""
    limits.clear(session, _STAFF_PAIR.name, f"{email} {_network()}")
    limits.clear(session, _STAFF_CODE.name, str(staff_id))
    device = devices.device_key(session, "staff", email)
    if device is not None:
        limits.clear(session, _STAFF_DEVICE.name, device)
        limits.clear(session, _STAFF_CODE_DEVICE.name, device)


def limit_mail(email: str) -> None:
    """Count a mail with a code or a link: 5 to an e-mail address from one network in a quarter of an hour, then those of the network,
    20 to an e-mail address in all within an hour. Raises TooMany.
    """
    _count(*_mail_counts(email))


def limit_resident_code(email: str) -> CountedAttempt:
    """Count a try of a mailed code: 20 in an hour over all codes sent to an address, and those of the network. Raises TooMany.

    When strangers use these up, the mailed link still lets the owner in: it cannot be guessed, and is counted apart.
    """
    device = devices.device_key(db(), "resident", email)
    if device is not None:
        return _count(Count(_CODE_DEVICE, device))
    return _count(
        Count(_CODE_PAIR, f"{email} {_network()}"), Count(_code_network(), _network()), Count(_CODE_EMAIL, email)
    )


def refund_mail_limits(email: str) -> None:
    """Take back what the mail was counted against, because its address was proved."""
    CountedAttempt(_mail_counts(email)).refund()


def _mail_counts(email: str) -> tuple[Count, ...]:
    device = devices.device_key(db(), "resident", email)
    if device is not None:
        return (Count(_MAIL_DEVICE, device),)
    network = _network()
    return Count(_MAIL_PAIR, f"{email} {network}"), Count(_mail_network(), network), Count(_MAIL_EMAIL, email)


def limit_status_lookup(number: str, proof: str) -> CountedAttempt:
    """Count a look-up of an application: 5 of a receipt number from one network in a quarter of an hour, then those of the network;
    60 of a number and 60 with an e-mail address or check code within an hour, so that neither can be guessed. Raises TooMany.
    """
    return _count(
        Count(_STATUS_PAIR, f"{number} {_network()}"),
        Count(_look_up_network(), _network()),
        Count(_STATUS_NUMBER, number),
        Count(_STATUS_PROOF, proof),
    )


def limit_document_check() -> CountedAttempt:
    """Count that an issued document is checked, as a look-up of the network; check codes are too long to be guessed. Raises TooMany."""
    return _count(Count(_look_up_network(), _network()))


def reset_status_limits(session: Session, number: str) -> None:
    """Forget the tries of somebody who found the application, and may come back as often as they like."""
    limits.clear(session, _STATUS_PAIR.name, f"{number} {_network()}")


def limit_link() -> CountedAttempt:
    """Count a mailed link that was opened, against the network. Raises TooMany."""
    return _count(Count(_link_network(), _network()))


def _network() -> str:
    return limits.network_of(client_address())


def _staff_network() -> Limit:
    return Limit("staff-network", settings().limit_passwords, _QUARTER)


def _mail_network() -> Limit:
    return Limit("mail-network", settings().limit_mails, _HOUR)


def _code_network() -> Limit:
    return Limit("code-network", settings().limit_codes, _HOUR)


def _look_up_network() -> Limit:
    return Limit("status-network", settings().limit_look_ups, _QUARTER)


def _link_network() -> Limit:
    return Limit("link-network", settings().limit_look_ups, _QUARTER)


def _count(*counts: Count) -> CountedAttempt:
    """Count a try against each limit in turn; one that refuses leaves those after it as they were."""
    limits.count(current_city().key, *counts)
    return CountedAttempt(counts)


def _log_throttled(staff_id: int | None) -> None:
    # The refusal rolls the request back; the trail keeps it all the same.
    with city_session(current_city().key) as own:
        own.add(StaffSignIn(staff_id=staff_id, outcome="throttled", address=client_address(), at=now()))
