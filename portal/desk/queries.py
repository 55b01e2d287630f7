"""The desk's list in one statement, at any depth: pages go forward from a mark, along an index that has the list's own order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, ScalarSelect, Select, bindparam, func, literal_column, select, true
from sqlalchemy.orm import Session

from common.status import OPEN_STATUSES
from portal.cases.case_filter import CaseFilter
from portal.cases.models import Case, CasePlace
from portal.core.access import StaffIdentity
from portal.desk.conditions import after_mark, conditions, filter_shape, in_departments, is_open, parameters
from portal.desk.listing import Listing, mark_after
from portal.identity.models import Staff

PAGE = 50
COUNTED_UP_TO = 1000
"""Counts stop here: beyond it the exact number helps nobody, and counting on would cost more than the list."""


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    id: int
    number: str
    title: str
    applicant_name: str
    place_label: str
    status: str
    due_on: date
    submitted_at: datetime
    closed_at: datetime | None
    unread: bool
    department_id: int
    assignee: str | None
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class Page:
    """A page of the list and the mark of the next one."""

    rows: list[Row]
    next_mark: str | None


def case_list(session: Session, wanted: Listing) -> Page:
    """One page.

    Plans: `due` walks `ix_case_file_open_all_due` or `ix_case_file_open_due`, `new` walks `ix_case_file_newest` or
    `ix_case_file_department_newest`, words start from the GIN index `ix_case_file_search`; places and names are joined
    for the fifty rows alone.
    """
    found: Sequence[Any] = session.execute(_page_statement(filter_shape(wanted)), parameters(wanted)).all()
    rows = [Row(*row) for row in found]
    if wanted.limited:
        rows = [_as_seen(row, wanted) for row in rows]
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    last = rows[-1] if rows else None
    at = (last.due_on if wanted.order == "due" else last.submitted_at) if last else None
    return Page(rows, mark_after(at, last.id) if more and last and at else None)


def _as_seen(row: Row, wanted: Listing) -> Row:
    """A line without the place for those who do not see it; without a drawn place the label is the applicant's address."""
    if row.department_id in wanted.readable or (row.lon is not None and row.department_id in wanted.with_places):
        return row
    return replace(row, place_label="", lon=None, lat=None)


_COLUMNS: tuple[Any, ...] = (
    Case.id,
    Case.number,
    Case.title,
    Case.applicant_name,
    Case.place_label,
    Case.status,
    Case.due_on,
    Case.submitted_at,
    Case.closed_at,
    Case.unread,
    Case.department_id,
)
"""The columns of the table that a line shows, in the order of `Row`."""


@lru_cache(maxsize=500)
def _page_statement(shape: Listing) -> Select[Any]:
    """Kept, because putting it together takes longer than carrying it out."""
    query: Select[Any] = select(*_COLUMNS, Case.assignee_id)
    query = query.where(*conditions(shape), *([after_mark(shape)] if shape.after else ()))
    page = query.order_by(*_order(shape, Case)).limit(PAGE + 1).subquery("page")
    spot = func.ST_PointOnSurface(CasePlace.geom)
    place = (
        select(func.ST_X(spot).label("lon"), func.ST_Y(spot).label("lat"))
        .where(CasePlace.case_id == page.c.id)
        .order_by(CasePlace.id)
        .limit(1)
        .lateral("place")
    )
    shown = [column for column in page.c if column.name != "assignee_id"]
    joined = (
        select(*shown, Staff.name, place.c.lon, place.c.lat)
        .outerjoin(Staff, Staff.id == page.c.assignee_id)
        .outerjoin(place, true())
    )
    return joined.order_by(*_order(shape, page.c))


def case_row(session: Session, case_id: int, listing: Listing) -> Row:
    """One case as a line of the list: the one that stands in the drawer, whatever the filter."""
    spot = func.ST_PointOnSurface(CasePlace.geom)
    place = select(func.ST_X(spot).label("lon"), func.ST_Y(spot).label("lat"))
    place_of_case = place.where(CasePlace.case_id == Case.id).order_by(CasePlace.id).limit(1).lateral("place")
    query: Select[Any] = (
        select(*_COLUMNS, Staff.name, place_of_case.c.lon, place_of_case.c.lat)
        .outerjoin(Staff, Staff.id == Case.assignee_id)
        .outerjoin(place_of_case, true())
        .where(Case.id == case_id)
    )
    return _as_seen(Row(*session.execute(query).one()), listing)


def _order(shape: Listing, rows: Any) -> tuple[ColumnElement[Any], ...]:
    """The order of the list on the table, or again on the fifty rows taken from it."""
    return (rows.due_on, rows.id) if shape.order == "due" else (rows.submitted_at.desc(), rows.id.desc())


def counts(session: Session, wanted: Listing, staff: StaffIdentity) -> dict[str, int]:
    """How many cases each tab would hold under the other filters, in one statement; never more than `COUNTED_UP_TO` each.

    They are of open cases: a list that shows closed ones too has no such counts. `overdue` is of the whole desk, whatever the filter.
    Plan: for each tab a scan of at most that many rows of `ix_case_file_assignee` or `ix_case_file_open_due`, inside the index,
    as long as nothing but the department is asked; with a filter, one look at the open cases that pass it.
    """
    shape = filter_shape(replace(wanted, filter=_any_view(wanted.filter), after=None))
    row = session.execute(_counts(shape), parameters(wanted) | {"staff": staff.id}).one()
    return dict(row._mapping)


def _any_view(wanted: CaseFilter) -> CaseFilter:
    return replace(wanted, assignee_id=None, unassigned=False, late=False)


@lru_cache(maxsize=500)
def _counts(shape: Listing) -> Select[Any]:
    """Kept for the same reason."""
    today = bindparam("today", type_=Date)
    counted = {"overdue": _capped(select(literal_column("1")).where(is_open(), in_departments(), Case.due_on < today))}
    if shape.only_open:
        # Looked for once; but while nothing is asked, each tab stops early inside an index of its own.
        plain = shape.filter.statuses == set(OPEN_STATUSES) and len(conditions(shape)) == 2
        found = select(Case.assignee_id, Case.due_on).where(*conditions(shape)).cte("found")
        found = found.prefix_with("NOT MATERIALIZED" if plain else "MATERIALIZED", dialect="postgresql")
        views: dict[str, ColumnElement[bool]] = {
            "mine": found.c.assignee_id == bindparam("staff"),
            "unassigned": found.c.assignee_id.is_(None),
            "late": found.c.due_on < today,
            "all": true(),
        }
        of_found: Select[Any] = select(literal_column("1")).select_from(found)
        counted |= {name: _capped(of_found.where(one)) for name, one in views.items()}
    columns: list[ColumnElement[Any]] = [count.label(name) for name, count in counted.items()]
    return select(*columns)


def _capped(rows: Select[Any]) -> ScalarSelect[int]:
    return select(func.count()).select_from(rows.limit(COUNTED_UP_TO).subquery()).scalar_subquery()


def ids_found(session: Session, wanted: Listing) -> CaseFilter:
    """The filter for the map: words are looked up in the list's index first, so that both show the same cases."""
    if not wanted.words:
        return wanted.filter
    wanted = wanted.whole_map
    query = select(Case.id).where(*conditions(filter_shape(wanted))).limit(COUNTED_UP_TO)
    return replace(wanted.filter, case_ids=frozenset(session.scalars(query, parameters(wanted))))
