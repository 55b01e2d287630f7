"""Deadlines of states: counted as offices count, standing still while the applicant has the case, and going on with what was left."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.open_days import add_open_days, is_open
from forms import DefinitionError, check
from forms.definition.states import StateDeadline
from forms.text.localized import Text
from forms.workflow import clock as clocks
from forms.workflow.preset import State
from tests.unit.forms.making import definition, field, text, unhurried

MONDAY = date(2026, 4, 6)


def state(id: str, kind: str = "open", **deadline: Any) -> State:
    title = Text.of(id)
    own = StateDeadline.model_validate(deadline) if deadline else None
    return State(id=id, kind=kind, status="review", title=title, short=title, deadline=own)  # type: ignore[arg-type] # a kind


APPLICANT = state("correcting", "with_applicant")


@pytest.mark.parametrize(
    ("deadline", "last"),
    [
        ({"working_days": 10}, date(2026, 4, 20)),
        ({"days": 14}, date(2026, 4, 20)),
        ({"days": 12}, date(2026, 4, 20)),
        ({"months": 1}, date(2026, 5, 7)),
    ],
)
def test_a_deadline_ends_on_a_day_on_which_the_city_hall_is_open(deadline: dict[str, int], last: date) -> None:
    """Twelve days end on a Saturday, a month on the third day of Golden Week (民法 142条)."""
    clock = clocks.entered(clocks.first_clock(MONDAY), state("look", **deadline), MONDAY)
    assert clocks.due(clock, "look") == last


def test_it_stands_still_while_the_applicant_has_the_case() -> None:
    look = state("look", days=20)
    clock = clocks.entered(clocks.first_clock(add_open_days(MONDAY, 10)), look, MONDAY)
    clock = clocks.entered(clock, APPLICANT, MONDAY + timedelta(days=5))
    assert clocks.stands_still(clock, "look")
    clock = clocks.entered(clock, look, MONDAY + timedelta(days=35))
    assert clocks.due(clock, "look") == date(2026, 4, 27) + timedelta(days=30)
    assert not clocks.stands_still(clock, "look")


def test_the_applicant_has_the_whole_time_again_each_time() -> None:
    waiting = state("waiting", "with_applicant", days=14)
    clock = clocks.entered(clocks.first_clock(MONDAY), waiting, MONDAY)
    clock = clocks.entered(clock, state("look"), MONDAY + timedelta(days=10))
    clock = clocks.entered(clock, waiting, MONDAY + timedelta(days=11))
    assert clocks.due(clock, "waiting") == date(2026, 5, 1)


@unhurried
@given(st.booleans(), st.integers(0, 60), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4))
def test_what_was_left_is_what_goes_on(in_open_days: bool, length: int, rounds: list[tuple[int, int]]) -> None:
    """However often it goes to and fro: the time at the office adds up to the deadline, in its own days."""
    unit = "working_days" if in_open_days else "days"
    look, today, used = state("look", **{unit: length}), MONDAY, 0
    clock = clocks.entered(clocks.first_clock(MONDAY), look, today)
    whole = clocks.due(clock, "look")
    assert whole is not None
    for office, applicant in rounds:
        last = clocks.due(clock, "look")
        assert last is not None
        before, today = today, today + timedelta(days=office)
        used += sum(not in_open_days or is_open(before + timedelta(days=n + 1)) for n in range(office))
        clock = clocks.entered(clock, APPLICANT, today)
        today += timedelta(days=applicant)
        clock = clocks.entered(clock, look, today)
    last = clocks.due(clock, "look")
    assert last is not None
    total = length if in_open_days else (whole - MONDAY).days
    if used < total and not in_open_days:
        assert (last - today).days == total - used
    elif used < total:
        assert last == add_open_days(today, total - used)


def test_reminders_come_before_the_move() -> None:
    deadline = StateDeadline.model_validate(
        {"days": 14, "move": "lapse", "remind": [{"days_before": 1}, {"days_before": 7}]}
    )
    events = list(clocks.events(deadline, date(2026, 4, 20)))
    assert [(event.on.day, event.reminder is None) for event in events] == [(13, False), (19, False), (21, True)]


LAPSE = {
    "id": "end_unanswered",
    "title": {"ja": "終える"},
    "from": ["correcting"],
    "to": "withdrawn",
    "who": ["system"],
}


@pytest.mark.parametrize(
    ("deadline", "move", "path", "fragment"),
    [
        ({"days": 14, "months": 1}, LAPSE, "workflow.states.0.deadline", "どれか1つ"),
        ({}, LAPSE, "workflow.states.0.deadline", "どれか1つ"),
        ({"days": 14, "move": "end_unanswerd"}, LAPSE, "workflow.states.0.deadline.move", "end_unanswered"),
        (
            {"days": 14, "move": "end_unanswered"},
            LAPSE | {"who": ["clerk"]},
            "workflow.states.0.deadline.move",
            "system",
        ),
        (
            {"days": 14, "move": "end_unanswered"},
            LAPSE | {"needs": ["note"]},
            "workflow.states.0.deadline.move",
            "needs",
        ),
        (
            {"days": 3, "move": "end_unanswered", "remind": [{"days_before": 3}]},
            LAPSE,
            "workflow.states.0.deadline.remind.0.days_before",
            "出ません",
        ),
        ({"until": "until + 1", "move": "end_unanswered"}, LAPSE, "workflow.states.0.deadline.until", ""),
    ],
)
def test_a_deadline_that_could_not_be_kept_is_a_fault(
    deadline: dict[str, Any], move: dict[str, Any], path: str, fragment: str
) -> None:
    workflow = {"preset": "permit", "states": [{"id": "correcting", "deadline": deadline}], "moves": [move]}
    with pytest.raises(DefinitionError) as refused:
        definition(field("until", "date"), workflow=workflow)
    messages = {item.path: f"{item.message} {item.remedy}" for item in refused.value.diagnostics}
    assert path in messages, messages
    assert fragment in messages[path]


def test_publishing_finds_answers_that_leave_a_deadline_without_a_day() -> None:
    workflow = {"preset": "permit", "states": [{"id": "approved", "deadline": {"until": "until"}}]}

    def errors(*fields: dict[str, Any]) -> list[str]:
        return [item.path for item in check(text(*fields, workflow=workflow)) if item.severity == "error"]

    assert errors(field("until", "date", required=False)) == ["workflow.states.0.deadline.until"]
    assert errors(field("until", "date")) == []


def test_a_deadline_that_is_moved_while_it_stands_still_goes_on_from_there() -> None:
    look = state("look", until="collect_on")
    clock = clocks.entered(clocks.first_clock(MONDAY), look, MONDAY, MONDAY + timedelta(days=10))
    clock = clocks.entered(clock, APPLICANT, MONDAY + timedelta(days=2))
    clock = clocks.moved(clock, "look", timedelta(days=7))
    assert clocks.due(clocks.entered(clock, look, MONDAY + timedelta(days=3)), "look") == MONDAY + timedelta(days=18)
