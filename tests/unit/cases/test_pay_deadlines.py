"""Until when a fee is to be paid for which a number for the store was taken: the number's end and the fee's last day are two."""

from datetime import date, datetime

import pytest

from portal.cases import PayDeadline, pay_deadline
from portal.core.clock import TOKYO

NUMBER = datetime(2026, 12, 4, 23, 59, tzinfo=TOKYO)
LATER = date(2026, 12, 10)


@pytest.mark.parametrize("loses_places", [True, False])
def test_the_number_may_end_before_the_last_day_of_the_fee(loses_places: bool) -> None:
    assert pay_deadline(NUMBER, [None, LATER], loses_places=loses_places) == PayDeadline(LATER, NUMBER, loses_places)


def test_where_they_end_together_or_the_number_later_the_places_still_wait_for_the_day_of_the_fee_only() -> None:
    for day in (NUMBER.date(), date(2026, 12, 3)):
        assert pay_deadline(NUMBER, [LATER, day], loses_places=True) == PayDeadline(day, None, loses_places=True)
        assert pay_deadline(NUMBER, [LATER, day], loses_places=False) == PayDeadline(None, NUMBER)


def test_a_fee_without_a_last_day_has_that_of_the_number() -> None:
    assert pay_deadline(NUMBER, [None], loses_places=True) == PayDeadline(None, NUMBER)
    assert pay_deadline(None, [LATER], loses_places=True) == PayDeadline(None, None)
