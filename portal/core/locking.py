"""The one way to lock a row that something is about to be decided on (case, payment, refund, draft, member of staff).

`SELECT … FOR UPDATE` waits for the transaction that decides at that moment; afterwards the row may say something else than what this session
had read before. SQLAlchemy keeps an object that it has already loaded as it is, so the wait alone would decide on stale values:
these functions always read the row again. Nothing else in the portal may lock rows; `tests/house/test_locking.py` holds it.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from portal.core.models import CityBase

Row = TypeVar("Row", bound=CityBase)


def lock_row(session: Session, model: type[Row], *criteria: ColumnElement[bool]) -> Row | None:
    """The row that meets the criteria, locked until the transaction ends and as it is now; None without one.

    Pending changes of the object in this session are flushed first, so they are kept.
    """
    return session.scalar(_for_update(select(model).where(*criteria)))


def lock_rows(
    session: Session, model: type[Row], *criteria: ColumnElement[bool], order_by: Iterable[ColumnElement[Any]]
) -> list[Row]:
    """Every row that meets the criteria, locked and as it is now.

    `order_by` is required: transactions that lock the same rows in the same order never wait for each other in a circle.
    """
    return list(session.scalars(_for_update(select(model).where(*criteria).order_by(*order_by))))


def _for_update(query: Select[Row]) -> Select[Row]:
    return query.with_for_update().execution_options(populate_existing=True)
