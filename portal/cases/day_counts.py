"""How many cases of a list begin and end on each day."""

from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Integer, Select, bindparam, cast, func, select, tuple_
from sqlalchemy.orm import Session

from portal.cases.case_filter import first_day, last_day
from portal.cases.case_list_conditions import conditions, parameters
from portal.cases.case_list_query import CaseListQuery
from portal.cases.models import Case

Days = dict[date, int]
"""Numbers of cases by day."""


def count_days(session: Session, query: CaseListQuery, *, earliest: date, latest: date) -> tuple[Days, Days]:
    """Return how many cases have their first day and how many their last on each day, in one statement.

    Days before `earliest` and after `latest` count as these. Plan: of every status, Index Only Scan on
    `ix_case_file_department_newest`, which holds all columns of the filter; of open cases the rows that the partial indexes name; then
    pairs of days are hashed and added up by each. A drawn area starts from the index of places.
    """
    limits = {"earliest": earliest, "latest": latest}
    rows = session.execute(_statement(query.shape()), parameters(query) | limits).all()
    begins = {first: count for first, _last, count in rows if first is not None}
    ends = {last: count for _first, last, count in rows if last is not None}
    return begins, ends


@lru_cache(maxsize=500)
def _statement(shape: CaseListQuery) -> Select[Any]:
    """Cached, because building it takes longer than running it."""
    earliest, latest = bindparam("earliest", type_=Date), bindparam("latest", type_=Date)
    first = func.greatest(func.least(first_day(Case), latest), earliest).label("first")
    last = func.greatest(func.least(last_day(Case), latest), earliest).label("last")
    # Pairs first: grouping every case by both days at once would sort them all.
    pairs = (
        select(first, last, func.count().label("n")).where(*conditions(shape)).group_by(first, last).subquery("pairs")
    )
    both = func.grouping_sets(tuple_(pairs.c.first), tuple_(pairs.c.last))
    return select(pairs.c.first, pairs.c.last, cast(func.sum(pairs.c.n), Integer)).group_by(both)
