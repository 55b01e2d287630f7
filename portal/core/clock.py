"""The only clock of the portal: timezone-aware moments, the city's day in Asia/Tokyo, and a way for tests to stop time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The present moment, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def local_date(moment: datetime) -> date:
    """The day of a moment at the counter (Japan Standard Time)."""
    return moment.astimezone(TOKYO).date()


def today() -> date:
    """The present day at the counter."""
    return local_date(now())


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Stop the clock at `moment` (must carry a timezone) inside the block."""
    if moment.tzinfo is None:
        raise ValueError("a frozen clock needs a timezone")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
