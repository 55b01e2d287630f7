"""The filter of an address: what cannot be read is left out, and nobody sees a department that is not theirs."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from portal.core.access import StaffIdentity
from portal.maps.filters import case_filter

CLERK = StaffIdentity(7, "高橋", "t@example.jp", {3: frozenset({"clerk"}), 4: frozenset({"publisher"})})


def test_the_views() -> None:
    assert case_filter(MultiDict({"view": "mine"}), CLERK).assignee_id == 7
    assert case_filter(MultiDict({"view": "unassigned"}), CLERK).unassigned
    assert case_filter(MultiDict({"view": "late"}), CLERK).late
    assert case_filter(MultiDict({"view": "nonsense"}), CLERK) == case_filter(MultiDict(), CLERK)


def test_a_period_is_read_and_days_that_do_not_exist_are_not() -> None:
    assert case_filter(MultiDict({"from": "2026-12-01", "to": "2026-02-30"}), CLERK).period == (date(2026, 12, 1), None)


@pytest.mark.parametrize("asked", ["bogus", "'; DROP TABLE", "", "NEW"])
def test_an_unknown_status_is_no_wish(asked: str) -> None:
    assert case_filter(MultiDict({"status": asked}), CLERK) == case_filter(MultiDict(), CLERK)


def test_departments_are_a_right_and_not_a_wish() -> None:
    assert case_filter(MultiDict({"department": "4"}), CLERK).departments == {3}
    nobody = StaffIdentity(8, "山本", "y@example.jp", {4: frozenset({"publisher"})})
    assert case_filter(MultiDict(), nobody).departments == frozenset()
