"""How many cases of a list begin and end on each day."""

from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from common.status import OPEN_STATUSES
from geo.tiles import constant
from portal.cases.case_filter import CaseFilter, first_day, last_day
from portal.cases.case_list_conditions import conditions, parameters
from portal.cases.case_list_query import CaseListQuery
from portal.cases.count_models import CaseDayChange, CaseDayCount
from portal.cases.models import Case

Days = dict[date, int]
"""Numbers of cases by day."""


def count_days(session: Session, query: CaseListQuery, *, earliest: date, latest: date) -> tuple[Days, Days]:
    """Return how many cases have their first day and how many their last on each day, in one statement.

    Days before `earliest` and after `latest` count as these. Plan: kept counts (`count_models`) where the filter allows it, a range of
    pk_case_day_count for each department and status. Otherwise, of every status, Index Only Scan on `ix_case_file_department_newest`, which
    holds all columns of the filter; of open cases the rows that the partial indexes name; then pairs of days are hashed and added up by
    each. A drawn area starts from the index of places.
    """
    counted = query.filter.counted and not query.text and query.bbox is None
    statement = _counted(query.filter.shape()) if counted else _statement(query.shape())
    rows = session.execute(statement, parameters(query) | {"earliest": earliest, "latest": latest}).all()
    begins = {day: begun for day, begun, _ended in rows if begun}
    ends = {day: ended for day, _begun, ended in rows if ended}
    return begins, ends


@lru_cache(maxsize=500)
def _statement(shape: CaseListQuery) -> Select[Any]:
    """Cached, because building it takes longer than running it."""
    # Pairs first: grouping every case by both days at once would sort them all.
    days = _near(first_day(Case)).label("first"), _near(last_day(Case)).label("last")
    pairs = select(*days, func.count().label("n")).where(*conditions(shape)).group_by(*days).cte("pairs")
    none = constant(0)
    begun = select(pairs.c.first.label("day"), pairs.c.n.label("begins"), none.label("ends"))
    return _by_day(begun, select(pairs.c.last, none, pairs.c.n))


@lru_cache(maxsize=500)
def _counted(shape: CaseFilter) -> Select[Any]:
    """Kept counts, and the changes that are not in them. Cached likewise."""
    count: Any = CaseDayCount
    change: Any = CaseDayChange
    none = constant(0)
    procedures = bindparam("procedures", type_=ARRAY(Text)) if shape.procedures else literal([""], ARRAY(Text))
    kept = _of_filter(
        select(_near(count.day).label("day"), count.begins.label("begins"), count.ends.label("ends")), count, shape
    )
    begun = _of_filter(select(_near(change.first_day), change.n, none), change, shape)
    ended = _of_filter(select(_near(change.last_day), none, change.n), change, shape)
    if shape.procedures:
        begun, ended = (rows.where(change.procedure_key == any_(procedures)) for rows in (begun, ended))
    return _by_day(kept.where(count.procedure_key == any_(procedures)), begun, ended)


def _of_filter(rows: Select[Any], model: Any, shape: CaseFilter) -> Select[Any]:
    rows = rows.where(model.department_id == any_(bindparam("departments", type_=ARRAY(BigInteger))))
    if shape.open_only:
        rows = rows.where(model.is_open)
    if shape.statuses and shape.statuses != set(OPEN_STATUSES):
        rows = rows.where(model.status == any_(bindparam("statuses", type_=ARRAY(Text))))
    return rows


def _near(day: ColumnElement[date]) -> ColumnElement[date]:
    earliest, latest = bindparam("earliest", type_=Date), bindparam("latest", type_=Date)
    return func.greatest(func.least(day, latest), earliest)


def _by_day(*parts: Select[Any]) -> Select[Any]:
    """Rows of a day, its beginnings and its endings, added up by day."""
    rows = union_all(*parts).subquery("rows")
    sums = (cast(func.sum(column), Integer) for column in (rows.c.begins, rows.c.ends))
    return select(rows.c.day, *sums).group_by(rows.c.day)
