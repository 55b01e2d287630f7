"""A program at the door: its key is looked up, its use is counted, and too much of it is refused."""

from datetime import timedelta

from flask import request
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.core import limits
from portal.core.access import ProgramIdentity
from portal.core.clock import now, today
from portal.core.database import city_session
from portal.core.events import SYSTEM, Subject, record
from portal.core.limits import Count, Limit
from portal.core.tenancy import current_city
from portal.core.web import db
from portal.programs.keys import digest_of
from portal.programs.models import ProgramKey, ProgramKeyUse

_REQUESTS = Limit("program-key", 3000, timedelta(minutes=1))
"""Requests with one key: a map of tiles that somebody moves takes some dozens a second."""
_REFUSED = Limit("program-key-refused", 300, timedelta(minutes=15))
"""Keys that open nothing, from one network: a program with an old key asks again and again."""


def identify(key: str) -> ProgramIdentity | None:
    """Who asks with a key; None for one that opens nothing (any more). Raises TooMany."""
    query = select(ProgramKey).where(
        ProgramKey.digest == digest_of(key), ProgramKey.revoked_at.is_(None), ProgramKey.valid_until >= today()
    )
    row = db().scalar(query)
    city = current_city().key
    if row is None:
        limits.count(city, Count(_REFUSED, limits.network_of(request.remote_addr or "?")))
        return None
    limits.count(city, Count(_REQUESTS, str(row.id)))
    _count_use(city, row.id)
    return ProgramIdentity(row.id, row.name, row.department_id, frozenset(row.layers), frozenset(row.procedures))


def _count_use(city: str, key_id: int) -> None:
    """In a transaction of its own: that of the request is rolled back by a refusal, and lasts as long as its answer is made."""
    day = today()
    row = insert(ProgramKeyUse).values(key_id=key_id, day=day, requests=1, last_at=now())
    counted = row.on_conflict_do_update(
        index_elements=[ProgramKeyUse.key_id, ProgramKeyUse.day],
        set_={"requests": ProgramKeyUse.requests + 1, "last_at": row.excluded.last_at},
    ).returning(ProgramKeyUse.requests)
    with city_session(city) as own:
        if own.scalar(counted) == 1:
            record(own, Subject("program_key", key_id), "program_key.used", SYSTEM, day=day.isoformat())
