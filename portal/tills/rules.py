"""What a till has to hold, as pure functions. Amounts are whole yen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DENOMINATIONS = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 1)
"""Notes and coins in circulation, the largest first, as they stand on a count sheet (金種表)."""
SHIFT_STATUSES = ("open", "counted", "closed")
"""`counted`: the count differs by so much that a second person has to confirm it."""
ENTRY_KINDS = ("payment", "reversal", "refund")
BRANDS = ("visa", "mastercard", "jcb", "amex", "diners", "other")
"""Brands of cards, as operators of card readers tell them apart."""
MAX_PIECES = 99_999
MAX_YEN = 99_999_999


@dataclass(frozen=True)
class Tally:
    """What a till took and paid back by one method."""

    paid: int = 0
    paid_count: int = 0
    reversed: int = 0
    reversed_count: int = 0
    refunded: int = 0
    refunded_count: int = 0

    @property
    def net(self) -> int:
        """Yen by which it has more than before."""
        return self.paid - self.reversed - self.refunded

    def with_entry(self, kind: str, amount: int) -> "Tally":
        """The tally with one more entry."""
        paid, taken_back, refunded = (kind == each for each in ENTRY_KINDS)
        return Tally(
            self.paid + amount * paid,
            self.paid_count + paid,
            self.reversed + amount * taken_back,
            self.reversed_count + taken_back,
            self.refunded + amount * refunded,
            self.refunded_count + refunded,
        )


def tallies(entries: Iterable[tuple[str, str, int]]) -> dict[str, Tally]:
    """The tally of each method, from (kind, method, amount) of the entries of a shift; cash is always there."""
    by_method = {"cash": Tally()}
    for kind, method, amount in entries:
        by_method[method] = by_method.get(method, Tally()).with_entry(kind, amount)
    return by_method


def expected_cash(float_amount: int, cash: Tally) -> int:
    """What must be in the drawer: the float, and what came and went in cash since."""
    return float_amount + cash.net


def sum_of(pieces: Mapping[int, int]) -> int:
    """Yen of so many pieces of each denomination."""
    return sum(denomination * count for denomination, count in pieces.items())


def change_of(amount: int, tendered: int) -> int:
    """The change (おつり) for what was handed over; below zero: it is not enough."""
    return tendered - amount


def needs_confirmation(difference: int, confirmed_above: int) -> bool:
    """Whether a second person has to confirm a difference, which is so many yen too much or too little."""
    return abs(difference) > confirmed_above
