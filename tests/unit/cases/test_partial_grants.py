"""Reading what part of an answer is granted: less of it, never more."""

from typing import Any

import pytest

from portal.cases.partial_grants import granted_value
from tests.unit.forms.making import definition, field

PERIOD = {"start": "2026-10-01", "end": "2026-10-31"}
ROWS = [{"name": "一"}, {"name": "二"}, {"name": "三"}]


def granted(kind: str, requested: Any, *typed: str, **settings: Any) -> Any:
    question = definition(field("asked", kind, **settings)).fields["asked"]
    return granted_value(question, requested, typed)


@pytest.mark.parametrize(("typed", "yen"), [("1,200", 1200), ("１２００", 1200), ("0", 0), ("5000", 5000)])
def test_less_of_a_number_is_granted_down_to_nothing(typed: str, yen: int) -> None:
    assert granted("money", 5000, typed) == yen


@pytest.mark.parametrize(
    ("typed", "told"), [("5001", "5,000まで"), ("-1", "0から"), ("", "数字"), ("1.5", "整数"), ("多め", "数字")]
)
def test_more_of_a_number_or_none_at_all_is_refused_in_words(typed: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        granted("money", 5000, typed)


def test_days_are_granted_within_those_that_were_asked_for() -> None:
    assert granted("date_range", PERIOD, "2026-10-05", "2026-10-31") == {"start": "2026-10-05", "end": "2026-10-31"}
    for typed in (("2026-09-30", "2026-10-31"), ("2026-10-05", "2026-11-01"), ("2026-10-20", "2026-10-10")):
        with pytest.raises(ValueError, match="申請された期間の中で"):
            granted("date_range", PERIOD, *typed)
    for unreadable in (("", ""), ("2026-10-05",), ("いつか", "2026-10-31")):
        with pytest.raises(ValueError, match="日付で"):
            granted("date_range", PERIOD, *unreadable)


def test_rows_are_granted_by_their_numbers_and_others_count_for_nothing() -> None:
    rows = {"fields": [field("name", "text")]}
    assert granted("group", ROWS, "0", "2", **rows) == [ROWS[0], ROWS[2]]
    assert granted("group", ROWS, "7", "-1", "x", **rows) == []
