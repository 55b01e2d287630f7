"""The desk's filter refuses what makes no sense and knows when open places are enough."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from geo.filters import CaseFilter, conditions
from geo.tables import case_place

TODAY = date(2026, 11, 24)


def sql(wanted: CaseFilter) -> str:
    statement = select(case_place.c.id).where(*conditions(wanted))
    return str(statement.compile(dialect=postgresql.dialect()))


def test_an_empty_filter_has_no_condition() -> None:
    assert conditions(CaseFilter(today=TODAY)) == []


@pytest.mark.parametrize("wanted", [{"statuses": frozenset({"new"})}, {"late": True}])
def test_open_statuses_are_literals_so_that_the_partial_index_applies(wanted: dict[str, object]) -> None:
    assert "case_place.status IN ('new', 'review', 'fix', 'wait')" in sql(CaseFilter(today=TODAY, **wanted))  # type: ignore[arg-type]


def test_a_closed_status_needs_all_places() -> None:
    wanted = CaseFilter(today=TODAY, statuses=frozenset({"new", "ok"}))
    assert not wanted.open_only
    assert "IN ('new'" not in sql(wanted)


def test_values_never_enter_the_text() -> None:
    assert "Robert" not in sql(CaseFilter(today=TODAY, procedures=frozenset({"Robert'); DROP TABLE case_place;--"})))


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown status: approved"):
        CaseFilter(today=TODAY, statuses=frozenset({"approved", "new"}))


def test_nobody_is_unassigned_and_assigned() -> None:
    with pytest.raises(ValueError, match="at once"):
        CaseFilter(today=TODAY, assignee_id=1, unassigned=True)
