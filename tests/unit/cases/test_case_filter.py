"""The desk's filter refuses what makes no sense and knows when open places are enough."""

from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from common.status import OPEN_STATUSES
from portal.cases.case_filter import CaseFilter, place_conditions
from portal.cases.models import CasePlace

TODAY = date(2026, 11, 24)


def sql(case_filter: CaseFilter) -> str:
    statement = select(CasePlace.id).where(*place_conditions(case_filter))
    return str(statement.compile(dialect=postgresql.dialect()))


def test_an_empty_filter_is_limited_to_departments_alone() -> None:
    (condition,) = place_conditions(CaseFilter(today=TODAY))
    assert str(condition).startswith("case_place.department_id = ANY")


def test_filters_that_differ_in_values_only_share_a_statement() -> None:
    first = CaseFilter(today=TODAY, departments=frozenset({1, 2}), assignee_id=5, statuses=frozenset({"fix"}))
    other = CaseFilter(today=date(2027, 1, 1), departments=frozenset({3}), assignee_id=6, statuses=frozenset({"new"}))
    closed = CaseFilter(today=TODAY, departments=frozenset({3}), assignee_id=6, statuses=frozenset({"no"}))
    assert first.shape() == other.shape() != closed.shape()


@pytest.mark.parametrize("case_filter", [{"statuses": frozenset({"new"})}, {"late": True}, {"due": (TODAY, None)}])
def test_open_statuses_are_literals_so_that_the_partial_index_applies(case_filter: dict[str, object]) -> None:
    assert "case_place.status IN ('new', 'review', 'fix', 'wait')" in sql(CaseFilter(today=TODAY, **case_filter))


def test_a_closed_status_needs_all_places() -> None:
    case_filter = CaseFilter(today=TODAY, statuses=frozenset({"new", "ok"}))
    assert not case_filter.open_only
    assert "IN ('new'" not in sql(case_filter)


def test_values_never_enter_the_text() -> None:
    assert "Robert" not in sql(CaseFilter(today=TODAY, procedures=frozenset({"Robert'); DROP TABLE case_place;--"})))


CONDITIONS: list[dict[str, Any]] = [
    {"statuses": frozenset(OPEN_STATUSES)},
    {"statuses": frozenset({"new", "fix"})},
    {"statuses": frozenset({"new", "ok"})},
    {"procedures": frozenset({"dog-registration"})},
    {"departments": frozenset({1, 2})},
    {"assignee_id": 5},
    {"unassigned": True},
    {"colleague_id": 6},
    {"money": frozenset({"unpaid", "refunding"})},
    {"answer_late": True},
    {"channels": frozenset({"online", "counter"})},
    {"conflicts": "[]"},
    {"late": True},
    {"late": True, "statuses": frozenset({"ok"})},
    {"due": (date(2026, 12, 1), None)},
    {"due": (None, date(2026, 12, 1)), "statuses": frozenset(OPEN_STATUSES)},
    {"period": (date(2026, 12, 1), None)},
    {"period": (None, date(2026, 12, 1))},
    {"area": ((139.41, 35.7), (139.42, 35.7), (139.42, 35.71))},
    {"near": "POLYGON((139.41 35.7,139.42 35.7,139.42 35.71,139.41 35.7))"},
    {"case_ids": frozenset({7, 8})},
    {"case_ids": frozenset()},
    {"answers": (("origin", ("first",)), ("faces.use", ("sign", "true")))},
]


@pytest.mark.parametrize("conditions", CONDITIONS)
def test_a_cached_statement_is_the_same_as_one_with_the_values(conditions: dict[str, Any]) -> None:
    case_filter = CaseFilter(today=TODAY, **conditions)
    assert sql(case_filter.shape()) == sql(case_filter)
    bound = select(CasePlace.id).where(*place_conditions(case_filter)).compile(dialect=postgresql.dialect()).params
    assert {name: case_filter.parameters()[name] for name in bound} == bound


def test_every_condition_is_tried() -> None:
    assert {name for conditions in CONDITIONS for name in conditions} == {
        field.name for field in fields(CaseFilter)
    } - {"today"}


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown status: approved"):
        CaseFilter(today=TODAY, statuses=frozenset({"approved", "new"}))


def test_nobody_is_unassigned_and_assigned() -> None:
    with pytest.raises(ValueError, match="at once"):
        CaseFilter(today=TODAY, assignee_id=1, unassigned=True)
