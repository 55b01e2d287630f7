"""The filter of an address: what cannot be parsed is ignored, and nobody sees a department that is not theirs."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from portal.core.access import StaffIdentity
from portal.desk.case_filter_arguments import read_case_filter

CLERK = StaffIdentity(7, "高橋", "t@example.jp", {3: frozenset({"clerk"}), 4: frozenset({"publisher"})})


def test_the_views() -> None:
    assert read_case_filter(MultiDict({"view": "mine"}), CLERK).assignee_id == 7
    assert read_case_filter(MultiDict({"view": "unassigned"}), CLERK).unassigned
    assert read_case_filter(MultiDict({"view": "late"}), CLERK).late
    assert read_case_filter(MultiDict({"view": "nonsense"}), CLERK) == read_case_filter(MultiDict(), CLERK)


def test_a_period_is_read_and_days_that_do_not_exist_are_not() -> None:
    assert read_case_filter(MultiDict({"from": "2026-12-01", "to": "2026-02-30"}), CLERK).period == (
        date(2026, 12, 1),
        None,
    )


@pytest.mark.parametrize("status", ["bogus", "'; DROP TABLE", "", "NEW"])
def test_an_unknown_status_is_ignored(status: str) -> None:
    assert read_case_filter(MultiDict({"status": status}), CLERK) == read_case_filter(MultiDict(), CLERK)


def test_departments_come_from_rights_and_not_from_the_address() -> None:
    assert read_case_filter(MultiDict({"department": "4"}), CLERK).departments == {3}
    nobody = StaffIdentity(8, "山本", "y@example.jp", {4: frozenset({"publisher"})})
    assert read_case_filter(MultiDict(), nobody).departments == frozenset()
