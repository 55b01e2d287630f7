"""Windows of acceptance: which days they hold, and what a definition may say of them."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import acceptance_at, check, diff, load
from forms.definition.acceptance import AcceptanceWindow

SOURCE = """
procedure: allotment
kind: booking
title: {{ja: 市民農園の申込み}}
department: parks
acceptance:
{windows}
steps:
  - id: who
    title: {{ja: 申し込む方}}
    fields:
      - {{id: name, type: person_name, item: person.name}}
workflow: {{preset: notification}}
"""
YEARLY = AcceptanceWindow.model_validate({"from": "02-01", "until": "02-14"})


def source(*windows: str) -> str:
    return SOURCE.format(windows="\n".join(f"  - {window}" for window in windows))


def faults(*windows: str) -> list[str]:
    return [fault.message for fault in check(source(*windows)) if fault.severity == "error"]


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2027-01-31T23:59", False),
        ("2027-02-01T00:00", True),
        ("2027-02-14T23:59", True),
        ("2027-02-15T00:00", False),
        ("2028-02-10T12:00", True),
    ],
)
def test_both_days_of_a_yearly_window_count(moment: str, opens: bool) -> None:
    assert acceptance_at([YEARLY], datetime.fromisoformat(moment)).is_open is opens


def test_a_window_over_new_year_belongs_to_the_year_in_which_it_begins() -> None:
    window = AcceptanceWindow.model_validate({"from": "12-15", "until": "01-10"})
    for moment in ("2026-12-20T10:00", "2027-01-10T23:00"):
        current = acceptance_at([window], datetime.fromisoformat(moment)).current
        assert current is not None
        assert current.edition == "2026-12-15"
    assert not acceptance_at([window], datetime.fromisoformat("2027-01-11T00:00")).is_open


def test_one_window_is_over_for_good_and_hours_are_kept() -> None:
    window = AcceptanceWindow.model_validate(
        {"from": "2027-04-01", "until": "2027-04-10", "opens_at": "09:00", "closes_at": "17:00"}
    )
    before = acceptance_at([window], datetime.fromisoformat("2027-04-01T08:59"))
    assert before.next is not None
    assert before.next.begins == datetime.fromisoformat("2027-04-01T09:00")
    assert acceptance_at([window], datetime.fromisoformat("2027-04-10T16:59")).is_open
    assert acceptance_at([window], datetime.fromisoformat("2027-04-10T17:00")).is_over


def test_without_windows_it_is_always_open() -> None:
    assert acceptance_at([], datetime.fromisoformat("2027-04-10T17:00")).is_open


@given(
    day_asked=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    hour=st.integers(0, 23),
    month=st.integers(1, 12),
    day=st.integers(1, 28),
    length=st.integers(0, 300),
)
def test_a_yearly_window_is_always_on_or_coming(day_asked: date, hour: int, month: int, day: int, length: int) -> None:
    moment = datetime.combine(day_asked, time(hour))
    last = date(2027, month, day) + timedelta(days=length)
    if (last.month, last.day) == (2, 29):
        last -= timedelta(days=1)
    window = AcceptanceWindow.model_validate({"from": f"{month:02}-{day:02}", "until": f"{last:%m-%d}"})
    acceptance = acceptance_at([window], moment)
    assert not acceptance.is_over
    if acceptance.current:
        assert acceptance.current.begins is not None
        assert acceptance.current.begins <= moment


@pytest.mark.parametrize(
    ("window", "part"),
    [
        ("{from: 02-29, until: 03-10}", "2月29日"),
        ("{from: 02-01}", "両方"),
        ("{from: 2027-02-01, until: 02-14}", "両方"),
        ("{from: 2027-02-14, until: 2027-02-01}", "あと"),
        ("{opens_at: '09:00'}", "from か until"),
        ("{from: 2027-02-01, opens_at: '25:00'}", "09:00"),
    ],
)
def test_a_window_that_says_nothing_sound_is_a_fault(window: str, part: str) -> None:
    (message,) = faults(window)
    assert part in message


def test_a_changed_window_is_named_in_the_difference() -> None:
    before, after = load(source("{from: 02-01, until: 02-14}")), load(source("{from: 02-01, until: 02-20}"))
    words = "".join(change.subject + (change.before or "") + (change.after or "") for change in diff(before, after))
    assert all(part in words for part in ("受付期間", "02-14", "02-20"))
