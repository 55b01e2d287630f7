"""When the telephone is answered."""

from datetime import datetime, time

import pytest

from portal.core.clock import TOKYO
from portal.residents.office_hours import open_until, opens_next

HOURS = time(8, 30), time(17, 15)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-24T08:30", "2026-11-24T17:15"),
        ("2026-11-24T17:14", "2026-11-24T17:15"),
        ("2026-11-24T17:15", None),
        ("2026-11-24T08:29", None),
        ("2026-11-23T10:00", None),  # 勤労感謝の日
        ("2026-11-22T10:00", None),
        ("2026-12-29T10:00", None),
    ],
)
def test_open_hours(moment: str, until: str | None) -> None:
    assert open_until(at(moment), HOURS) == (at(until) if until else None)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-20T18:00", "2026-11-24T08:30"),  # Friday evening before a long weekend
        ("2026-11-24T07:00", "2026-11-24T08:30"),
        ("2026-11-24T12:00", "2026-11-25T08:30"),
        ("2026-12-28T18:00", "2027-01-04T08:30"),
    ],
)
def test_the_next_opening_passes_over_weekends_holidays_and_new_year(moment: str, opens: str) -> None:
    assert opens_next(at(moment), HOURS) == at(opens)
