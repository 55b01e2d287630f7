"""The rules of an order as pure functions: what a snapshot changes, what can be paid, what can be refunded.

Statuses only move forward. Each has a rank, and of two the higher wins; so snapshots may arrive late, twice or in any order
and lead to the same status. A failed attempt may still turn out paid, because money that arrived is never overlooked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from forms.definition.fee import METHOD_LIMITS

ATTEMPT_STATUSES = ("prepared", "open", "pending", "expired", "failed", "paid", "reversed")
"""In the order of their rank. `pending`: a voucher was issued, a transfer is awaited, or the money is on its way; `reversed`: entered at a
counter by mistake."""

LIVE = ("prepared", "open", "pending")
PAYMENT_STATUSES = ("open", "pending", "failed", "paid", "refunded", "canceled", "needs_review")
PAYABLE = ("open", "pending", "failed")
CHARGE_STATUSES = ("owed", "pending", "review", "paid", "refunded", "canceled", "waived")
"""`waived`: nothing of it is owed any more, because somebody decided so (減免)."""
OPEN_CHARGES = ("owed", "pending")
REFUND_STATUSES = ("requested", "approved", "pending", "requires_action", "succeeded", "canceled", "failed")
"""In the order of their rank: a refund that had succeeded may still fail, when the card's issuer sends it back."""

REFUND_GROUNDS = ("", "waiver", "correction", "surplus", "dispute", "transfer")
"""Why money goes back where a rule says it: a fee was waived, a correction made it smaller, more was paid than is owed, a cardholder
won a dispute, or a transfer was too much, too late, or for a payment that was given up."""

SURPLUS_OF_TRANSFERS = "transfer"
"""The grounds of a refund of money that never was part of a payment."""

DISPUTE_STATUSES = ("open", "won", "lost")

WAIVER_STATUSES = ("requested", "granted", "rejected", "revoked")
REFUND_UNDER_WAY = ("approved", "pending", "requires_action")
"""Decided, and not yet with the payer."""
REFUND_VOID = ("canceled", "failed")
"""A refund in one of these left the money with the city."""

UNSETTLED_REFUNDS = ("requested", "approved", "pending", "requires_action")
"""A refund in one of these is not over yet."""

NOTE_KINDS = ("refund", "rejection", "review", "reversal")
"""Why money is refunded; why a refund was not approved; why a review was decided as it was; why an entry at a counter was wrong."""

REVIEW_REASONS = ("amount", "currency", "reference", "canceled", "dispute")
REVIEW_DECISIONS = ("accepted", "given_back", "difference", "resolved")
SET_ASIDE_REASONS = ("no_object", "not_ours", "refused", "given_up")
"""Why nothing was done for an event: its object has no id; it belongs to another system on the same account; the provider no
longer knows the object; the provider did not answer in `MAX_EVENT_TRIES` attempts."""

MAX_EVENT_TRIES = 300
"""About one day of sweeps."""
BANK_TRANSFER = "bank_transfer"
"""The one method by which any amount can arrive, at any time."""
COUNTER_METHODS = ("cash", "card_reader")
"""Ways of paying at a counter of the city: to a cashier, or at the card reader there."""
MethodLimit = tuple[str, Sequence[str]]
"""What a charge is for, and the methods by which it may be paid online; none: all."""
OFFLINE_METHODS = (*COUNTER_METHODS, "slip")
"""Ways that the provider has no part in: at a counter, or with a slip (納付書) at a bank."""


def forward_attempt(current: str, reported: str) -> str:
    """Return the attempt's status after the provider reported `reported`."""
    return max(current, reported, key=ATTEMPT_STATUSES.index)


def forward_refund(current: str, reported: str) -> str:
    """Return the refund's status after the provider reported `reported`."""
    return max(current, reported, key=REFUND_STATUSES.index)


@dataclass(frozen=True)
class AttemptState:
    """The part of an attempt that decides about its order."""

    status: str
    settles: bool = False


def payment_status(
    attempts: Sequence[AttemptState], *, received: int, given_back: int, canceled: bool, review: bool
) -> str:
    """Return the status of an order, from its attempts (oldest first) and the yen received and refunded with the settling one.

    An order's status is computed again after each change, so it cannot disagree with its attempts.
    """
    if review:
        return "needs_review"
    if any(attempt.settles for attempt in attempts):
        return "refunded" if given_back >= received else "paid"
    if canceled:
        return "canceled"
    if any(attempt.status == "pending" for attempt in attempts):
        return "pending"
    return "failed" if attempts and attempts[-1].status == "failed" else "open"


