"""A list of cases in one statement, at any depth: pages go forward from a mark, along an index that has the list's own order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Label,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    bindparam,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.orm import Session

from common.status import OPEN_STATUSES
from portal.cases.case_filter import CaseFilter
from portal.cases.case_list_conditions import after_mark, conditions, in_departments, is_open, parameters
from portal.cases.case_list_query import CaseListQuery
from portal.cases.case_news import news_mark
from portal.cases.case_orders import ORDERS, Mark
from portal.cases.models import Case, CasePlace
from portal.identity import staff_name

PAGE_SIZE = 50
MAX_COUNT = 1000
"""Counts stop here: beyond it the exact number helps nobody, and counting on would cost more than the list."""


@dataclass(frozen=True)
class CaseRow:
    """One line of the list."""

    id: int
    number: str
    title: str
    applicant_name: str
    co_applicants: int
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
class CasePage:
    """A page of the list, and the mark from which the next one goes on; None on the last."""

    rows: list[CaseRow]
    next_mark: Mark | None


def list_cases(session: Session, query: CaseListQuery) -> CasePage:
    """Return one page.

    Plans: `due` walks `ix_case_file_open_all_due` or `ix_case_file_open_due`, `new` walks `ix_case_file_newest` or
    `ix_case_file_department_newest`, the other orders of open cases walk those of `order_indexes`, but for `place`, which sorts what passes;
    a search starts from the GIN index `ix_case_file_search`. Places and names are joined for the fifty rows alone.
    """
    records: Sequence[Any] = session.execute(_page_statement(query.shape()), parameters(query)).all()
    marks = len(ORDERS[query.order].types)
    rows = [CaseRow(*row[marks:]) for row in records[:PAGE_SIZE]]
    if query.limited:
        rows = [_visible_row(row, query) for row in rows]
    more = len(records) > PAGE_SIZE
    return CasePage(rows, (*records[PAGE_SIZE - 1][:marks], rows[-1].id) if more else None)


def _visible_row(row: CaseRow, query: CaseListQuery) -> CaseRow:
    """A line without the place for those who do not see it; without a drawn place the label is the applicant's address."""
    if row.department_id in query.readable or (row.lon is not None and row.department_id in query.with_places):
        return row
    return replace(row, place_label="", lon=None, lat=None)


_COLUMNS: tuple[Any, ...] = (
    Case.id,
    Case.number,
    Case.title,
    Case.applicant_name,
    Case.co_applicants,
    Case.place_label,
    Case.status,
    Case.due_on,
    Case.submitted_at,
    Case.closed_at,
    Case.unread,
    Case.department_id,
)
"""The columns of the table that a line shows, in the order of `CaseRow`."""


@lru_cache(maxsize=500)
def _page_statement(shape: CaseListQuery) -> Select[Any]:
    """Cached, because building it takes longer than running it."""
    order = ORDERS[shape.order]
    marks: list[Label[Any]] = [column.label(f"mark_{number}") for number, column in enumerate(order.columns())]
    query: Select[Any] = select(*marks, *_COLUMNS, Case.assignee_id)
    query = query.where(*conditions(shape), *([after_mark(shape)] if shape.after else ()))
    page = query.order_by(*case_order(shape)).limit(PAGE_SIZE + 1).subquery("page")
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
        select(*shown, staff_name(page.c.assignee_id), place.c.lon, place.c.lat)
        .select_from(page)
        .outerjoin(place, true())
    )
    return joined.order_by(*order.by(tuple(page.c[mark.name] for mark in marks), page.c.id))


def case_row(session: Session, case_id: int, list_query: CaseListQuery) -> CaseRow:
    """Return one case as a line of the list, whatever the filter."""
    spot = func.ST_PointOnSurface(CasePlace.geom)
    place = select(func.ST_X(spot).label("lon"), func.ST_Y(spot).label("lat"))
    place_of_case = place.where(CasePlace.case_id == Case.id).order_by(CasePlace.id).limit(1).lateral("place")
    query: Select[Any] = (
        select(*_COLUMNS, staff_name(Case.assignee_id), place_of_case.c.lon, place_of_case.c.lat)
        .select_from(Case)
        .outerjoin(place_of_case, true())
        .where(Case.id == case_id)
    )
    return _visible_row(CaseRow(*session.execute(query).one()), list_query)


def case_order(shape: CaseListQuery) -> tuple[SQLColumnExpression[Any], ...]:
    """The order of the list."""
    order = ORDERS[shape.order]
    return order.by(order.columns(), Case.id)


