"""Double entry as pure values: a transaction is a list of postings that sums to zero. Amounts are whole yen, debits above zero."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.ledger.chart import ACCOUNTS

KINDS = (
    "charge_raised",
    "charge_reduced",
    "charge_waived",
    "payment_received",
    "deposit_applied",
    "refund_approved",
    "refund_paid",
    "provider_fee",
    "provider_payout",
    "provider_adjustment",
    "disputed",
    "payout_decided",
    "payout_paid",
    "cash_counted",
    "cash_banked",
    "reclassified",
    "transfer_arrived",
    "transfer_applied",
    "transfer_returned",
    "transfer_kept",
    "reversal",
)
"""What can happen to money."""

CARD_READER = "card_reader"
"""The provider of postings for what a card reader at a counter took. Its operator sends no list that the books are compared with."""
_DEBIT_AND_CREDIT = 2
MAX_YEN = 10**13
"""More than any city's budget: a larger amount is a mistake."""


class Unbalanced(ValueError):
    """A transaction that does not sum to zero, or has a posting of nothing."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """What a posting is about. `key` is what has to come to zero in the end: a charge, a refund, a payout (`charge:12`).

    `fee` is the id of the fee's line in its definition; with the procedure it leads to the city's code, unless `account_code`
    says it.
    """

    key: str = ""
    case_id: int | None = None
    order_id: int | None = None
    department_id: int | None = None
    procedure_key: str = ""
    fee: str = ""
    account_code: str = ""


@dataclass(frozen=True, kw_only=True)
class Channel:
    """By which way money moves: the account that it goes into or out of (`in_transit`, `payer_funds`, `cash`, `bank`), the method (`card`, `konbini`,
    `cash`), and where a provider moves it, which one and its id of the movement."""

    account: str = "in_transit"
    method: str = ""
    provider: str = ""
    provider_ref: str = ""


@dataclass(frozen=True)
class Posting:
    """One line of a transaction. `provider_ref` is the id of the charge, refund or payout at the provider, or of the bank's line."""

    account: str
    amount: int
    item: Item = Item()
    method: str = ""
    provider: str = ""
    provider_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Transaction:
    """One movement of money. `cause` names it for good (`charge:12:raised`): the same cause is posted once, however often it is sent.

    `day` is the day that it belongs to; when the books of that day are closed it is booked on the next open one. `booked_as` is the
    kind under which reports count it, where that is another one: that of what is reversed or moved to another code.
    """

    kind: str
    cause: str
    postings: Sequence[Posting]
    day: date
    occurred_at: datetime
    staff_id: int | None = None
    booked_as: str = ""

    def __post_init__(self) -> None:
        """Raise Unbalanced for anything that the books would refuse."""
        if self.kind not in KINDS or not self.cause:
            raise Unbalanced(f"{self.kind} {self.cause}: not a kind of movement, or without a cause")
        check_balanced(self.postings)

    @property
    def total(self) -> int:
        """Yen moved: the sum of its debits."""
        return sum(posting.amount for posting in self.postings if posting.amount > 0)


def check_balanced(postings: Sequence[Posting]) -> None:
    """Raise Unbalanced unless the postings are in known accounts, none is of nothing, and they sum to zero."""
    for posting in postings:
        if posting.account not in ACCOUNTS:
            raise Unbalanced(f"there is no account {posting.account!r}")
        if isinstance(posting.amount, bool) or not isinstance(posting.amount, int):
            raise Unbalanced(f"{posting.amount!r} is not whole yen")
        if not 0 < abs(posting.amount) <= MAX_YEN:
            raise Unbalanced(f"{posting.account}: {posting.amount} yen")
    if len(postings) < _DEBIT_AND_CREDIT or sum(posting.amount for posting in postings) != 0:
        raise Unbalanced("a transaction sums to zero")


def reversed_postings(postings: Sequence[Posting]) -> list[Posting]:
    """The postings that undo these."""
    return [replace(posting, amount=-posting.amount) for posting in postings]
