"""How many cases there are, by cell of the map and by day, and what has changed since they were counted.

Triggers write the changes, in the transaction that makes them (migrations/city/sql); `case_counting` folds them into the counts. Counts and
changes together are right at every moment. A row whose `procedure_key` is empty counts the cases of every procedure.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase, geometry


class CasePlaceCount(CityBase):
    """Places of cases in a cell, which is a tile of the web map at zoom `level` by its number in Morton order.

    The sums stand for what single places have: of one place alone they are its case and its cell.
    """

    __tablename__ = "case_place_count"

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    procedure_key: Mapped[str] = mapped_column(primary_key=True)
    cell: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    department_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
    late: Mapped[int] = mapped_column(doc="the open ones that were due before `CaseCountState.late_as_of`")
    case_ids: Mapped[int] = mapped_column(doc="sum of the ids of their cases")
    x: Mapped[int] = mapped_column(doc="sum of the columns of their tiles at z20")
    y: Mapped[int] = mapped_column(doc="sum of the rows of their tiles at z20")


class CasePlaceChange(CityBase):
    """A place of a case that came (`n` 1) or went (-1); one that changed did both."""

    __tablename__ = "case_place_change"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    xid: Mapped[int] = mapped_column(
        server_default=text("pg_current_xact_id()::text::bigint"), doc="the transaction that it is part of"
    )
    n: Mapped[int] = mapped_column(SmallInteger)
    case_id: Mapped[int]
    cell: Mapped[int] = mapped_column(index=True, doc="number of the web-map tile at z20")
    ground: Mapped[Any] = mapped_column(geometry(), doc="the box around the place: where tiles look otherwise")
    procedure_key: Mapped[str]
    department_id: Mapped[int]
    status: Mapped[str]
    due_on: Mapped[date]


class CaseDayCount(CityBase):
    """Cases that begin and end on a day, see `case_filter.first_day` and `last_day`; `infinity` is the day of those without an end."""

    __tablename__ = "case_day_count"

    procedure_key: Mapped[str] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(primary_key=True)
    is_open: Mapped[bool] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    begins: Mapped[int]
    ends: Mapped[int]


class CaseDayChange(CityBase):
    """A case that came (`n` 1) or went (-1); one that changed did both."""

    __tablename__ = "case_day_change"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    n: Mapped[int] = mapped_column(SmallInteger)
    procedure_key: Mapped[str]
    department_id: Mapped[int]
    status: Mapped[str]
    is_open: Mapped[bool]
    first_day: Mapped[date]
    last_day: Mapped[date]


class CaseCountState(CityBase):
    """How far counting has come: one row, under whose lock changes are folded."""

    __tablename__ = "case_count_state"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    late_as_of: Mapped[date] = mapped_column(doc="the day as of which `late` of the counts holds")
    mark: Mapped[str] = mapped_column(doc="a snapshot; the next round folds the changes in it")
    marked_at: Mapped[datetime]
    folded_through: Mapped[int] = mapped_column(doc="changes of transactions from this one on were never folded")
