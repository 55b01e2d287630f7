"""The only way in which an order changes: read its page at the provider, lock the row, move forward.

The payer's return, a webhook event and the sweep all end here, so it does not matter which comes first.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.events import SYSTEM
from portal.core.jobs import enqueue
from portal.payments import listeners, queries, rules, task_names
from portal.payments.bookkeeping import book_counted, book_received, book_refund_approved, book_transfer_applied
from portal.payments.case_payments import payments_of_order
from portal.payments.history import record_for_case, record_payment, record_refund
from portal.payments.listeners import PaymentChange
from portal.payments.models import Order, PaymentAttempt, Refund
from portal.payments.payer_confirmation import confirm_to_payer
from portal.payments.policy import return_rules
from portal.payments.provider import (
    CheckoutSnapshot,
    InvalidApiKey,
    PaymentProvider,
    ProviderRejected,
    UnknownToProvider,
)
from portal.payments.provider_accounts import is_at_former_account, provider_for
from portal.payments.rest_of_orders import request_rest
from portal.payments.rule_refunds import propose_by_rule, refund_by_rule
from portal.payments.settlement import charges_of_order, settle_charges
from portal.payments.transfers import take_arrivals, tell_of_arrivals

log = logging.getLogger(__name__)

SESSION_TTL = timedelta(hours=2)
TRANSFER_ENDED = "transfer_ended"
"""Our code for why an attempt failed whose transfer did not come in time, or was called off: the provider has none."""


def sync_payment(city_key: str, order_id: int, *, checkout_id: str | None = None) -> str:
    """Read the pages that can still change (and `checkout_id`, whatever its status); return the order's status.

    No transaction is open while the provider is called. Raises NotFound, ProviderUnavailable when it does not answer, and
    ProviderRejected for a page that it does not know; an attempt that could still change ends with that (see `abandon_attempt`).
    """
    with city_session(city_key) as session:
        attempts = queries.attempts_of_order(session, order_id)
        providers = {
            attempt.checkout_id: provider_for(session, attempt)
            for attempt in attempts
            if attempt.status in rules.LIVE and attempt.checkout_id
        }
        if checkout_id and checkout_id not in providers:
            providers[checkout_id] = provider_for(session, _attempt_of_checkout(attempts, checkout_id))
    snapshots = [_read(city_key, page_id, providers[page_id]) for page_id in sorted(providers)]
    with city_session(city_key) as session:
        order = queries.lock_order(session, order_id)
        for snapshot in snapshots:
            if snapshot is not None:
                apply_snapshot(session, order, snapshot)
        return order.status


def _attempt_of_checkout(attempts: Sequence[PaymentAttempt], checkout_id: str) -> PaymentAttempt | None:
    """Return the attempt with this page; if its answer was lost, the one that still has no page, or the newest."""
    newest_first = attempts[::-1]
    exact = (attempt for attempt in newest_first if attempt.checkout_id == checkout_id)
    without_page = (attempt for attempt in newest_first if attempt.checkout_id is None)
    return next(exact, None) or next(without_page, None) or next(iter(newest_first), None)


def _read(city_key: str, checkout_id: str, provider: PaymentProvider) -> CheckoutSnapshot | None:
    """Return the page as it is now; None when its attempt was abandoned."""
    try:
        return provider.read_checkout(checkout_id)
    except (InvalidApiKey, ProviderRejected) as error:
        if not abandon_attempt(city_key, checkout_id, error):
            raise
        return None


def abandon_attempt(city_key: str, checkout_id: str, error: InvalidApiKey | ProviderRejected) -> bool:
    """End a live attempt whose page is permanently out of reach, so that its order can be paid on another page; whether it ended.

    That is a page which the account does not know, and one of a former account whose key is invalid, once it has expired. The log
    tells the operator: if money had arrived there, only that account's own dashboard would show it.
    """
    with city_session(city_key) as session:
        attempt = queries.attempt_by_checkout_id(session, checkout_id)
        if attempt is None or attempt.status not in rules.LIVE:
            return False
        if isinstance(error, ProviderRejected):
            is_lost, reason = isinstance(error, UnknownToProvider), error.code
        else:
            is_lost, reason = is_at_former_account(session, attempt) and _payable_until(attempt) < now(), "key_refused"
        if not is_lost:
            return False
        order = queries.lock_order(session, attempt.order_id)
        session.refresh(attempt)
        if attempt.status in rules.LIVE:
            log.error(
                "attempt %s is abandoned, compare with the account where it was opened: %s", attempt.reference, reason
            )
            if attempt.status == "pending":  # a voucher was issued: the payer is notified
                attempt.status = rules.forward_attempt(attempt.status, "failed")
            else:
                attempt.status = rules.forward_attempt(attempt.status, "expired")
                record_payment(session, order, "payment.expired", SYSTEM)
            session.flush()
            recompute_status(session, order)
    return True


def _payable_until(attempt: PaymentAttempt) -> datetime:
    """Return until when money can arrive: when the voucher ends, or the page."""
    return attempt.pay_until or attempt.expires_at or attempt.created_at + SESSION_TTL


def apply_snapshot(session: Session, order: Order, snapshot: CheckoutSnapshot, *, replaced: bool = False) -> None:
    """Move the order forward to what the provider reported. The caller holds its lock; `replaced`: we expired the page ourselves."""
    attempts = queries.attempts_of_order(session, order.id)
    attempt = next((attempt for attempt in attempts if attempt.reference == snapshot.reference), None)
    if attempt is None:
        return
    status_before, failure_before = attempt.status, attempt.failure
    attempt.status = rules.forward_attempt(attempt.status, snapshot.status)
    if attempt.status == snapshot.status:
        _copy(attempt, snapshot)
    has_arrivals = snapshot.transfer is not None and take_arrivals(session, order, attempt, snapshot.transfer)
    is_news = attempt.status == "paid" and not attempt.settles
    if is_news:
        _receive_money(session, order, attempt, snapshot)
        if attempt.method == rules.BANK_TRANSFER and attempt.received is not None:
            book_transfer_applied(session, order, attempt)
    if snapshot.disputed and order.review_reason is None and "dispute" not in attempt.reviewed:
        order.review_reason = "dispute"
        order.version += 1
    if attempt.status == "expired" and status_before != "expired" and not replaced:
        record_payment(session, order, "payment.expired", SYSTEM)
    if attempt.status == "open" and snapshot.failure and snapshot.failure != failure_before:
        record_payment(session, order, "payment.failed", SYSTEM, reason=snapshot.failure)
    session.flush()
    recompute_status(session, order)
    if is_news:
        _return_surplus(session, order, attempt)
    if snapshot.transfer is not None:
        tell_of_arrivals(session, order, attempt, is_new=has_arrivals)


def _copy(attempt: PaymentAttempt, snapshot: CheckoutSnapshot) -> None:
    attempt.checkout_id = snapshot.checkout_id
    attempt.intent_id = snapshot.intent_id or attempt.intent_id
    attempt.charge_id = snapshot.charge_id or attempt.charge_id
    attempt.method = snapshot.method or attempt.method
    attempt.voucher = snapshot.voucher or attempt.voucher
    attempt.failure = snapshot.failure or (TRANSFER_ENDED if _is_ended_transfer(attempt) else None)
    attempt.url = snapshot.url
    attempt.expires_at = snapshot.expires_at
    attempt.read_at = now()


def _is_ended_transfer(attempt: PaymentAttempt) -> bool:
    return attempt.status == "failed" and attempt.method == rules.BANK_TRANSFER


def _receive_money(session: Session, order: Order, attempt: PaymentAttempt, snapshot: CheckoutSnapshot) -> None:
    mismatch = rules.mismatch(
        expected=order.amount,
        amount=snapshot.amount,
        currency=snapshot.currency,
        reference=attempt.reference,
        reported_reference=snapshot.reference,
    )
    if mismatch != "currency":
        attempt.received = snapshot.amount
    if mismatch == "amount" and attempt.received == attempt.amount:
        _receive_former_amount(session, order, attempt)
        return
    _allocate_money(session, order, attempt, mismatch)
    if mismatch != "currency":
        book_received(session, order, attempt, counts=attempt.settles)


def _receive_former_amount(session: Session, order: Order, attempt: PaymentAttempt) -> None:
    """The order asks for another amount than the page on which it was paid: the money counts, and the rest is asked for.

    What it is too much goes back once the charges have it (`_return_surplus`).
    """
    if _allocate_money(session, order, attempt, None):
        request_rest(session, order, attempt.received_amount)
    book_received(session, order, attempt, counts=False)
    if attempt.settles:
        book_counted(session, order, attempt)


def _return_surplus(session: Session, order: Order, attempt: PaymentAttempt) -> None:
    """Give back by rule what was paid on a page that asked for more than is owed now; where the city wants a word on it, propose it."""
    surplus = attempt.received_amount - order.amount
    if not attempt.settles or attempt.received != attempt.amount or surplus <= 0 or order.review_reason:
        return
    if not queries.refunds_of_attempt(session, attempt):
        last = charges_of_order(session, order.id)[-1]
        if return_rules(session).surplus:
            refund_by_rule(session, order, {last.id: surplus}, grounds="surplus")
        else:
            propose_by_rule(session, order, {last.id: surplus}, "surplus")
            listeners.emit(session, payments_of_order(session, order.id), "needs_review")


def receive_offline(session: Session, order: Order, attempt: PaymentAttempt) -> None:
    """Let money count that came without the provider, or find what it is: paid twice, or another amount. The caller holds the lock."""
    _allocate_money(session, order, attempt, None if attempt.received == order.amount else "amount")
    book_received(session, order, attempt, counts=attempt.settles)
    session.flush()
    recompute_status(session, order)


def _allocate_money(session: Session, order: Order, attempt: PaymentAttempt, mismatch: str | None) -> bool:
    """Decide what received money is: the order (True), a second payment, or something that staff must decide about."""
    if attempt.reviewed:  # staff have decided about it already
        return False
    if order.replaced_by_id is not None or queries.settling_attempt(session, order.id) is not None:
        _refund_duplicate(session, order, attempt)
    elif order.canceled_at is not None:
        order.review_reason = order.review_reason or "canceled"
    elif mismatch:
        order.review_reason = order.review_reason or mismatch
    else:
        attempt.settles = True
    return attempt.settles


def close_review(session: Session, order: Order, attempt: PaymentAttempt | None, decision: str) -> None:
    """End a review with a decision of staff: with `accepted` and `difference` the money counts. Other money that waited is allocated next."""
    reason, order.review_reason = order.review_reason, None
    if attempt is not None:
        attempt.reviewed = [*attempt.reviewed, reason]
        if not attempt.settles and decision in {"accepted", "difference"}:
            attempt.settles = True
            book_counted(session, order, attempt)
    session.flush()
    for other in queries.attempts_of_order(session, order.id):
        if other.status != "paid" or other.settles:
            continue
        if _allocate_money(session, order, other, None if other.received == order.amount else "amount"):
            book_counted(session, order, other)
    order.version += 1
    session.flush()
    recompute_status(session, order)


def _refund_duplicate(session: Session, order: Order, attempt: PaymentAttempt) -> None:
    """Refund what was paid a second time (by a voucher and a card), or on the page of an order that was replaced: automatically, or, where
    the city wants that, once a person has approved it.
    """
    if queries.refunds_of_attempt(session, attempt):
        return
    is_automatic = return_rules(session).duplicates
    refund = Refund(
        order_id=order.id,
        attempt_id=attempt.id,
        amount=attempt.received_amount,
        duplicate=True,
        reference=f"refund:{attempt.reference}",
        status="approved" if is_automatic else "requested",
        created_at=now(),
    )
    session.add(refund)
    session.flush()
    order.version += 1
    record_refund(session, refund, "refund.requested", SYSTEM)
    if is_automatic:
        book_refund_approved(session, order, refund, {})
    if is_automatic and attempt.method not in rules.OFFLINE_METHODS:
        enqueue(session, task_names.SEND_REFUND, lock=f"payment:{order.id}", refund_id=refund.id)
    listeners.emit(session, payments_of_order(session, order.id), "paid_twice")


def recompute_status(session: Session, order: Order) -> None:
    """Compute the status of the order and of its charges from its attempts and refunds, and record and emit what changed."""
    attempts = queries.attempts_of_order(session, order.id)
    settling = next((attempt for attempt in attempts if attempt.settles), None)
    refunds = queries.refunds_of_attempt(session, settling) if settling else []
    before = (order.status, order.received, order.given_back)
    order.received = settling.received_amount if settling else 0
    order.given_back = rules.refunded_total((refund.amount, refund.status) for refund in refunds)
    order.status = rules.payment_status(
        [rules.AttemptState(attempt.status, attempt.settles) for attempt in attempts],
        received=order.received,
        given_back=order.given_back,
        canceled=order.canceled_at is not None,
        review=order.review_reason is not None,
    )
    first_paid = settling if order.paid_at is None and order.status in {"paid", "refunded"} else None
    if first_paid is not None:
        order.paid_at, order.method, order.by_link = now(), first_paid.method, first_paid.link_id is not None
    if (order.status, order.received, order.given_back) != before:
        settle_charges(session, order)
    if order.status != before[0]:
        order.version += 1
        session.flush()
        _publish_change(session, order, before[0], attempts, is_first_payment=first_paid is not None)


def _publish_change(
    session: Session, order: Order, status_before: str, attempts: Sequence[PaymentAttempt], *, is_first_payment: bool
) -> None:
    """Record and emit a change of status. The end of a refund is published by the refund itself."""
    change: PaymentChange
    match order.status:
        case "open" | "pending" | "failed" if status_before == "paid":
            change = "reversed"
        case "pending":
            change = "pending"
            record_payment(session, order, "payment.pending", SYSTEM, method=attempts[-1].method)
        case "paid" if is_first_payment:
            change = "paid"
            name = "payment.paid_by_link" if order.by_link else "payment.paid"
            for payment in payments_of_order(session, order.id):
                record_for_case(session, payment, name, SYSTEM, amount=payment.received, method=payment.method)
            confirm_to_payer(session, next(attempt for attempt in attempts if attempt.settles))
        case "failed":
            change = "failed"
            record_payment(session, order, "payment.failed", SYSTEM, reason=attempts[-1].failure)
        case "needs_review":
            change = "needs_review"
            record_payment(session, order, "payment.needs_review", SYSTEM, reason=order.review_reason)
        case "open" if status_before == "needs_review":
            change = "reopened"
        case _:
            return
    if order.status == "paid" and any(attempt.status in rules.LIVE for attempt in attempts):
        enqueue(session, task_names.EXPIRE_CHECKOUTS, lock=f"payment:{order.id}", payment_id=order.id)
    listeners.emit(session, payments_of_order(session, order.id), change)
