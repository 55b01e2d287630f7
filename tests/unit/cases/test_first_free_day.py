"""The first day from which a period of the same length is free."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.cases.occupancy import first_free_day

START = date(2026, 12, 1)

days = st.dates(date(2026, 11, 1), date(2027, 2, 1))
taken_periods = st.lists(
    st.tuples(days, st.integers(0, 40)).map(lambda period: (period[0], period[0] + timedelta(days=period[1])))
)


def day(number: int) -> date:
    return START + timedelta(days=number)


def test_the_day_after_the_last_conflict() -> None:
    assert first_free_day([(day(-5), day(3))], START, day(9)) == day(4)
    assert first_free_day([(day(8), day(20)), (day(-5), day(0))], START, day(9)) == day(21)


def test_a_long_enough_gap_is_used() -> None:
    occupied = [(day(0), day(2)), (day(6), day(10))]
    assert first_free_day(occupied, START, day(2)) == day(3)
    assert first_free_day(occupied, START, day(3)) == day(11)


def test_without_an_end_there_is_no_such_day() -> None:
    assert first_free_day([(day(3), None)], START, day(9)) is None
    assert first_free_day([(None, day(3))], START, day(9)) == day(4)
    assert first_free_day([(None, date.max)], START, day(9)) is None
    assert first_free_day([(START, date(9999, 12, 30))], START, day(9)) is None


@given(taken_periods, st.integers(0, 60))
def test_it_is_free_and_no_earlier_day_is(occupied: list[tuple[date, date]], length: int) -> None:
    free_day = first_free_day(occupied, START, day(length))
    assert free_day is not None

    def free(first: date) -> bool:
        last = first + timedelta(days=length)
        return all(last < begins or ends < first for begins, ends in occupied)

    assert free(free_day)
    assert not any(free(day(number)) for number in range((free_day - START).days))
