"""What the provider's balance transactions leave in the city's books: its fees, its payouts to the bank, disputes, and whatever else
moved the balance. Payments and refunds themselves are booked when they happen, not when the list arrives.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from portal.ledger import Transaction, movements
from portal.payments.gateway import PROVIDER
from portal.payments.provider import BalanceTransaction

_OF_PAYERS = frozenset({"charge", "payment", "refund", "payment_refund", "refund_failure", "payment_failure_refund"})
_PAYOUTS = frozenset({"payout", "payout_cancel", "payout_failure"})
_FEES = frozenset({"stripe_fee", "network_cost"})
_DISPUTES = frozenset({"adjustment", "dispute", "payment_reversal"})


def bookings(transactions: Sequence[BalanceTransaction]) -> list[Transaction]:
    """The movements of the books that follow from new balance transactions, each with its own cause."""
    return [booking for transaction in transactions for booking in _bookings(transaction)]


def _bookings(transaction: BalanceTransaction) -> Iterator[Transaction]:
    reference = transaction.source_id or transaction.entry_id
    cause = f"balance:{transaction.entry_id}"
    when: dict[str, Any] = {"at": transaction.created_at, "provider": PROVIDER, "provider_ref": reference}
    fee = transaction.fee
    if transaction.type in _FEES:
        fee = fee - transaction.gross
    elif transaction.gross and transaction.type in _PAYOUTS:
        yield movements.provider_payout(-transaction.gross, cause=cause, **when)
    elif transaction.gross and transaction.type in _DISPUTES:
        yield movements.disputed(-transaction.gross, cause=cause, **when)
    elif transaction.gross and transaction.type not in _OF_PAYERS:
        yield movements.provider_adjustment(transaction.gross, cause=cause, **when)
    if fee:
        yield movements.provider_fee(fee, cause=f"{cause}:fee", **when)
