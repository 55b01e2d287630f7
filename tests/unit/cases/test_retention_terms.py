"""How long a case is kept, in days: from the 1 April after the fiscal year in which it was closed."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.retention import closed_before, kept_until
from portal.core.clock import TOKYO

DAYS = st.dates(date(2000, 1, 1), date(2080, 12, 31))
YEARS = st.integers(1, 100)


@pytest.mark.parametrize(
    ("closed_on", "years", "until"),
    [
        (date(2026, 11, 28), 5, date(2032, 3, 31)),
        (date(2026, 4, 1), 1, date(2028, 3, 31)),
        (date(2027, 3, 31), 1, date(2028, 3, 31)),
        (date(2027, 4, 1), 1, date(2029, 3, 31)),
        (date(2028, 2, 29), 3, date(2031, 3, 31)),
    ],
)
def test_the_last_day_is_a_31_march(closed_on: date, years: int, until: date) -> None:
    assert kept_until(closed_on, years) == until


@given(DAYS, YEARS)
def test_a_case_is_kept_at_least_as_long_as_promised_and_at_most_a_year_more(closed_on: date, years: int) -> None:
    until = kept_until(closed_on, years)
    assert timedelta(days=365 * years) <= until - closed_on <= timedelta(days=366 * (years + 1))


@given(DAYS, YEARS, st.integers(-400, 400))
def test_what_is_over_is_what_was_kept_until_before_today(closed_on: date, years: int, shift: int) -> None:
    today = kept_until(closed_on, years) + timedelta(days=shift)
    closed_at = datetime(closed_on.year, closed_on.month, closed_on.day, 23, 59, tzinfo=TOKYO)
    assert (closed_at < closed_before(today, years)) is (today > kept_until(closed_on, years))
