"""Figures for the dashboard: kept counts of days that are over and what came since, in one statement each.

Costs days times procedures of the period, not cases. Plans: ranges of the primary keys of the counts, which begin with the day; since
midnight `ix_case_file_newest` and `ix_case_file_closed`; what is late from `ix_case_file_open_due`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

from sqlalchemy import ColumnElement, Date, Integer, Select, cast, func, literal_column, select, tuple_, union_all
from sqlalchemy.orm import Session

from portal.cases.channels import ONLINE
from portal.cases.figure_counting import arrivals, closings, overdue
from portal.cases.figure_models import (
    CaseArrivalCount,
    CaseClosingCount,
    CaseOverdueCount,
    DraftEndCount,
    FigureState,
)
from portal.cases.models import Case
from portal.core.clock import TOKYO

Step = Literal["day", "week", "month"]


@dataclass(frozen=True)
class Figures:
    """Which figures: of these departments, of one procedure or of all (empty), from `begin` until `end`, both included."""

    departments: frozenset[int]
    procedure: str
    begin: date
    end: date
    step: Step
    counted_until: date
    """The first day that no count has."""


def counted_until(session: Session) -> date:
    """The first day of which nothing is counted yet."""
    return session.scalar(select(FigureState.counted_until)) or date.min


@dataclass(frozen=True)
class Arrivals:
    """How many arrived: in each step of time, by department and by procedure; of all and of those that came online."""

    by_time: dict[date, tuple[int, int]]
    by_department: dict[int, tuple[int, int]]
    by_procedure: dict[str, tuple[int, int]]

    @property
    def total(self) -> tuple[int, int]:
        """All, and those online."""
        return sum(n for n, _online in self.by_time.values()), sum(online for _n, online in self.by_time.values())


@dataclass(frozen=True)
class Closings:
    """How many were closed, and how many of them too late: in each step of time, by days that they took, by department and procedure."""

    by_time: dict[date, tuple[int, int]]
    by_days: dict[int, tuple[int, int]]
    by_department: dict[int, tuple[int, int]]
    by_procedure: dict[str, tuple[int, int]]

    @property
    def total(self) -> tuple[int, int]:
        """All, and those too late."""
        return sum(n for n, _late in self.by_days.values()), sum(late for _n, late in self.by_days.values())

    @property
    def median(self) -> int | None:
        """Within how many days half of them were done; None without any."""
        half, done = self.total[0] / 2, 0
        for days in sorted(self.by_days):
            done += self.by_days[days][0]
            if done >= half:
                return days
        return None


def read_arrivals(session: Session, which: Figures) -> Arrivals:
    """What arrived; one statement."""
    names = ("day", "procedure_key", "department_id", "channel")
    rows = _both(CaseArrivalCount, names, arrivals(*_later(Case.submitted_at, which)), which)
    keys = (rows.c.department_id, rows.c.procedure_key)
    by_time, by_department, by_procedure = _sums(session, rows, rows.c.channel == ONLINE, keys, which)
    return Arrivals(by_time, by_department, by_procedure)


def read_closings(session: Session, which: Figures) -> Closings:
    """What was closed; one statement."""
    names = ("day", "procedure_key", "department_id", "days", "late")
    rows = _both(CaseClosingCount, names, closings(*_later(Case.closed_at, which)), which)
    keys = (rows.c.days, rows.c.department_id, rows.c.procedure_key)
    by_time, by_days, by_department, by_procedure = _sums(session, rows, rows.c.late, keys, which)
    return Closings(by_time, by_days, by_department, by_procedure)


def count_arrivals(session: Session, which: Figures) -> int:
    """How many arrived in a period that is over, such as the same days of the year before."""
    return (
        session.scalar(select(func.coalesce(func.sum(CaseArrivalCount.n), 0)).where(*_of(CaseArrivalCount, which))) or 0
    )


def overdue_now(session: Session, which: Figures) -> dict[int, int]:
    """How many open cases are past their due day at this moment, by department."""
    late = overdue(*_cases(which)).subquery("late")
    rows = session.execute(
        select(late.c.department_id, cast(func.sum(late.c.n), Integer).label("n")).group_by(late.c.department_id)
    )
    return {row.department_id: row.n for row in rows}


def overdue_before(session: Session, which: Figures) -> dict[date, int]:
    """How many there were as each day of the period began, as far as that was counted."""
    count = CaseOverdueCount
    rows = (
        select(count.day, cast(func.sum(count.n), Integer).label("n"))
        .where(*_of(count, which))
        .group_by(count.day)
        .order_by(count.day)
    )
    return {row.day: row.n for row in session.execute(rows)}


def ends_of_drafts(session: Session, which: Figures, procedures: Collection[str]) -> dict[tuple[str, str, str], int]:
    """How many drafts of these procedures ended without being sent, by procedure, page and question."""
    ends = DraftEndCount
    key = (ends.procedure_key, ends.step_id, ends.field_id)
    in_question = (ends.day.between(which.begin, which.end), ends.procedure_key.in_(sorted(procedures)))
    rows = session.execute(select(*key, cast(func.sum(ends.n), Integer)).where(*in_question).group_by(*key))
    return {(procedure, step, field): number for procedure, step, field, number in rows}


def _of(count: Any, which: Figures) -> list[ColumnElement[bool]]:
    conditions = [count.day.between(which.begin, which.end), count.department_id.in_(sorted(which.departments))]
    return conditions + ([count.procedure_key == which.procedure] if which.procedure else [])


def _cases(which: Figures) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Case.department_id.in_(sorted(which.departments))]
    return conditions + ([Case.procedure_key == which.procedure] if which.procedure else [])


def _later(moment: Any, which: Figures) -> list[ColumnElement[bool]]:
    """The conditions on cases of days that no count has."""
    return [moment >= datetime.combine(which.counted_until, time(), TOKYO), *_cases(which)]


def _both(kept: Any, names: tuple[str, ...], later: Select[Any], which: Figures) -> Any:
    counted = select(*(getattr(kept, name) for name in names), kept.n).where(*_of(kept, which))
    return (counted if which.end < which.counted_until else union_all(counted, later)).subquery("counted")


def _sums(
    session: Session, rows: Any, special: ColumnElement[bool], keys: tuple[ColumnElement[Any], ...], which: Figures
) -> list[dict[Any, tuple[int, int]]]:
    """The rows added up by time and by each of the keys, in one pass: all of them, and the special ones."""
    when = cast(func.date_trunc(literal_column(f"'{which.step}'"), rows.c.day), Date)
    columns = (when, *keys)
    sums = (cast(func.sum(rows.c.n), Integer), cast(func.coalesce(func.sum(rows.c.n).filter(special), 0), Integer))
    query = (
        select(func.grouping(*columns), *columns, *sums)
        .where(rows.c.day.between(which.begin, which.end))
        .group_by(func.grouping_sets(*(tuple_(column) for column in columns)))
    )
    sums_by_column: list[dict[Any, tuple[int, int]]] = [{} for _column in columns]
    for left_out, *values, number, number_special in session.execute(query):
        place = next(place for place in range(len(columns)) if not left_out & 1 << len(columns) - 1 - place)
        sums_by_column[place][values[place]] = (number, number_special)
    return sums_by_column
