"""The decisions about a payment, as pure functions: what an observation changes, what may be paid, what may be given back.

States only move forward. Each state has a rank, and of two the higher wins; so observations may come late, twice or in any
order and end in the same state. A failed attempt may still turn out paid, because money that arrived is never overlooked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ATTEMPT_STATUSES = ("prepared", "open", "pending", "expired", "failed", "paid")
"""In the order of their rank. `pending`: a voucher was issued, or the money is on its way."""

LIVE = ("prepared", "open", "pending")
PAYMENT_STATUSES = ("open", "pending", "failed", "paid", "refunded", "canceled", "needs_review")
PAYABLE = ("open", "pending", "failed")
REFUND_STATUSES = ("requested", "approved", "pending", "requires_action", "succeeded", "canceled", "failed")
"""In the order of their rank: a refund that had succeeded may still fail, when the card's issuer sends it back."""

REFUND_VOID = ("canceled", "failed")
NOTE_KINDS = ("refund", "rejection", "review")
"""Why money goes back; why a refund was not approved; why a payment under review was decided as it was."""

REVIEW_REASONS = ("amount", "currency", "reference", "canceled", "dispute")
REVIEW_DECISIONS = ("accepted", "given_back", "difference", "resolved")
SET_ASIDE_REASONS = ("no_object", "not_ours", "refused", "given_up")
"""An event about something without an id; about a payment of another system on the same account; the provider no longer
knows the object; the provider did not answer in `MAX_EVENT_TRIES` tries."""

MAX_EVENT_TRIES = 300
"""About a day of the sweeper's looking."""
METHOD_LIMITS = {"card": (50, 99_999_999), "konbini": (120, 300_000), "paypay": (50, 1_000_000)}
"""Yen that each method takes, smallest and largest (Stripe's documentation for Japan)."""


def forward_attempt(current: str, seen: str) -> str:
    """The attempt's state after `seen` was observed."""
    return max(current, seen, key=ATTEMPT_STATUSES.index)


def forward_refund(current: str, seen: str) -> str:
    """The refund's state after `seen` was observed."""
    return max(current, seen, key=REFUND_STATUSES.index)


@dataclass(frozen=True)
class AttemptState:
    """What the decision needs of an attempt."""

    status: str
    settles: bool = False


def payment_status(
    attempts: Sequence[AttemptState], *, received: int, given_back: int, canceled: bool, review: bool
) -> str:
    """The state of a payment, from its attempts (oldest first) and what arrived and went back with the settling one.

    A payment's state is worked out again after each change, so it cannot disagree with its attempts.
    """
    if review:
        return "needs_review"
    if any(tried.settles for tried in attempts):
        return "refunded" if given_back >= received else "paid"
    if canceled:
        return "canceled"
    if any(tried.status == "pending" for tried in attempts):
        return "pending"
    return "failed" if attempts and attempts[-1].status == "failed" else "open"


def mismatch(*, expected: int, amount: int, currency: str, reference: str, seen_reference: str | None) -> str | None:
    """Why what the provider shows is not what was asked for; None when it is."""
    if currency.upper() != "JPY":
        return "currency"
    if amount != expected:
        return "amount"
    return "reference" if seen_reference != reference else None


def usable_methods(methods: Iterable[str], amount: int) -> list[str]:
    """Those of the city's methods that take this many yen."""
    return [
        name for name in methods if name in METHOD_LIMITS and METHOD_LIMITS[name][0] <= amount <= METHOD_LIMITS[name][1]
    ]


def refundable(paid: int, refunds: Iterable[tuple[int, str]]) -> int:
    """Yen still to be given back, from the paid amount and (amount, status) of every refund; never negative."""
    taken = sum(amount for amount, status in refunds if status not in REFUND_VOID)
    return max(0, paid - taken)


def refunded_total(refunds: Iterable[tuple[int, str]]) -> int:
    """Yen that went back for certain."""
    return sum(amount for amount, status in refunds if status == "succeeded")


def review_decisions(reason: str, *, expected: int, received: int | None) -> tuple[str, ...]:
    """What staff may decide about money under review (`REVIEW_DECISIONS`), the most usual first.

    Money in another currency is no yen that could count or go back here; disputed money cannot go back while the bank holds it.
    """
    if received is None or reason == "currency":
        return ("resolved",)
    if reason == "dispute":
        return ("accepted", "resolved")
    if reason == "canceled":
        return ("given_back", "accepted", "resolved")
    rest = ("difference",) if received < expected else ()
    return (*rest, "accepted", "given_back", "resolved")
