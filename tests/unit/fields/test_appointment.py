"""`appointment`: which times are offered, and what an answer may be."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.fields import ReadContext
from forms.fields.appointment import AppointmentField
from tests.unit.fields.making import make

MONDAY = date(2026, 12, 7)
CONTEXT = ReadContext(date(2026, 12, 1))


def appointment(**settings: object) -> AppointmentField:
    field = make("appointment", **settings)
    assert isinstance(field, AppointmentField)
    return field


def test_times_are_a_length_and_a_pause_apart_and_end_within_the_hours() -> None:
    field = appointment(minutes=30, buffer_minutes=10, hours=[{"from": "09:00", "until": "11:00"}])
    assert [slot.value[-5:] for slot in field.slots(MONDAY)] == ["09:00", "09:40", "10:20"]
    assert [f"{slot.busy_until:%H:%M}" for slot in field.slots(MONDAY)] == ["09:40", "10:20", "11:00"]


def test_without_a_length_each_entry_of_the_hours_is_one_booking_with_its_name() -> None:
    halves = [
        {"id": "morning", "label": {"ja": "午前"}, "from": "09:00", "until": "12:00"},
        {"id": "night", "label": {"ja": "夜間"}, "from": "18:00", "until": "21:30"},
    ]
    field = appointment(minutes=None, hours=halves)
    assert field.show("2026-12-07T18:00", "ja") == "2026年12月7日(月) 夜間 18時〜21時30分"
    assert field.cel_values("2026-12-07T18:00", {}) == {
        "day": MONDAY, "time": "18:00", "hours": "night", "minutes": 210
    }  # fmt: skip


def test_closed_days_and_days_outside_the_bounds_are_not_offered() -> None:
    field = appointment(min="today+1d", max="today+10d", closed=["2026-12-04", "12-08"])
    days = list(field.days(CONTEXT.today))
    assert days == [date(2026, 12, day) for day in (2, 3, 7, 9, 10, 11)]
    every_day = appointment(min="today", max="today+6d", open_days_only=False)
    assert len(list(every_day.days(CONTEXT.today))) == 7


@pytest.mark.parametrize(
    "value",
    ["2026-12-05T09:00", "2026-12-07T09:10", "2026-12-01T09:00", "2027-03-01T09:00", "2026-12-07", "x", 9, ["a"], {}],
)
def test_a_time_that_is_not_offered_is_no_answer(value: object) -> None:
    assert appointment().check(value, CONTEXT)


@given(minutes=st.integers(5, 300), pause=st.integers(0, 60), first=st.integers(0, 22), length=st.integers(1, 20))
def test_no_two_times_of_a_day_overlap_and_each_is_an_answer(minutes: int, pause: int, first: int, length: int) -> None:
    until = min(first + length, 24)
    hours = [{"from": f"{first:02}:00", "until": f"{until:02}:00"}]
    field = appointment(minutes=minutes, buffer_minutes=pause, hours=hours)
    slots = field.slots(MONDAY)
    for earlier, later in itertools.pairwise(slots):
        assert earlier.busy_until <= later.start
    for slot in slots:
        assert field.check(slot.value, CONTEXT) == []
        assert field.slot(slot.value) == slot
