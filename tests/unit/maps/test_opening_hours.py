"""Opening hours are read in the writings that people use; what is not certain is no hours."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.maps.opening_hours import OpenDays, OpeningHours, days_of, hours_of, minutes_of, state_at

WEEK = frozenset(range(5))


@pytest.mark.parametrize(
    ("written", "weekdays", "holidays"),
    [
        ("月火水木金", WEEK, None),
        ("月~金", WEEK, None),
        ("月曜日から金曜日", WEEK, None),
        ("月-金", WEEK, None),
        ("平日", WEEK, False),
        ("平日、土", WEEK | {5}, False),
        ("土・日・祝日", frozenset({5, 6}), True),
        ("火 〜 日", frozenset({1, 2, 3, 4, 5, 6}), None),
        ("金〜月", frozenset({4, 5, 6, 0}), None),
        ("月,水,金", frozenset({0, 2, 4}), None),
        ("毎日", frozenset(range(7)), True),
    ],
)
def test_days(written: str, weekdays: frozenset[int], holidays: bool | None) -> None:
    assert days_of(written) == OpenDays(weekdays, holidays)


@pytest.mark.parametrize("written", ["", None, "月曜休館", "第2月曜を除く毎日", "9:00", 5, "要問い合わせ", "月〜"])
def test_days_that_are_not_certain(written: object) -> None:
    assert days_of(written) is None


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("9:00", 540), ("09:00:00", 540), ("9:00", 540), ("9時", 540), ("9時半", 570), ("午後5時15分", 1035),
        ("17:15", 1035), ("0930", 570), ("24:00", 1440), (0.375, 540), (0, 0), ("午前0時", 0), ("PM5:00", 1020),
    ],
)  # fmt: skip
def test_times(written: object, minutes: int) -> None:
    assert minutes_of(written) == minutes


@pytest.mark.parametrize("written", ["", None, "朝", "25:00", "9:75", 9, True, "9:00〜17:00"])
def test_times_that_are_not_certain(written: object) -> None:
    assert minutes_of(written) is None


def test_hours_need_days_and_both_times() -> None:
    known = {"利用可能曜日": "火〜日", "開始時間": "9:30", "終了時間": "20:00"}
    assert hours_of(known) == OpeningHours(OpenDays(frozenset({1, 2, 3, 4, 5, 6}), None), 570, 1200)
    for name in known:
        assert hours_of({**known, name: ""}) is None


@pytest.mark.parametrize(
    ("moment", "kind", "until"),
    [
        ("2026-11-24T09:29", "closed", 570),  # a Tuesday, before it opens
        ("2026-11-24T09:30", "open", 1200),
        ("2026-11-24T20:00", "closed", None),
        ("2026-11-30T12:00", "closed", None),  # a Monday
        ("2026-11-03T12:00", "unsure", None),  # a holiday, a Tuesday
        ("2026-12-29T12:00", "unsure", None),
    ],
)
def test_open_now(moment: str, kind: str, until: int | None) -> None:
    hours = OpeningHours(OpenDays(frozenset({1, 2, 3, 4, 5, 6}), None), 570, 1200)
    state = state_at(hours, datetime.fromisoformat(moment))
    assert (state.kind, state.until) == (kind, until)


def test_hours_past_midnight_are_those_of_the_day_before() -> None:
    hours = OpeningHours(OpenDays(frozenset({4}), None), 22 * 60, 5 * 60)
    assert state_at(hours, datetime.fromisoformat("2026-11-28T04:59")).kind == "open"
    assert state_at(hours, datetime.fromisoformat("2026-11-28T05:00")).kind == "closed"
    assert state_at(hours, datetime.fromisoformat("2026-11-28T22:30")).kind == "closed"


def test_open_all_day_on_holidays_too() -> None:
    hours = hours_of({"利用可能曜日": "年中無休", "開始時間": "0:00", "終了時間": "24:00"})
    assert hours is not None
    assert state_at(hours, datetime.fromisoformat("2026-11-03T03:00")).kind == "open"


def test_a_remark_about_holidays_makes_them_uncertain() -> None:
    every_day = {"利用可能曜日": "毎日", "開始時間": "9:00", "終了時間": "22:00"}
    reserved = {**every_day, "利用可能日時特記事項": "年末年始は休み"}
    for properties, kind in ((every_day, "open"), (reserved, "unsure")):
        hours = hours_of(properties)
        assert hours is not None
        assert state_at(hours, datetime.fromisoformat("2026-12-30T12:00")).kind == kind
        assert state_at(hours, datetime.fromisoformat("2026-12-25T12:00")).kind == "open"


@given(st.text(), st.text() | st.floats() | st.integers() | st.none())
def test_nothing_that_is_written_is_an_error(days: str, time: object) -> None:
    hours_of({"利用可能曜日": days, "開始時間": time, "終了時間": time})
