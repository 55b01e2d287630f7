"""Booking what was charged, received and refunded before the city had books, with the moments at which it happened."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.payments import queries
from portal.payments.bookkeeping import (
    book_called_off,
    book_counted,
    book_raised,
    book_received,
    book_refund_approved,
    book_refund_ended,
)
from portal.payments.models import Order, PaymentAttempt, Refund
from portal.payments.settlement import charges_of_order, parts_of_refund

BATCH = 200


def book_former_orders(city_key: str) -> int:
    """Book every order, its money and its refunds as they stand; return how many orders. Safe to repeat and to break off.

    Causes are those under which the same movements are booked as they happen, so what is in the books already stays as it is.
    """
    done, last = 0, 0
    while True:
        with city_session(city_key) as session:
            ids = list(session.scalars(select(Order.id).where(Order.id > last).order_by(Order.id).limit(BATCH)))
            for order_id in ids:
                _book(session, queries.lock_order(session, order_id))
        if not ids:
            return done
        done, last = done + len(ids), ids[-1]


def _book(session: Session, order: Order) -> None:
    charges = charges_of_order(session, order.id)
    book_raised(session, charges)
    book_called_off(session, [charge for charge in charges if charge.canceled_at is not None])
    attempts = {attempt.id: attempt for attempt in queries.attempts_of_order(session, order.id)}
    for attempt in attempts.values():
        # What came in another currency has no sum in yen unless somebody decided that it counts.
        if attempt.status == "paid" and (attempt.settles or attempt.received is not None):
            _book_money(session, order, attempt)
    for refund in queries.refunds_of_order(session, order.id):
        _book_refund(session, order, refund, attempts[refund.attempt_id])


def _book_money(session: Session, order: Order, attempt: PaymentAttempt) -> None:
    """Money that staff had to decide about was held first, and counted by their decision."""
    was_held = bool(attempt.reviewed)
    book_received(session, order, attempt, counts=attempt.settles and not was_held)
    if attempt.settles and was_held:
        book_counted(session, order, attempt)


def _book_refund(session: Session, order: Order, refund: Refund, attempt: PaymentAttempt) -> None:
    if refund.status in {"requested", "canceled"}:
        return
    book_refund_approved(session, order, refund, parts_of_refund(session, refund), at=refund.created_at)
    book_refund_ended(session, refund, attempt, "approved", at=refund.finished_at or now())
