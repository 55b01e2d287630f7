"""By which indexes the desk's list is read: never by reading a whole city in some order until enough is found."""

from typing import Any

import pytest
from sqlalchemy import Select, text
from sqlalchemy.dialects.postgresql import psycopg

from common.status import OPEN_STATUSES
from portal.cases.case_filter import CaseFilter
from portal.cases.case_list import _counts, _page_statement
from portal.cases.case_list_conditions import parameters
from portal.cases.case_list_query import CaseListQuery
from portal.core.clock import today
from portal.core.database import city_session
from tests.integration.desk.conftest import CITY, Office


def asking(order: str = "due", words: str = "", statuses: tuple[str, ...] = OPEN_STATUSES) -> CaseListQuery:
    case_filter = CaseFilter(today=today(), statuses=frozenset(statuses), departments=frozenset({1, 2}))
    return CaseListQuery(filter=case_filter, text=words, bbox=None, order=order, after=None)


def plan(statement: Select[Any], query: CaseListQuery, *switched_off: str) -> str:
    """The plan with the values bound, while PostgreSQL is kept from what pays in a small table alone."""
    compiled = statement.params(**parameters(query) | {"staff": 1}).compile(
        dialect=psycopg.dialect(), compile_kwargs={"render_postcompile": True, "literal_binds": True}
    )
    with city_session(CITY) as session:
        for name in ("seqscan", *switched_off):
            session.execute(text(f"SET LOCAL enable_{name} = off"))
        return "\n".join(session.connection().exec_driver_sql(f"EXPLAIN (COSTS OFF) {compiled}").scalars())


@pytest.mark.parametrize(
    ("order", "index"), [("number", "number"), ("state", "state"), ("assignee", "desk"), ("money", "money")]
)
def test_open_cases_are_read_in_the_order_of_an_index(office: Office, order: str, index: str) -> None:
    query = asking(order)
    read = plan(_page_statement(query.shape()), query, "sort", "bitmapscan", "incremental_sort")
    assert f"using ix_case_file_open_{index} on case_file" in read


@pytest.mark.parametrize("words", ["391", "sato", "日-1128"])
def test_what_is_seldom_is_looked_up_before_the_list_is_read(office: Office, words: str) -> None:
    query = asking("new", words, statuses=())
    read = plan(_page_statement(query.shape()), query)
    assert "ix_case_file_search" in read
    assert "BitmapOr" in read
    assert "id = ANY ($" in read, "what was looked up is a value to the list"
    assert not [line for line in read.splitlines() if "Filter:" in line and "search_bigrams" in line]


def test_open_cases_are_counted_inside_an_index(office: Office) -> None:
    query = asking(statuses=("fix",))
    read = plan(_counts(query.shape()), query, "bitmapscan")
    assert "Index Only Scan using ix_case_file_open_due on case_file" in read
