"""The desk's list in one statement, at any depth: pages go forward from a mark, along an index that has the list's own order."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from geoalchemy2.functions import ST_X, ST_Y, ST_MakeEnvelope, ST_PointOnSurface
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    and_,
    any_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session

from geo import CaseFilter
from geo.filters import OPEN_STATUSES
from portal.cases.models import CaseFile, CasePlace
from portal.cases.rules import bigrams
from portal.core.access import StaffIdentity
from portal.desk.listing import Listing, mark_after
from portal.identity.models import Staff

PAGE = 50
_NUMBER = re.compile(r"\w-\d{4}-\d{5}")
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
    assignee: str | None
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class Page:
    """A page of the list and the mark of the next one."""

    rows: Sequence[Row]
    next_mark: str | None


def case_list(session: Session, wanted: Listing) -> Page:
    """One page.

    Plans: `due` walks `ix_case_file_open_all_due`, `new` walks `ix_case_file_newest`, words start from the GIN index
    `ix_case_file_search`; places and names are joined for the fifty rows alone.
    """
    query = _rows(wanted)
    if wanted.order == "due":
        query = query.order_by(CaseFile.due_on, CaseFile.id)
        if wanted.after:
            query = query.where(tuple_(CaseFile.due_on, CaseFile.id) > tuple_(*wanted.after))
    else:
        query = query.order_by(CaseFile.submitted_at.desc(), CaseFile.id.desc())
        if wanted.after:
            query = query.where(tuple_(CaseFile.submitted_at, CaseFile.id) < tuple_(*wanted.after))
    page = query.limit(PAGE + 1).subquery("page")
    place = (
        select(
            ST_X(ST_PointOnSurface(CasePlace.geom)).label("lon"), ST_Y(ST_PointOnSurface(CasePlace.geom)).label("lat")
        )
        .where(CasePlace.case_id == page.c.id)
        .order_by(CasePlace.id)
        .limit(1)
        .lateral("place")
    )
    joined = (
        select(
            page.c.id,
            page.c.number,
            page.c.title,
            page.c.applicant_name,
            page.c.place_label,
            page.c.status,
            page.c.due_on,
            page.c.submitted_at,
            page.c.closed_at,
            page.c.unread,
            Staff.name,
            place.c.lon,
            place.c.lat,
        )
        .outerjoin(Staff, Staff.id == page.c.assignee_id)
        .outerjoin(place, true())
    )
    ordered = (
        joined.order_by(page.c.due_on, page.c.id)
        if wanted.order == "due"
        else joined.order_by(page.c.submitted_at.desc(), page.c.id.desc())
    )
    found: Sequence[Any] = session.execute(ordered).all()
    rows = [Row(*row) for row in found]
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    last = rows[-1] if rows else None
    at = (last.due_on if wanted.order == "due" else last.submitted_at) if last else None
    return Page(rows, mark_after(at, last.id) if more and last and at else None)


def counts(session: Session, wanted: Listing, staff: StaffIdentity) -> dict[str, int]:
    """How many cases each tab of the list holds, in one statement; never more than `COUNTED_UP_TO` each.

    Plan: for each tab a scan of at most that many rows of `ix_case_file_assignee` or `ix_case_file_open_all_due`.
    """
    values = {"staff": staff.id, "today": wanted.filter.today, "departments": sorted(wanted.filter.departments)}
    return dict(session.execute(_counts(), values).one()._mapping)


@cache
def _counts() -> Select[Any]:
    """Kept, because putting it together takes longer than carrying it out."""
    allowed = CaseFile.department_id == any_(bindparam("departments", type_=ARRAY(BigInteger)))
    views: dict[str, ColumnElement[bool]] = {
        "mine": CaseFile.assignee_id == bindparam("staff"),
        "unassigned": CaseFile.assignee_id.is_(None),
        "late": CaseFile.due_on < bindparam("today"),
        "all": true(),
    }
    counted = (
        select(literal_column("1")).select_from(CaseFile).where(is_open(), allowed, one).limit(COUNTED_UP_TO).subquery()
        for one in views.values()
    )
    columns = (select(func.count()).select_from(rows).scalar_subquery() for rows in counted)
    return select(*(column.label(name) for name, column in zip(views, columns, strict=True)))


def is_open() -> ColumnElement[bool]:
    """Not closed: the words that the partial indexes of open cases are made with."""
    return CaseFile.closed_at.is_(None)


def _rows(wanted: Listing) -> Select[Any]:
    columns = (
        CaseFile.id,
        CaseFile.number,
        CaseFile.title,
        CaseFile.applicant_name,
        CaseFile.place_label,
        CaseFile.status,
        CaseFile.due_on,
        CaseFile.submitted_at,
        CaseFile.closed_at,
        CaseFile.unread,
        CaseFile.assignee_id,
    )
    query: Select[Any] = select(*columns)  # type: ignore[assignment]  # eleven columns are more than the stubs count
    return query.where(*conditions(wanted.filter), *_found(wanted))


def conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """The filter that map tiles answer on `case_place`, on `case_file`."""
    found: list[ColumnElement[bool]] = [CaseFile.department_id.in_(sorted(wanted.departments))]
    if wanted.statuses and wanted.statuses <= set(OPEN_STATUSES):
        found.append(is_open())
    if wanted.statuses and wanted.statuses != set(OPEN_STATUSES):
        found.append(CaseFile.status.in_(sorted(wanted.statuses)))
    if wanted.procedures:
        found.append(CaseFile.procedure_key.in_(sorted(wanted.procedures)))
    if wanted.unassigned:
        found.append(CaseFile.assignee_id.is_(None))
    elif wanted.assignee_id is not None:
        found.append(CaseFile.assignee_id == wanted.assignee_id)
    if wanted.late:
        found.append(and_(is_open(), CaseFile.due_on < wanted.today))
    first, last = wanted.period
    if first or last:
        used = [CasePlace.case_id == CaseFile.id, CasePlace.starts_on.is_not(None)]
        if first:
            used.append(or_(CasePlace.ends_on.is_(None), CasePlace.ends_on >= first))
        if last:
            used.append(CasePlace.starts_on <= last)
        found.append(exists().where(*used))
    return found


def ids_found(session: Session, wanted: Listing) -> CaseFilter:
    """The filter for the map: words are looked up in the list's index first, so that both show the same cases."""
    if not wanted.words:
        return wanted.filter
    query = select(CaseFile.id).where(*conditions(wanted.filter), *_found(wanted)).limit(COUNTED_UP_TO)
    return replace(wanted.filter, case_ids=frozenset(session.scalars(query)))


def _found(wanted: Listing) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.words:
        found += _by_words(unicodedata.normalize("NFKC", wanted.words))
    if wanted.bbox:
        box = ST_MakeEnvelope(*wanted.bbox, 4326)
        found.append(exists().where(CasePlace.case_id == CaseFile.id, CasePlace.geom.op("&&")(box)))
    return found


def _by_words(words: str) -> list[ColumnElement[bool]]:
    """Every pair of characters, by the GIN index; figures, whose pairs repeat (00050 has those of 00005), are read once more."""
    if _NUMBER.fullmatch(words):
        return [CaseFile.number == words]
    pairs = bigrams([words])
    found = [CaseFile.search_bigrams.contains(pairs) if pairs else CaseFile.number == words]
    if words.isdigit():
        found.append(or_(CaseFile.number.contains(words), CaseFile.place_label.contains(words)))
    return found
