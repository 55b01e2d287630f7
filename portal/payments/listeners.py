"""Who is notified of changes to payments. Payments must not know cases, so `portal.wiring` connects the listeners at start."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Select
from sqlalchemy.orm import Session

from portal.payments.case_payments import Payment
from portal.payments.history import CaseRefund

PaymentChange = Literal[
    "pending",
    "paid",
    "failed",
    "reopened",
    "needs_review",
    "paid_twice",
    "partly_transferred",
    "surplus_transferred",
    "rest_requested",
    "reversed",
    "disputed",
    "dispute_closed",
]
RefundChange = Literal["refund_approved", "refunded", "refund_failed", "account_needed"]
PaymentListener = Callable[[Session, Payment], None]
RefundListener = Callable[[Session, Payment, CaseRefund], None]
CaseLock = Callable[[Session, Select[int]], None]
CaseNames = Callable[[Session, Collection[int]], Mapping[int, str]]


def _ignore(_session: Session, _payment: Payment) -> None:
    """Nothing follows from it."""


def _no_cases(_session: Session, _case_ids: Select[int]) -> None:
    """Listeners that keep no rows of cases have none to lock."""


def _no_names(_session: Session, _case_ids: Collection[int]) -> Mapping[int, str]:
    """Listeners that keep no cases have no names for them."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Listeners:
    """What one capability does for each change, inside the order's transaction, so that both happen or neither.

    A change without a default cannot be left out: without it money would arrive and its case would never be notified.
    """

    paid: PaymentListener
    """Once for each payment."""
    failed: PaymentListener
    """The order can be paid again after a failed attempt."""
    reopened: PaymentListener
    """The order can be paid again because its money is refunded after a review."""
    needs_review: PaymentListener
    paid_twice: PaymentListener
    """A second payment is being refunded."""
    surplus_transferred: PaymentListener
    """More was transferred than was asked for, or for a payment that was over: it goes back, or waits for somebody's word."""
    reversed: PaymentListener
    """A payment was entered at a counter by mistake: the money is owed again."""
    rest_requested: PaymentListener
    """This payment asks for the part that another one fell short of."""
    refund_approved: RefundListener
    """A second person approved what somebody wished to give back, so that it is under way."""
    refunded: RefundListener
    """Once for each refund."""
    refund_failed: RefundListener
    """The money is back at the city's account and must be transferred by hand."""
    account_needed: RefundListener
    """The provider asks the payer for a bank account, and waits."""
    pending: PaymentListener = _ignore
    partly_transferred: PaymentListener = _ignore
    """A part of a transfer arrived; the rest is awaited."""
    disputed: PaymentListener = _ignore
    """The cardholder contests it; the provider holds the money until the dispute is over."""
    dispute_closed: PaymentListener = _ignore
    """A dispute was won, and the money counts as before, or lost, and it went back."""
    lock_cases: CaseLock = _no_cases
    """Before an order is locked whose change these listeners may be notified of: lock the rows of its cases, by their ids."""
    name_cases: CaseNames = _no_names
    """What the cases with these ids are called in the reader's language, title and number: charges keep it in Japanese."""


class NotConnected(RuntimeError):
    """This process did not call `portal.wiring.connect()`: cases would not be notified of their payments."""

    def __init__(self) -> None:
        super().__init__("no listeners to payments are connected; call portal.wiring.connect() at start")


_connected: list[Listeners] = []


def connect_listeners(listeners: Sequence[Listeners]) -> None:
    """Notify these listeners, and no others, from now on."""
    _connected[:] = listeners


def lock_cases(session: Session, case_ids: Select[int]) -> None:
    """Let the listeners lock the cases with these ids. Whoever decides about a case locks it before its orders, and so must money that arrives."""
    for listeners in _connected:
        listeners.lock_cases(session, case_ids)


def names_of_cases(session: Session, case_ids: Collection[int]) -> dict[int, str]:
    """What the listeners call these cases in the reader's language, by their ids; what nobody calls anything is left out."""
    return {
        case_id: name for listeners in _connected for case_id, name in listeners.name_cases(session, case_ids).items()
    }


def emit(session: Session, payments: Iterable[Payment], change: PaymentChange) -> None:
    """Notify the listeners of a change to an order, once for each of its cases, in the order of the cases' ids: each locks its case.

    Raises NotConnected, which undoes the change: it is then detected again later.
    """
    for listeners in _require():
        for payment in sorted(payments, key=lambda each: each.case_id):
            getattr(listeners, change)(session, payment)


def emit_refund(session: Session, parts: Iterable[tuple[Payment, CaseRefund]], change: RefundChange) -> None:
    """Notify the listeners of a change to a refund, once for each case whose money it gives back. Raises NotConnected."""
    for listeners in _require():
        for payment, part in parts:
            getattr(listeners, change)(session, payment, part)


def _require() -> list[Listeners]:
    if not _connected:
        raise NotConnected
    return _connected
