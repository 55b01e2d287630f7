"""What arrives by bank transfer: counted as it comes, told to the payer, and given back where it is too much, too late, or for nothing.

The provider holds it for the payer until it makes the payment whole. Everything here follows from the list of what arrived
(`TransferArrival`), each once by the provider's id of it, and happens under the lock of the order.
"""

from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from common.open_days import open_day_from
from portal.core.clock import TOKYO, now, today
from portal.core.events import SYSTEM
from portal.payments import listeners, rules
from portal.payments.awaited_transfers import arrived_for
from portal.payments.bookkeeping import book_refund_approved, book_transfer_arrived
from portal.payments.case_payments import payments_of_order
from portal.payments.history import record_payment, record_refund
from portal.payments.models import Order, PaymentAttempt, Refund
from portal.payments.policy import due_days, return_rules
from portal.payments.provider import TransferSnapshot
from portal.payments.rule_refunds import enqueue_sending, new_refund
from portal.payments.transfer_models import TransferArrival

READ_FOR: Final = timedelta(days=120)
"""For so long the provider is asked at night whether somebody still transferred for a payment that is over; its events come besides."""


def take_arrivals(session: Session, order: Order, attempt: PaymentAttempt, transfer: TransferSnapshot) -> bool:
    """Keep where to transfer to and what arrived so far; whether anything is new. It is booked as the payer's until it is used."""
    attempt.customer_id, attempt.unapplied = transfer.customer_id, transfer.unapplied
    if transfer.account is not None and attempt.transfer_account is None:
        last_day = open_day_from(today() + timedelta(days=due_days(session).transfer_within))
        until = datetime.combine(last_day, time(23, 59, 59), TOKYO)
        attempt.transfer_account = {**transfer.account, "expires_at": until.isoformat()}
    session.flush()
    is_new = False
    for arrival in transfer.arrivals:
        values = {
            "entry_id": arrival.entry_id,
            "attempt_id": attempt.id,
            "amount": arrival.amount,
            "arrived_at": arrival.arrived_at,
        }
        row = insert(TransferArrival).values(**values).on_conflict_do_nothing().returning(TransferArrival.entry_id)
        if session.scalar(row) is not None:
            book_transfer_arrived(session, order, attempt, arrival)
            is_new = True
    return is_new


def tell_of_arrivals(session: Session, order: Order, attempt: PaymentAttempt, *, is_new: bool) -> None:
    """Say that a part arrived while the rest is awaited; give back what came beyond the payment, or for one that was given up."""
    arrived = arrived_for(session, attempt.id)
    if attempt.status in rules.LIVE:
        if is_new and 0 < arrived < attempt.amount:
            missing = attempt.amount - arrived
            record_payment(session, order, "payment.partly_transferred", SYSTEM, amount=arrived, missing=missing)
            listeners.emit(session, payments_of_order(session, order.id), "partly_transferred")
        return
    applied = attempt.received_amount if attempt.status == "paid" else 0
    surplus = rules.surplus_of_transfers(arrived, applied=applied, returns=_returns(session, attempt))
    if surplus:
        _return(session, order, attempt, surplus)


def _returns(session: Session, attempt: PaymentAttempt) -> list[tuple[int, str, bool]]:
    query = select(Refund.amount, Refund.status, Refund.handled_at.is_not(None))
    query = query.where(Refund.attempt_id == attempt.id, Refund.grounds == rules.SURPLUS_OF_TRANSFERS)
    return [(amount, status, is_handled) for amount, status, is_handled in session.execute(query)]


def _return(session: Session, order: Order, attempt: PaymentAttempt, amount: int) -> None:
    """By itself, or, where the city wants a person to decide, once somebody has approved it."""
    is_automatic = return_rules(session).surplus
    refund = new_refund(order, attempt, amount, "approved" if is_automatic else "requested", rules.SURPLUS_OF_TRANSFERS)
    refund.from_funds = True
    session.add(refund)
    order.version += 1
    session.flush()
    record_payment(session, order, "payment.surplus_transferred", SYSTEM, amount=amount)
    record_refund(session, refund, "refund.requested", SYSTEM)
    if is_automatic:
        book_refund_approved(session, order, refund, {})
        enqueue_sending(session, refund)
    listeners.emit(session, payments_of_order(session, order.id), "surplus_transferred")


def read_again(session: Session) -> list[tuple[int, str]]:
    """Return (order, page) of attempts that are over and for which the provider may hold a transfer that no event reported."""
    query = select(PaymentAttempt.order_id, PaymentAttempt.checkout_id).where(
        PaymentAttempt.customer_id.is_not(None),
        PaymentAttempt.checkout_id.is_not(None),
        PaymentAttempt.status.not_in(rules.LIVE),
        or_(PaymentAttempt.unapplied != 0, PaymentAttempt.created_at > now() - READ_FOR),
    )
    return [(order_id, checkout_id) for order_id, checkout_id in session.execute(query) if checkout_id]
