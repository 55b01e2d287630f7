"""Rate limits as rows, shared by all processes: fixed windows, counted in a short transaction of its own so that a refusal still counts.

What succeeds is given back (`refund`, `clear`), so that a limit counts what failed, not how many people share a network address.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.clock import now
from portal.core.crypto import fingerprint
from portal.core.database import city_session
from portal.core.errors import TooMany
from portal.core.models import CityBase

_SUBSCRIBER = 64
"""An IPv6 subscriber is given at least a /64 and may use any address of it (RFC 6177)."""


class RateLimit(CityBase):
    """How much one key used up in one window. The key is a keyed digest: no address or e-mail is kept."""

    __tablename__ = "rate_limit"

    name: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    hits: Mapped[int]


@dataclass(frozen=True)
class Limit:
    """At most `maximum` units (tries, mails, bytes) of one key within each `window`."""

    name: str
    maximum: int
    window: timedelta


@dataclass(frozen=True)
class Count:
    """`units` of a key (an address, an account, a session) against a limit."""

    limit: Limit
    key: str
    units: int = 1


def count(city_key: str, *counts: Count) -> None:
    """Count against each limit in turn. One that is exceeded leaves those after it as they were. Raises TooMany for it.

    Rows stay locked until the last is counted, so whatever is counted together is given in the same order everywhere.
    """
    moment = now()
    with city_session(city_key) as session:
        exceeded = next((each for each in counts if _add(session, each, moment) > each.limit.maximum), None)
    if exceeded is not None:
        end = _window_start(exceeded.limit, moment) + exceeded.limit.window
        raise TooMany(int((end - moment).total_seconds()) + 1)


def _add(session: Session, counted: Count, moment: datetime) -> int:
    """Add the units to their row; return what the key used up in this window."""
    row = insert(RateLimit).values(
        name=counted.limit.name,
        key=_digest(counted.limit.name, counted.key),
        window_start=_window_start(counted.limit, moment),
        hits=counted.units,
    )
    added = row.on_conflict_do_update(
        index_elements=[RateLimit.name, RateLimit.key, RateLimit.window_start],
        set_={"hits": RateLimit.hits + row.excluded.hits},
    ).returning(RateLimit.hits)
    return session.scalar(added) or 0


def refund(city_key: str, *counts: Count) -> None:
    """Take back what `count` counted a moment ago, because it was no misuse: a right password, an upload that was refused."""
    moment = now()
    with city_session(city_key) as session:
        for counted in counts:
            criteria = (
                RateLimit.name == counted.limit.name,
                RateLimit.key == _digest(counted.limit.name, counted.key),
                RateLimit.window_start == _window_start(counted.limit, moment),
            )
            rest = func.greatest(RateLimit.hits - counted.units, 0)
            session.execute(update(RateLimit).where(*criteria).values(hits=rest))


def clear(session: Session, name: str, key: str) -> None:
    """Forget all that a key used up, after it succeeded; part of the session's transaction."""
    session.execute(delete(RateLimit).where(RateLimit.name == name, RateLimit.key == _digest(name, key)))


def delete_old(session: Session, older_than: timedelta = timedelta(days=1)) -> int:
    """Delete windows that ended long ago; return how many."""
    old = delete(RateLimit).where(RateLimit.window_start < func.now() - older_than).returning(RateLimit.hits)
    return len(session.scalars(old).all())


def network_of(address: str) -> str:
    """Return what counts as one subscriber: an IPv4 address, or the /64 of an IPv6 address; other text as it is."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed), _SUBSCRIBER), strict=False))


def _digest(name: str, key: str) -> bytes:
    return fingerprint("rate_limit", f"{name}:{key}")


def _window_start(limit: Limit, moment: datetime) -> datetime:
    seconds = int(limit.window.total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, moment.tzinfo)