def charge_status(order_status: str, *, due: int, received: int, given_back: int, canceled: bool) -> str:
    """Return the status of a charge of which `due` yen are not waived, from that of its order and the yen received and refunded for it."""
    if not due and not received and not canceled:
        return "waived"
    if order_status in {"paid", "refunded"}:
        return "refunded" if given_back >= received > 0 else "paid"
    if canceled or order_status == "canceled":
        return "canceled"
    return {"pending": "pending", "needs_review": "review"}.get(order_status, "owed")


def voucher_days(longest: int, last_days: Iterable[date | None], on: date) -> int:
    """Return for how many days a number for the convenience store works that is taken on a day: `longest`, but not beyond the last day of
    a charge, as long as that is not past. The provider takes no less than one.
    """
    coming = [(last - on).days for last in last_days if last is not None and last >= on]
    return max(1, min(longest, *coming)) if coming else longest


def allocate(received: int, amounts: Sequence[int]) -> list[int]:
    """Return how much of what was received each charge gets: one after the other; the last also gets what is too much."""
    shares, rest = [], received
    for amount in amounts:
        shares.append(min(amount, rest))
        rest -= shares[-1]
    if shares:
        shares[-1] += rest
    return shares


def spread_refund(amount: int, refundable_by_charge: Mapping[int, int]) -> dict[int, int]:
    """Return how much of each charge a refund gives back that names none: the last ones first, as the last to be paid for."""
    parts: dict[int, int] = {}
    for charge_id, left in reversed(list(refundable_by_charge.items())):
        part = min(left, amount)
        if part > 0:
            parts[charge_id] = part
            amount -= part
    return parts


def mismatch(
    *, expected: int, amount: int, currency: str, reference: str, reported_reference: str | None
) -> str | None:
    """Return in what the provider's report differs from the request (a review reason); None when it matches."""
    if currency.upper() != "JPY":
        return "currency"
    if amount != expected:
        return "amount"
    return "reference" if reported_reference != reference else None


@dataclass(frozen=True)
class AbsentMethod:
    """A method of the city that is not offered: `title` is the charge that may not be paid so; without one the sum is too small or too large."""

    method: str
    title: str = ""


def usable_methods(methods: Iterable[str], amount: int, limits: Iterable[MethodLimit] = ()) -> list[str]:
    """Return those of the city's methods that accept this amount, and by which every charge may be paid."""
    limits = list(limits)
    return [name for name in methods if name in METHOD_LIMITS and _absence(name, amount, limits) is None]


def absent_methods(methods: Iterable[str], amount: int, limits: Iterable[MethodLimit]) -> list[AbsentMethod]:
    """Return those of the city's methods that `usable_methods` leaves out, each with the reason."""
    limits = list(limits)
    absent = (_absence(name, amount, limits) for name in methods if name in METHOD_LIMITS)
    return [each for each in absent if each is not None]


def _absence(method: str, amount: int, limits: Iterable[MethodLimit]) -> AbsentMethod | None:
    for title, allowed in limits:
        if allowed and method not in allowed:
            return AbsentMethod(method, title)
    least, most = METHOD_LIMITS[method]  # type: ignore[index] # the caller knows that it is one
    return None if least <= amount <= most else AbsentMethod(method)


def refundable(paid: int, refunds: Iterable[tuple[int, str]]) -> int:
    """Return the yen that can still be refunded, from the paid amount and (amount, status) of every refund; never negative."""
    reserved = sum(amount for amount, status in refunds if status not in REFUND_VOID)
    return max(0, paid - reserved)


def surplus_of_transfers(arrived: int, *, applied: int, returns: Iterable[tuple[int, str, bool]]) -> int:
    """Return the yen that came by transfer and that neither the payment has nor a return speaks for.

    `returns` are (amount, status, whether somebody took it on after it failed) of every return. One that failed waits for somebody, and one
    that staff called off was their decision: neither is begun again.
    """
    spoken_for = sum(amount for amount, status, is_handled in returns if not (status == "failed" and is_handled))
    return max(0, arrived - applied - spoken_for)


def refunded_total(refunds: Iterable[tuple[int, str]]) -> int:
    """Return the yen of the refunds that succeeded."""
    return sum(amount for amount, status in refunds if status == "succeeded")


def review_decisions(reason: str, *, expected: int, received: int | None) -> tuple[str, ...]:
    """Return the decisions open to staff for money under review (`REVIEW_DECISIONS`), the most usual first.

    Money in another currency can neither count nor be refunded here; disputed money cannot be refunded while the bank holds it.
    """
    if received is None or reason == "currency":
        return ("resolved",)
    if reason == "dispute":
        return ("accepted", "resolved")
    if reason == "canceled":
        return ("given_back", "accepted", "resolved")
    rest = ("difference",) if received < expected else ()
    return (*rest, "accepted", "given_back", "resolved")