def case_rows(session: Session, case_ids: Sequence[int], list_query: CaseListQuery) -> list[CaseRow]:
    """Return these cases as lines of a list on paper, in this order and as far as this person sees them; without where they are."""
    nowhere: tuple[ColumnElement[Any], ...] = (literal_column("NULL::float8"), literal_column("NULL::float8"))
    has_place = select(CasePlace.id).where(CasePlace.case_id == Case.id).exists()
    query: Select[Any] = select(*_COLUMNS, staff_name(Case.assignee_id), *nowhere, has_place)
    query = query.where(Case.id.in_(case_ids), Case.department_id.in_(list_query.filter.departments))
    order = {case_id: place for place, case_id in enumerate(case_ids)}
    rows = []
    for *columns, placed in session.execute(query):
        row = CaseRow(*columns)
        sees = row.department_id in list_query.readable or (placed and row.department_id in list_query.with_places)
        rows.append(row if sees else replace(row, place_label=""))
    return sorted(rows, key=lambda row: order[row.id])


def view_counts(session: Session, query: CaseListQuery, staff_id: int, absent: Collection[int] = ()) -> dict[str, int]:
    """Return how many cases of the list are this person's, unassigned, late and all, in one statement; never more than `MAX_COUNT` each.

    `for-` and an id is how many somebody has who is `absent`, one statement each. `news_mark` is no count but the event up to which a list
    that is read afterwards knows everything (`case_news`).
    They are of open cases: a list that shows closed ones too has no such counts. `overdue` is of all departments, whatever the filter.
    Plan: for each tab a scan of at most that many rows of `ix_case_file_assignee` or `ix_case_file_open_due`, inside the index,
    as long as nothing but the department is asked; with a filter, one look at the open cases that pass it.
    """
    shape = replace(query, filter=_any_view(query.filter), after=None).shape()
    row = session.execute(_counts(shape), parameters(query) | {"staff": staff_id}).one()
    counts = dict(row._mapping)
    if shape.only_open:
        for absent_id in absent:
            desk = replace(query, filter=replace(_any_view(query.filter), assignee_id=absent_id))
            counts[f"for-{absent_id}"] = count_cases(session, desk)
    return counts


def count_cases(session: Session, query: CaseListQuery) -> int:
    """Return how many cases the list has, never more than `MAX_COUNT`."""
    return int(session.execute(_count(replace(query, after=None).shape()), parameters(query)).scalar_one())


@lru_cache(maxsize=500)
def _count(shape: CaseListQuery) -> Select[Any]:
    """Cached for the same reason."""
    return select(_capped(select(literal_column("1")).select_from(Case).where(*conditions(shape))))


def _any_view(case_filter: CaseFilter) -> CaseFilter:
    return replace(case_filter, assignee_id=None, unassigned=False, late=False)


@lru_cache(maxsize=500)
def _counts(shape: CaseListQuery) -> Select[Any]:
    """Cached for the same reason."""
    today = bindparam("today", type_=Date)
    counted = {"overdue": _capped(select(literal_column("1")).where(is_open(), in_departments(), Case.due_on < today))}
    if shape.only_open:
        # Looked for once; but while nothing is asked, each tab stops early inside an index of its own.
        plain = shape.filter.statuses == set(OPEN_STATUSES) and len(conditions(shape)) == 2
        matching = select(Case.assignee_id, Case.due_on).where(*conditions(shape)).cte("matching")
        matching = matching.prefix_with("NOT MATERIALIZED" if plain else "MATERIALIZED", dialect="postgresql")
        views: dict[str, ColumnElement[bool]] = {
            "mine": matching.c.assignee_id == bindparam("staff"),
            "unassigned": matching.c.assignee_id.is_(None),
            "late": matching.c.due_on < today,
            "all": true(),
        }
        rows: Select[Any] = select(literal_column("1")).select_from(matching)
        counted |= {name: _capped(rows.where(condition)) for name, condition in views.items()}
    columns: list[ColumnElement[Any]] = [count.label(name) for name, count in counted.items()]
    return select(*columns, news_mark().label("news_mark"))


def _capped(rows: Select[Any]) -> ScalarSelect[int]:
    return select(func.count()).select_from(rows.limit(MAX_COUNT).subquery()).scalar_subquery()


def map_filter(session: Session, query: CaseListQuery) -> CaseFilter:
    """Return the filter for the map. A text is looked up in the list's index first, so that both show the same cases."""
    if not query.text:
        return query.filter
    query = replace(query, bbox=None, after=None)
    ids = select(Case.id).where(*conditions(query.shape())).limit(MAX_COUNT)
    return replace(query.filter, case_ids=frozenset(session.scalars(ids, parameters(query))))
