"""The days on which refuse is collected are worked out from what the column of a zone says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.maps.hazards import meant_for
from portal.maps.refuse import collection_days

MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("月・木", ["2026-11-30", "2026-12-03", "2026-12-07"]),
        ("毎週火曜日", ["2026-12-01", "2026-12-08", "2026-12-15"]),
        ("第2・第4水曜日", ["2026-12-09", "2026-12-23", "2027-01-13"]),
        ("第1・3金", ["2026-12-04", "2026-12-18", "2027-01-01"]),
        ("第1月・第3木", ["2026-12-07", "2026-12-17", "2027-01-04"]),
        ("月曜日と金曜日", ["2026-11-30", "2026-12-04", "2026-12-07"]),
        ("第5月", ["2026-11-30"]),
    ],
)
def test_next_days(written: str, days: list[str]) -> None:
    rule = collection_days(written)
    assert rule is not None
    assert [day.isoformat() for day in rule.next_days(MONDAY, 3)] == days


@pytest.mark.parametrize("written", ["", None, 3, "申込制", "月2回", "曙町地区", "第6月", "第2"])
def test_what_says_no_days(written: object) -> None:
    assert collection_days(written) is None


@given(st.text(alphabet="第1234567月火水木金土日・、,と曜毎週 "))
def test_days_are_in_order_and_never_before_the_first(written: str) -> None:
    rule = collection_days(written)
    days = rule.next_days(MONDAY, 3) if rule else []
    assert days == sorted(set(days))
    assert all(day >= MONDAY for day in days)


@pytest.mark.parametrize(
    ("written", "meant"), [(1, True), ("1", True), ("○", True), (0, False), ("", False), (None, False)]
)
def test_disasters_that_a_refuge_is_meant_for(written: object, meant: bool) -> None:
    assert meant_for({"災害種別_洪水": written, "災害種別_地震": "1"}) == (["flood"] if meant else []) + ["earthquake"]
