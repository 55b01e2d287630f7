"""What a clerk asked to see, as conditions on `case_place`: one meaning for list, map tiles and exports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, case, cast, func, literal_column, select
from sqlalchemy.sql import any_, bindparam
from sqlalchemy.types import ARRAY, BigInteger, Date, DateTime, Text

from common.status import OPEN_STATUSES, STATUSES
from geo.tables import case_place

Moment = TypeVar("Moment", date, datetime)
Ring = tuple[tuple[float, float], ...]
"""Corners as (lon, lat), the first not repeated; the sides may cross."""


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """The filter of the desk. An empty value means "any"; all that is given must hold.

    Departments are the exception, because they are a right and not a wish: without one nothing is seen, and a look
    across all of them has to be asked for (`any_department`).
    `assignee_id` and `unassigned` exclude each other. `period` keeps places with a day in it (both ends included, see
    `first_day`), `area` those that touch the ground inside its corners. `submitted` is a half-open span of aware times.
    `late` keeps open cases whose due day lies before `today`, which is always needed because tiles also count late cases.
    `case_ids` keeps these cases alone (those found by words, for example); None stands for any.
    """

    today: date
    statuses: frozenset[str] = frozenset()
    procedures: frozenset[str] = frozenset()
    departments: frozenset[int] = frozenset()
    any_department: bool = False
    assignee_id: int | None = None
    unassigned: bool = False
    late: bool = False
    period: tuple[date | None, date | None] = (None, None)
    area: Ring | None = None
    submitted: tuple[datetime | None, datetime | None] = (None, None)
    case_ids: frozenset[int] | None = None

    def __post_init__(self) -> None:
        unknown = self.statuses - set(STATUSES)
        if unknown:
            raise ValueError(f"unknown status: {', '.join(sorted(unknown))}")
        if self.unassigned and self.assignee_id is not None:
            raise ValueError("a place cannot be unassigned and assigned at once")
        if self.any_department and self.departments:
            raise ValueError("either some departments or any")

    @property
    def open_only(self) -> bool:
        """Whether no closed case can pass, so that the index of open places is enough."""
        return self.late or (bool(self.statuses) and self.statuses <= set(OPEN_STATUSES))

    def values(self) -> dict[str, object]:
        """The value of every parameter that `conditions` may name."""
        return {
            "today": self.today,
            "statuses": sorted(self.statuses),
            "procedures": sorted(self.procedures),
            "departments": sorted(self.departments),
            "assignee_id": self.assignee_id,
            "period_first": self.period[0],
            "period_last": self.period[1],
            "area": _wkt(self.area) if self.area else None,
            "submitted_since": self.submitted[0],
            "submitted_until": self.submitted[1],
            "case_ids": sorted(self.case_ids or ()),
        }

    def outline(self) -> "CaseFilter":
        """A filter with the same conditions and none of the values: the key under which a statement is kept."""
        statuses = frozenset({"new" if self.open_only else "ok"}) if self.statuses else self.statuses
        return CaseFilter(
            today=date.min,
            statuses=self.statuses if self.statuses == set(OPEN_STATUSES) else statuses,
            procedures=frozenset({""} if self.procedures else ()),
            any_department=self.any_department,
            assignee_id=None if self.assignee_id is None else 0,
            unassigned=self.unassigned,
            late=self.late,
            period=_outline(self.period, date.min),
            area=None if self.area is None else _SOMEWHERE,
            submitted=_outline(self.submitted, datetime.min.replace(tzinfo=UTC)),
            case_ids=None if self.case_ids is None else frozenset(),
        )


_SOMEWHERE: Ring = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))


def _wkt(ring: Ring) -> str:
    return f"POLYGON(({', '.join(f'{lon} {lat}' for lon, lat in (*ring, ring[0]))}))"


def _outline(span: tuple[Moment | None, Moment | None], some: Moment) -> tuple[Moment | None, Moment | None]:
    return (None if span[0] is None else some, None if span[1] is None else some)


def open_place(place: Any = case_place.c) -> ColumnElement[bool]:
    """Of an open case. Literals, not parameters: only so does the planner know that the partial index of open places applies."""
    return and_(place.status.in_([literal_column(f"'{status}'") for status in OPEN_STATUSES]))


def is_late(today: date) -> ColumnElement[bool]:
    """Open and past its due day."""
    return and_(open_place(), case_place.c.due_on < bindparam("today", today, Date))


def conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """The filter as SQL conditions with bound values; only the list of open statuses stands in the text itself."""
    place = case_place.c
    found: list[ColumnElement[bool]] = []
    if wanted.open_only:
        found.append(open_place())
    if wanted.statuses and wanted.statuses != set(OPEN_STATUSES):
        found.append(place.status == any_(_array("statuses", sorted(wanted.statuses), Text())))
    if wanted.procedures:
        found.append(place.procedure_key == any_(_array("procedures", sorted(wanted.procedures), Text())))
    if not wanted.any_department:
        found.append(place.department_id == any_(_array("departments", sorted(wanted.departments), BigInteger())))
    if wanted.unassigned:
        found.append(place.assignee_id.is_(None))
    elif wanted.assignee_id is not None:
        found.append(place.assignee_id == bindparam("assignee_id", wanted.assignee_id, BigInteger))
    if wanted.late:
        found.append(is_late(wanted.today))
    if wanted.case_ids is not None:
        found.append(place.case_id == any_(_array("case_ids", sorted(wanted.case_ids), BigInteger())))
    return found + in_period(wanted) + in_area(wanted) + _submitted(wanted)


def in_period(wanted: CaseFilter, row: Any = case_place.c) -> list[ColumnElement[bool]]:
    """The days of the filter. `row` is a table's columns or a model: places, or whatever else has first and last days."""
    first, last = wanted.period
    found: list[ColumnElement[bool]] = []
    if first is not None:
        found.append(last_day(row) >= bindparam("period_first", first, Date))
    if last is not None:
        found.append(first_day(row) <= bindparam("period_last", last, Date))
    return found


