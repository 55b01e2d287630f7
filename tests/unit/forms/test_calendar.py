"""Ages, school years and fiscal years as law counts them, in Python and as expressions."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.fiscal_years import fiscal_year, fiscal_year_end
from forms.expressions.functions import calendar
from forms.expressions.functions.dates import day
from forms.expressions.language import Language, Names, scope
from tests.unit.forms.making import unhurried

LANGUAGE = Language(Names({"born": "timestamp"}))
BIRTHDAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
AGES = st.integers(0, 110)
ONE_DAY = timedelta(days=1)


def value(text: str, born: str) -> Any:
    with day(date(2026, 11, 23)):
        result = LANGUAGE.compile(text, "any").value(scope({"born": date.fromisoformat(born)}))
    return result.isoformat() if isinstance(result, date) else result


@pytest.mark.parametrize(
    ("text", "born", "expected"),
    [
        ("age_reached_on(born, 18)", "2008-04-01", "2026-03-31"),
        ("age_reached_on(born, 18)", "2008-04-02", "2026-04-01"),
        ("age_reached_on(born, 18)", "2008-02-29", "2026-02-28"),
        ("age_reached_on(born, 20)", "2004-02-29", "2024-02-28"),
        ("age_reached_on(born, 18)", "2008-01-01", "2025-12-31"),
        ("legal_age(born, date('2026-02-27'))", "2008-02-29", 17),
        ("legal_age(born, date('2026-02-28'))", "2008-02-29", 18),
        ("legal_age(born, date('2026-11-22'))", "2006-11-23", 20),
        ("age(born, date('2026-11-22'))", "2006-11-23", 19),
        ("fiscal_year(date('2026-03-31'))", "2000-01-01", 2025),
        ("fiscal_year(date('2026-04-01'))", "2000-01-01", 2026),
        ("fiscal_year_end(age_reached_on(born, 18))", "2007-12-01", "2026-03-31"),
        ("fiscal_year_end(age_reached_on(born, 18))", "2008-04-01", "2026-03-31"),
        ("fiscal_year_end(age_reached_on(born, 18))", "2008-04-02", "2027-03-31"),
        ("school_grade(born, date('2026-04-01'))", "2020-04-01", 1),
        ("school_grade(born, date('2026-04-01'))", "2020-04-02", 0),
        ("school_grade(born, date('2027-03-31'))", "2014-04-02", 6),
        ("school_grade(born, today())", "2011-07-07", 9),
        ("add_months(date('2026-01-31'), 1)", "2000-01-01", "2026-02-28"),
        ("add_months(date('2026-03-31'), -1)", "2000-01-01", "2026-02-28"),
        ("open_day_from(date('2026-12-29'))", "2000-01-01", "2027-01-04"),
        ("open_day_from(date('2026-11-24'))", "2000-01-01", "2026-11-24"),
    ],
)
def test_what_law_counts(text: str, born: str, expected: object) -> None:
    assert value(text, born) == expected


@unhurried
@given(BIRTHDAYS, AGES)
def test_an_age_is_reached_on_the_day_before_the_birthday_and_not_earlier(born: date, years: int) -> None:
    reached = calendar.age_reached_on(born, years)
    assert calendar.legal_age(born, reached) == years
    assert calendar.legal_age(born, reached - ONE_DAY) == years - 1
    assert calendar.age(born, reached + ONE_DAY) == years


@unhurried
@given(BIRTHDAYS, st.integers(0, 40_000))
def test_the_age_of_law_runs_one_day_ahead_of_the_age_of_people(born: date, later: int) -> None:
    on = born + timedelta(days=later)
    assert calendar.legal_age(born, on) == calendar.age(born, on + ONE_DAY)


@unhurried
@given(BIRTHDAYS)
def test_who_goes_to_school_together_was_born_from_2_april_to_1_april(born: date) -> None:
    first_of_class = date(born.year - ((born.month, born.day) < (4, 2)), 4, 2)
    on = date(born.year + 10, 5, 5)
    assert calendar.school_grade(born, on) == calendar.school_grade(first_of_class, on)
    assert calendar.school_grade(first_of_class - ONE_DAY, on) == calendar.school_grade(born, on) + 1


@unhurried
@given(BIRTHDAYS)
def test_compulsory_school_begins_in_the_april_after_six_is_reached(born: date) -> None:
    first_day = next(
        date(year, 4, 1)
        for year in range(born.year + 6, born.year + 8)
        if date(year, 4, 1) > calendar.age_reached_on(born, 6)
    )
    assert calendar.school_grade(born, first_day) == 1
    assert calendar.school_grade(born, first_day - ONE_DAY) == 0


@unhurried
@given(BIRTHDAYS)
def test_a_day_lies_in_its_fiscal_year(on: date) -> None:
    end = fiscal_year_end(on)
    assert on <= end
    assert (end - on).days <= 365
    assert fiscal_year(end) == fiscal_year(on)
    assert fiscal_year(end + ONE_DAY) == fiscal_year(on) + 1
