"""Figures of a city, counted day by day: what arrived, what was closed and how long it took, what was late, where drafts ended.

They name nobody, and no table joins them to a case. `figure_counting` keeps them, `figures` reads them.
"""

from datetime import date

from sqlalchemy import BigInteger, Boolean, CheckConstraint, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class CaseArrivalCount(CityBase):
    """Cases that arrived on a day, by the channel through which they came."""

    __tablename__ = "case_arrival_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    procedure_key: Mapped[str] = mapped_column(Text, primary_key=True)
    department_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel: Mapped[str] = mapped_column(Text, primary_key=True)
    n: Mapped[int]


class CaseClosingCount(CityBase):
    """Cases that were closed on a day, by how many days they took; `late`: after the day on which they were due."""

    __tablename__ = "case_closing_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    procedure_key: Mapped[str] = mapped_column(Text, primary_key=True)
    department_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    days: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    late: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    n: Mapped[int]


class CaseOverdueCount(CityBase):
    """Open cases whose due day had passed when a day began."""

    __tablename__ = "case_overdue_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    procedure_key: Mapped[str] = mapped_column(Text, primary_key=True)
    department_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int]


class DraftEndCount(CityBase):
    """Drafts that ended on a day without being sent, by the page at which they stood still and the first question without an answer."""

    __tablename__ = "draft_end_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    procedure_key: Mapped[str] = mapped_column(Text, primary_key=True)
    step_id: Mapped[str] = mapped_column(Text, primary_key=True, doc="empty: every page was sent")
    field_id: Mapped[str] = mapped_column(Text, primary_key=True, doc="empty: each required question had an answer")
    n: Mapped[int]


class FigureState(CityBase):
    """How far the figures go: one row, under whose lock they are counted."""

    __tablename__ = "figure_state"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    counted_until: Mapped[date] = mapped_column(doc="the first day of which nothing is counted yet")
