"""How many places are free on all days of a period."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.bookings.rules import Pool, Want, free, lacking, peak

POOL = Pool("plots", "", '["a"]')
FIRST = date(2027, 4, 1)


@st.composite
def wants(draw: st.DrawFn) -> Want:
    begin = draw(st.integers(0, 30))
    length = draw(st.integers(0, 15))
    days = (FIRST + timedelta(days=begin), FIRST + timedelta(days=begin + length))
    first, last = draw(st.sampled_from([days, (None, None)]))
    return Want(POOL, draw(st.integers(1, 4)), 10, first, last)


@given(claims=st.lists(wants(), max_size=12), want=wants())
def test_the_peak_is_the_fullest_day(claims: list[Want], want: Want) -> None:
    first = want.first_day or FIRST - timedelta(days=5)
    last = want.last_day or FIRST + timedelta(days=60)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    fullest = max(sum(claim.amount for claim in claims if claim.days[0] <= day <= claim.days[1]) for day in days)
    assert peak(claims, first, last) == fullest


@given(queue=st.lists(wants(), max_size=20))
def test_nobody_gets_a_place_too_many_in_whatever_order_they_come(queue: list[Want]) -> None:
    taken: list[Want] = []
    for want in queue:
        if not lacking([want], taken):
            taken.append(want)
    assert peak(taken, date.min, date.max) <= 10
    for want in queue:
        assert (free(want, taken) < want.amount) == bool(lacking([want], taken))
