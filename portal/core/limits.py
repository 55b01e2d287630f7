"""Rate limits as rows, shared by all processes: fixed windows, each hit in a short transaction of its own so that a refusal still counts."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.errors import TooMany
from portal.core.models import CityBase


class RateLimit(CityBase):
    """How often one key was seen in one window. The key is a digest: no address or e-mail is kept."""

    __tablename__ = "rate_limit"

    name: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    hits: Mapped[int]


def hit(city_key: str, name: str, key: str, *, limit: int, window: timedelta) -> None:
    """Count one try of `key` (an address, an account) against the limit called `name`. Raises TooMany above it."""
    seconds = int(window.total_seconds())
    moment = now()
    start = datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, moment.tzinfo)
    digest = hashlib.sha256(f"{name}:{key}".encode()).digest()[:16]
    row = insert(RateLimit).values(name=name, key=digest, window_start=start, hits=1)
    counted = row.on_conflict_do_update(
        index_elements=[RateLimit.name, RateLimit.key, RateLimit.window_start], set_={"hits": RateLimit.hits + 1}
    ).returning(RateLimit.hits)
    with city_session(city_key) as session:
        hits = session.scalar(counted) or 0
    if hits > limit:
        raise TooMany(int((start + window - moment).total_seconds()) + 1)


def clear(session: Session, name: str, key: str) -> None:
    """Forget the tries of a key, after it succeeded."""
    digest = hashlib.sha256(f"{name}:{key}".encode()).digest()[:16]
    session.execute(delete(RateLimit).where(RateLimit.name == name, RateLimit.key == digest))


def forget_old(session: Session, older_than: timedelta = timedelta(days=1)) -> int:
    """Drop windows that ended long ago; how many."""
    old = delete(RateLimit).where(RateLimit.window_start < func.now() - older_than).returning(RateLimit.hits)
    return len(session.scalars(old).all())
