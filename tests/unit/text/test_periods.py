"""Periods count their first and last day; part months count whole."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.text.periods import days, months, years


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2026, 4, 10), date(2026, 5, 21), 2),  # the worked example of 足立区's road occupation fee
        (date(2026, 4, 10), date(2026, 6, 9), 2),
        (date(2026, 4, 10), date(2026, 6, 10), 3),
        (date(2026, 4, 10), date(2026, 4, 10), 1),
        (date(2026, 4, 1), date(2026, 4, 30), 1),
        (date(2026, 4, 1), date(2027, 3, 31), 12),
        (date(2026, 4, 1), date(2027, 4, 1), 13),
        (date(2026, 1, 31), date(2026, 2, 28), 1),  # 民法143条2項: no 31 February, so the month ends on its last day
        (date(2026, 1, 31), date(2026, 3, 1), 2),
        (date(2028, 2, 29), date(2029, 2, 28), 12),
    ],
)
def test_months_of_a_period(start: date, end: date, count: int) -> None:
    assert months(start, end) == count


def test_days_count_both_ends() -> None:
    assert days(date(2026, 4, 10), date(2026, 4, 10)) == 1
    assert days(date(2026, 4, 10), date(2026, 5, 21)) == 42


def test_years_count_part_years_whole() -> None:
    assert years(date(2026, 4, 1), date(2027, 3, 31)) == 1
    assert years(date(2026, 4, 1), date(2027, 4, 1)) == 2


@settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 3000))
def test_a_longer_period_never_has_fewer_months(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    assert 1 <= months(start, end) <= months(start, end + timedelta(days=1)) <= months(start, end) + 1
    assert months(start, end) * 31 >= days(start, end)
