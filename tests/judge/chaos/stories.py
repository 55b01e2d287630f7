"""Which stories there are, and how often each is told of a hundred times."""

from collections.abc import Callable
from random import Random
from typing import Final

from tests.judge.chaos import alone, counters, household, office, transfers
from tests.judge.chaos.payer import Payer

Story = Callable[[Payer], None]

STORIES: Final[dict[Story, int]] = {
    alone.card: 14,
    alone.declined: 3,
    alone.two_windows: 5,
    alone.double_click: 4,
    alone.store: 6,
    alone.store_then_card: 3,
    alone.lapsed: 2,
    alone.kept: 4,
    alone.kept_and_paid: 2,
    alone.walks_away: 3,
    household.household: 18,
    counters.cash: 4,
    counters.card_reader: 2,
    counters.till_and_page: 3,
    counters.taken_back: 2,
    counters.slip: 6,
    counters.slip_and_card: 2,
    transfers.exact: 3,
    transfers.in_two_parts: 3,
    transfers.too_much: 3,
    transfers.late: 2,
    transfers.transfer_and_card: 2,
    transfers.awaited: 2,
    office.withdrawn: 4,
    office.withdrawn_with_voucher: 2,
    office.refused: 3,
    office.refunded_by_line: 2,
    office.corrected: 3,
    office.waived_open: 2,
    office.waived_paid: 1,
    office.disputed: 2,
}


def choose(rng: Random) -> Story:
    """One of them."""
    return rng.choices([*STORIES], [*STORIES.values()])[0]
