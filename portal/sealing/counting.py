"""Counting what `madoguchi keys reseal` has still to do, as far as the database can tell without opening anything."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Select, and_, cast, func, not_, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from portal.core.clock import now
from portal.core.crypto import newest_key
from portal.core.sealed import SEALED, SealedJson, SealedText, newest_prefix
from portal.sealing.models import SealingCount
from portal.sealing.registry import ANSWERS, SEALED_BYTES, columns_of

COUNTED_UP_TO = 1000
"""Of each column: whether there are more makes no difference to what has to be done."""


def count_waiting(session: Session) -> int:
    """How many values of the city are under an older key, or in clear where everything is sealed; rows of answers count as one.

    An answer in clear that ought to be sealed cannot be distinguished from one that stays in clear; only resealing itself finds it.
    """
    return sum(session.scalar(_capped(rows)) or 0 for rows in _older())


def count_and_store(session: Session) -> SealingCount:
    """The same, kept for those who only want to read it."""
    count = SealingCount(id=1, counted_at=now(), key_id=newest_key(), waiting=count_waiting(session))
    return session.merge(count)


def waiting(session: Session) -> int:
    """Return the stored count, if it is of the present key; else count now."""
    stored = session.get(SealingCount, 1)
    return stored.waiting if stored is not None and stored.key_id == newest_key() else count_waiting(session)


def _capped(rows: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(rows.limit(COUNTED_UP_TO).subquery())


def _older() -> Iterator[Select[Any]]:
    prefix = newest_prefix()
    for column in columns_of(SealedText):
        yield _rows(column, not_(cast(column, Text).startswith(prefix)))
    for column in columns_of(SealedJson):
        value = cast(column, JSONB)["sealed"].astext
        yield _rows(column, or_(value.is_(None), not_(value.startswith(prefix.removeprefix(SEALED)))))
    for sealed in SEALED_BYTES:
        assert isinstance(sealed.column.type, LargeBinary)  # noqa: S101 - as the registry says
        is_empty = func.length(sealed.column) == 0
        yield _rows(sealed.column, not_(is_empty), func.substring(sealed.column, 1, 4) != bytes.fromhex(newest_key()))
    for column in ANSWERS:
        answer = func.jsonb_each(column).table_valued("key", "value", joins_implicitly=True).alias("answer")
        value = cast(answer.c.value, JSONB)
        kind = func.jsonb_typeof(value) == "object"
        older = and_(kind, not_(value["sealed"].astext.startswith(prefix.removeprefix(SEALED))))
        yield _rows(column, select(1).select_from(answer).where(older).exists())


def _rows(column: Column[Any], *older: ColumnElement[bool]) -> Select[Any]:
    return select(1).select_from(column.table).where(column.is_not(None), *older)