def in_area(wanted: CaseFilter, place: Any = case_place.c) -> list[ColumnElement[bool]]:
    """The ground of the filter, for places."""
    if wanted.area is None:
        return []
    # A query of its own is carried out once; as a plain expression a kept plan would read the text for every row.
    text_of_area = bindparam("area", _wkt(wanted.area), Text)
    drawn = select(func.ST_MakeValid(func.ST_GeomFromText(text_of_area, literal_column("4326"))))
    return [func.ST_Intersects(place.geom, drawn.scalar_subquery())]


def first_day(row: Any) -> ColumnElement[date]:
    """The first day of a place or a case: of its use, or, where no use was asked for, the day on which the case came in."""
    return func.coalesce(row.starts_on, _received(row))


def last_day(row: Any) -> ColumnElement[date]:
    """The last day of a place or a case. A use without an end goes on for ever."""
    used = func.coalesce(row.ends_on, literal_column("'infinity'::date"))
    return case((row.starts_on.is_(None), _received(row)), else_=used)


def _received(row: Any) -> ColumnElement[date]:
    """The city's day on which the case came in."""
    return cast(func.timezone(literal_column("'Asia/Tokyo'"), row.submitted_at), Date)


def _submitted(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    since, until = wanted.submitted
    place = case_place.c
    found: list[ColumnElement[bool]] = []
    if since is not None:
        found.append(place.submitted_at >= bindparam("submitted_since", since, DateTime(timezone=True)))
    if until is not None:
        found.append(place.submitted_at < bindparam("submitted_until", until, DateTime(timezone=True)))
    return found


def _array(name: str, values: Iterable[object], kind: Text | BigInteger) -> ColumnElement[object]:
    """One array parameter, so that the statement's text does not change with the number of values."""
    return bindparam(name, list(values), ARRAY(kind))
