"""Whether something has happened to the cases of a list since it was shown, without showing it: what others did, by the events of their cases."""

from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ScalarSelect, Select, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import Session

from portal.cases.case_list_conditions import conditions, parameters
from portal.cases.case_list_query import CaseListQuery
from portal.cases.models import Case
from portal.core.events import Event

MOST_NEWS = 99
_LATEST = 2000
"""Events that are looked through, the latest: a page that stood open all day says that there is much, not how much."""


def news_mark() -> ScalarSelect[int]:
    """The event up to which a list knows everything, as an expression for the statement that counts it."""
    return select(func.coalesce(func.max(Event.id), 0)).scalar_subquery()


def count_news(session: Session, query: CaseListQuery, since: int, staff_id: int) -> int:
    """Of how many cases of a list others have changed something after the event `since`; never more than `MOST_NEWS`.

    Plan: events after that one by their primary key, backwards; then their cases by theirs, so that the list's size does not matter.
    """
    values = parameters(query) | {"since": since, "me": staff_id}
    return int(session.execute(_news(query.shape()), values).scalar_one())


@lru_cache(maxsize=200)
def _news(shape: CaseListQuery) -> Select[Any]:
    """Cached, because building it takes longer than running it."""
    by_others = or_(Event.actor_kind != "staff", Event.actor_id.is_distinct_from(bindparam("me", type_=BigInteger)))
    latest = (
        select(Event.history_id, Event.history_kind, Event.name, by_others.label("by_others"))
        .where(Event.id > bindparam("since", type_=BigInteger))
        .order_by(Event.id.desc())
        .limit(_LATEST)
        .subquery("latest")
    )
    changed = select(latest.c.history_id).where(
        latest.c.by_others, latest.c.history_kind == "case", latest.c.name.not_like("%viewed")
    )
    cases: Select[Any] = select(literal_column("1")).select_from(Case).where(Case.id.in_(changed), *conditions(shape))
    return select(func.count()).select_from(cases.limit(MOST_NEWS).subquery())
