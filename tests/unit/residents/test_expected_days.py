"""The days in the flow of a case: shared among the steps of the office, no two alike by accident, none that depends on others."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from common.open_days import is_open
from forms import State
from forms.definition.states import StateDeadline, StateKind
from forms.text.localized import Text
from portal.residents.expected_days import expected_days

MONDAY = date(2026, 11, 30)


def state(name: str, kind: StateKind = "open", working_days: int | None = None) -> State:
    deadline = StateDeadline(working_days=working_days) if working_days is not None else None
    return State(id=name, kind=kind, status="review", title=Text.of(name), short=Text.of(name), deadline=deadline)


PERMIT = [
    (state("received"), "now"),
    (state("accepted"), "todo"),
    (state("site_check"), "todo"),
    (state("approved", "done"), "todo"),
]


def test_the_standard_time_is_shared_among_the_steps() -> None:
    days = expected_days(PERMIT, MONDAY, date(2026, 12, 14))  # ten open days
    assert days == {
        "received": date(2026, 12, 3),
        "accepted": date(2026, 12, 9),
        "approved": date(2026, 12, 14),  # when the site was looked at is told by the result
    }


def test_what_waits_for_a_payment_has_no_day() -> None:
    paying = [*PERMIT[:-1], (state("awaiting_payment", "awaiting_payment"), "todo"), PERMIT[-1]]
    days = expected_days(paying, MONDAY, date(2026, 12, 14))
    assert days["site_check"] == date(2026, 12, 14)
    assert {"awaiting_payment", "approved"} & days.keys() == set()


def test_a_term_of_a_step_comes_before_its_share() -> None:
    steps = [(state("accepted", working_days=2), "now"), (state("done", "done"), "todo")]
    assert expected_days(steps, MONDAY, date(2026, 12, 14)) == {
        "accepted": date(2026, 12, 2),
        "done": date(2026, 12, 14),
    }


def test_no_day_is_promised_that_is_past() -> None:
    assert expected_days(PERMIT, MONDAY, date(2026, 11, 27)) == {}


@given(st.lists(st.sampled_from(["open", "with_applicant", "awaiting_payment"]), max_size=8), st.integers(0, 60))
def test_days_rise_and_are_never_the_same(kinds: list[StateKind], length: int) -> None:
    end = date.fromordinal(MONDAY.toordinal() + length)
    steps = [(state(f"s{number}", kind), "todo") for number, kind in enumerate(kinds)]
    days = list(expected_days([*steps, (state("end", "done"), "todo")], MONDAY, end).values())
    assert days == sorted(set(days))
    assert all(MONDAY <= day <= end for day in days)
    assert all(is_open(day) for day in days if day not in (end, MONDAY))
