"""The time between two days, as it is charged by the day and the month."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.expressions.functions import FUNCTIONS
from forms.expressions.functions.dates import day
from forms.expressions.language import Language, Names, scope
from tests.unit.forms.making import unhurried

LANGUAGE = Language(Names({"start": "timestamp", "end": "timestamp"}))
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def value(text: str, start: str, end: str) -> object:
    with day(date(2026, 4, 1)):
        days = {"start": date.fromisoformat(start), "end": date.fromisoformat(end)}
        return LANGUAGE.compile(text, "any").value(scope(days))


@pytest.mark.parametrize(
    ("start", "end", "begun", "full", "calendar"),
    [
        ("2026-05-15", "2026-06-14", 1, 1, 2),
        ("2026-05-15", "2026-06-13", 1, 0, 2),
        ("2026-05-15", "2026-06-15", 2, 1, 2),
        ("2026-05-01", "2026-05-31", 1, 1, 1),
        ("2026-01-31", "2026-02-28", 1, 1, 2),
        ("2026-04-01", "2027-03-31", 12, 12, 12),
        ("2026-12-31", "2027-01-01", 1, 0, 2),
        ("2026-05-02", "2026-05-01", 0, 0, 0),
    ],
)
def test_months_are_counted_begun_full_or_of_the_calendar(
    start: str, end: str, begun: int, full: int, calendar: int
) -> None:
    names = ("months_between", "full_months_between", "calendar_months")
    assert [value(f"{name}(start, end)", start, end) for name in names] == [begun, full, calendar]


@unhurried
@given(DAYS, st.integers(0, 800))
def test_full_months_and_begun_ones_differ_by_the_month_that_is_not_over(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    begun, full = (FUNCTIONS[name].python(start, end) for name in ("months_between", "full_months_between"))
    next_day = FUNCTIONS["months_between"].python(start, end + timedelta(days=1))
    assert begun - full == (0 if next_day > begun else 1)


def test_a_rent_by_the_day_and_a_fee_by_the_month() -> None:
    assert (
        value("3100 * days_between(start, month_end(start)) / days_in_month(start)", "2026-05-17", "2026-05-17") == 1500
    )
    assert value("1200 * calendar_months(start, fiscal_year_end(start))", "2026-11-15", "2026-11-15") == 6000
    assert value("days_in_year(start) + days_in_year(end)", "2028-02-29", "2027-01-01") == 366 + 365


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("weekdays_between(start, end, 7)", 1),
        ("weekdays_between(start, end, 6)", 2),
        ("holidays_between(start, end)", 4),
        ("weekdays_between(end, start, 7)", 0),
        ("days_between(end, start)", 0),
    ],
)
def test_what_falls_into_the_golden_week(text: str, expected: int) -> None:
    """2026: Sunday the 3rd to Wednesday the 6th of May are holidays (the 6th in lieu of the 3rd)."""
    assert value(text, "2026-05-02", "2026-05-09") == expected
