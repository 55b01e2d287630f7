"""The desk's filter refuses what makes no sense and knows when open places are enough."""

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from geo.filters import OPEN_STATUSES, CaseFilter, conditions
from geo.tables import case_place

TODAY = date(2026, 11, 24)


def sql(wanted: CaseFilter) -> str:
    statement = select(case_place.c.id).where(*conditions(wanted))
    return str(statement.compile(dialect=postgresql.dialect()))


def test_an_empty_filter_has_no_condition() -> None:
    assert conditions(CaseFilter(today=TODAY, any_department=True)) == []


def test_who_has_no_department_is_limited_to_none() -> None:
    assert "case_place.department_id = ANY" in sql(CaseFilter(today=TODAY))
    with pytest.raises(ValueError, match="or any"):
        CaseFilter(today=TODAY, departments=frozenset({1}), any_department=True)


def test_filters_that_differ_in_values_only_share_a_statement() -> None:
    one = CaseFilter(today=TODAY, departments=frozenset({1, 2}), assignee_id=5, statuses=frozenset({"fix"}))
    other = CaseFilter(today=date(2027, 1, 1), departments=frozenset({3}), assignee_id=6, statuses=frozenset({"new"}))
    closed = CaseFilter(today=TODAY, departments=frozenset({3}), assignee_id=6, statuses=frozenset({"no"}))
    assert one.outline() == other.outline() != closed.outline()


@pytest.mark.parametrize("wanted", [{"statuses": frozenset({"new"})}, {"late": True}])
def test_open_statuses_are_literals_so_that_the_partial_index_applies(wanted: dict[str, object]) -> None:
    assert "case_place.status IN ('new', 'review', 'fix', 'wait')" in sql(CaseFilter(today=TODAY, **wanted))  # type: ignore[arg-type]


def test_a_closed_status_needs_all_places() -> None:
    wanted = CaseFilter(today=TODAY, statuses=frozenset({"new", "ok"}))
    assert not wanted.open_only
    assert "IN ('new'" not in sql(wanted)


def test_values_never_enter_the_text() -> None:
    assert "Robert" not in sql(CaseFilter(today=TODAY, procedures=frozenset({"Robert'); DROP TABLE case_place;--"})))


WISHES: list[dict[str, Any]] = [
    {"statuses": frozenset(OPEN_STATUSES)},
    {"statuses": frozenset({"new", "fix"})},
    {"statuses": frozenset({"new", "ok"})},
    {"procedures": frozenset({"dog-registration"})},
    {"departments": frozenset({1, 2})},
    {"any_department": True},
    {"assignee_id": 5},
    {"unassigned": True},
    {"late": True},
    {"late": True, "statuses": frozenset({"ok"})},
    {"period": (date(2026, 12, 1), None)},
    {"period": (None, date(2026, 12, 1))},
    {"area": ((139.41, 35.7), (139.42, 35.7), (139.42, 35.71))},
    {"submitted": (datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC))},
    {"case_ids": frozenset({7, 8})},
    {"case_ids": frozenset()},
]


@pytest.mark.parametrize("wish", WISHES)
def test_a_kept_statement_says_the_same_with_the_values_put_in(wish: dict[str, Any]) -> None:
    wanted = CaseFilter(today=TODAY, **wish)
    assert sql(wanted.outline()) == sql(wanted)
    bound = select(case_place.c.id).where(*conditions(wanted)).compile(dialect=postgresql.dialect()).params
    assert {name: wanted.values()[name] for name in bound} == bound


def test_every_wish_is_tried() -> None:
    assert {name for wish in WISHES for name in wish} == {field.name for field in fields(CaseFilter)} - {"today"}


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown status: approved"):
        CaseFilter(today=TODAY, statuses=frozenset({"approved", "new"}))


def test_nobody_is_unassigned_and_assigned() -> None:
    with pytest.raises(ValueError, match="at once"):
        CaseFilter(today=TODAY, assignee_id=1, unassigned=True)
