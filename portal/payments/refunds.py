"""Refunds (還付): requested, approved by a second person, sent, and followed to their end."""

import logging
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.errors import Conflict, Forbidden, NotFound
from portal.core.events import SYSTEM, Actor
from portal.core.text import _
from portal.payments import listeners, queries, rules
from portal.payments.bookkeeping import book_refund_approved, book_refund_ended
from portal.payments.case_payments import Payment, payments_of_order
from portal.payments.history import CaseRefund, record_payment, record_refund, refund_by_case
from portal.payments.models import Charge, Order, OrderLine, PaymentAttempt, Refund
from portal.payments.payment_notes import write_note
from portal.payments.policy import refunds_need_approval
from portal.payments.provider import (
    AnswerKept,
    InvalidApiKey,
    PaymentProvider,
    ProviderRejected,
    ProviderUnavailable,
    RefundSnapshot,
    UnknownToProvider,
)
from portal.payments.provider_accounts import is_at_former_account, provider_for
from portal.payments.refund_requests import RefundRequest
from portal.payments.rule_refunds import (
    enqueue_sending,
    keep_refund,
    new_reference,
    new_refund,
    refund_amount,
    refundable_attempt,
)
from portal.payments.settlement import parts_of_refund, refundable_by_charge
from portal.payments.sync import close_review, recompute_status

log = logging.getLogger(__name__)

IDEMPOTENCY_KEY_TTL = timedelta(hours=20)
"""The provider forgets idempotency keys after 24 hours; later, look before sending again."""

KEPT_ANSWER_GRACE = timedelta(seconds=20)
"""What the provider made of a request that it answered with a fault is in its lists by then."""


def request_refund(
    session: Session,
    payment: Payment,
    amount: int | None,
    reason: str,
    *,
    actor: Actor = SYSTEM,
    parts: Mapping[int, int] | None = None,
    together: int = 0,
    expected_version: int | None = None,
) -> Refund:
    """Request a refund of `amount` yen of what one case paid (None: all that is left); the reason is stored encrypted.

    `parts` names the charges and how much of each goes back; without it the last ones go back first. Raises Conflict if nothing
    was paid, while the payer disputes it, or when the order is not at `expected_version` any more; Invalid for too much.

    A refund that staff request waits for `approve_refund` by another person above the city's limit (`policy`), which counts what
    goes back `together` with it and what one person alone gave back of these cases before. One that the system requests (an
    application refused, by the city's own rules) is sent at once.
    """
    order = queries.lock_order_of_case(session, payment.id, expected_version=expected_version)
    settling = refundable_attempt(session, order)
    left = refundable_charges(session, payment)
    if parts is None:
        parts = rules.spread_refund(refund_amount(amount, sum(left.values())), left)
    for charge_id, part in parts.items():
        refund_amount(part, left.get(charge_id, 0))
    amount = sum(parts.values())
    return _store_refund(session, order, settling, amount, reason, actor=actor, parts=parts, together=together)


def refundable_amount(session: Session, payment: Payment) -> int:
    """Return the yen of a payment that can still be refunded."""
    return sum(refundable_charges(session, payment).values())


def refund_attempt(
    session: Session, order: Order, attempt: PaymentAttempt, amount: int | None, reason: str, *, actor: Actor
) -> Refund:
    """Request a refund of money that does not count for the order. The caller holds the order's lock.

    Raises what `request_refund` raises.
    """
    chosen = refund_amount(amount, queries.refundable_amount_of_attempt(session, attempt))
    return _store_refund(session, order, attempt, chosen, reason, actor=actor, parts={})


def payments_of_refund(session: Session, refund_id: int) -> list[Payment]:
    """Return the payments whose money a refund gives back, one for each case. Raises NotFound."""
    refund = session.get(Refund, refund_id)
    if refund is None:
        raise NotFound
    return [payment for payment, _part in _parts(session, refund)]


def _parts(session: Session, refund: Refund) -> list[tuple[Payment, CaseRefund]]:
    payments = {payment.case_id: payment for payment in payments_of_order(session, refund.order_id)}
    return [(payments[part.case_id], part) for part in refund_by_case(session, refund)]


def refundable_charges(session: Session, payment: Payment) -> dict[int, int]:
    """Return the yen of each charge of a payment (by its id) that can still be refunded; nothing while the payer disputes it."""
    if payment.review_reason == "dispute":
        return {}
    mine = {charge.id for charge in payment.charges}
    return {charge: left for charge, left in refundable_by_charge(session, payment.id).items() if charge in mine}


def _store_refund(
    session: Session,
    order: Order,
    attempt: PaymentAttempt,
    amount: int,
    reason: str,
    *,
    actor: Actor,
    parts: Mapping[int, int],
    together: int = 0,
) -> Refund:
    staff_id = actor.id if actor.kind == "staff" else None
    needs_approval = staff_id is not None and refunds_need_approval(
        session, max(amount, together) + _given_back_alone(session, order)
    )
    refund = new_refund(order, attempt, amount, "requested" if needs_approval else "approved")
    refund.requested_by = staff_id
    keep_refund(session, order, refund, parts, reason, actor)
    if not needs_approval:
        book_refund_approved(session, order, refund, parts)
        enqueue_sending(session, refund)
    return refund


def _given_back_alone(session: Session, order: Order) -> int:
    """Return the yen that one person alone gave back of the cases of an order: many small refunds are one large one."""
    cases = {payment.case_id for payment in payments_of_order(session, order.id)}
    orders = select(OrderLine.order_id).join(Charge, Charge.id == OrderLine.charge_id).where(Charge.case_id.in_(cases))
    query = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.order_id.in_(orders),
        Refund.requested_by.is_not(None),
        Refund.approved_by.is_(None),
        Refund.status.not_in(("requested", *rules.REFUND_VOID)),
    )
    return int(session.scalar(query) or 0)


def approve_refund(session: Session, refund_id: int, actor: Actor) -> Refund:
    """Approve a refund as the second person, so that it is sent. Of what a rule proposed, the first person above the city's limit only
    takes the place of who requests it. Raises Forbidden for the requester, Conflict if it was decided.
    """
    order, refund = _lock_requested(session, refund_id)
    if actor.kind != "staff" or refund.requested_by == actor.id:
        raise Forbidden(_("返金は、申し出た人とは別の人が承認してください。"))
    order.version += 1
    if refund.requested_by is None and refunds_need_approval(
        session, refund.amount + _given_back_alone(session, order)
    ):
        refund.requested_by = actor.id
        session.flush()
        record_refund(session, refund, "refund.endorsed", actor)
        return refund
    if refund.requested_by is None:
        refund.requested_by = actor.id
    else:
        refund.approved_by = actor.id
    refund.status = "approved"
    session.flush()
    record_refund(session, refund, "refund.approved", actor)
    book_refund_approved(session, order, refund, parts_of_refund(session, refund))
    enqueue_sending(session, refund)
    if not refund.grounds:
        listeners.emit_refund(session, _parts(session, refund), "refund_approved")
    attempt = session.get_one(PaymentAttempt, refund.attempt_id)
    if order.status == "needs_review" and not attempt.settles and not refund.from_funds:
        record_payment(
            session,
            order,
            "payment.reviewed",
            actor,
            reason=order.review_reason,
            decision="given_back",
            amount=attempt.received_amount,
        )
        close_review(session, order, attempt, "given_back")
    return refund


def reject_refund(session: Session, refund_id: int, actor: Actor, reason: str = "") -> Refund:
    """Reject a refund as the second person, or withdraw it as the first: nothing is sent. The reason is stored encrypted.

    Raises Conflict if it was decided.
    """
    order, refund = _lock_requested(session, refund_id)
    refund.status, refund.finished_at = "canceled", now()
    order.version += 1
    session.flush()
    note_id = write_note(session, order.id, "rejection", reason, staff_id=actor.id, refund_id=refund.id)
    record_refund(session, refund, "refund.rejected", actor, note_id=note_id)
    return refund


def _lock_requested(session: Session, refund_id: int) -> tuple[Order, Refund]:
    refund = session.get(Refund, refund_id)
    if refund is None:
        raise NotFound
    order = queries.lock_order(session, refund.order_id)
    session.refresh(refund)
    if refund.status != "requested":
        raise Conflict(_("この返金は、もう決まっています。"))
    return order, refund


def send_refund(city_key: str, refund_id: int) -> None:
    """Send an approved refund; safe to repeat. Raises ProviderUnavailable, so that the job is retried.

    It goes to the account that has the money. When that account cannot refund any more, the refund has failed: the city transfers it.
    """
    with city_session(city_key) as session:
        refund = session.get_one(Refund, refund_id)
        attempt = session.get_one(PaymentAttempt, refund.attempt_id)
        request = RefundRequest.of(refund, attempt)
        if refund.status != "approved" or refund.by_transfer or request is None:
            return
        provider, is_former = provider_for(session, attempt), is_at_former_account(session, attempt)
        amount, reference = refund.amount, refund.reference
        key_may_be_forgotten = refund.created_at + IDEMPOTENCY_KEY_TTL < now()
    try:
        snapshot = request.find(provider) if key_may_be_forgotten else None
        snapshot = snapshot or request.send(provider)
    except AnswerKept:
        snapshot = _look_up(city_key, provider, refund_id, request)
    except ProviderRejected as error:
        log.error("refund %s rejected: %s", refund_id, error.code)
        # It may have been made before: then the answer was lost, and a request that differs in any way is rejected.
        snapshot = _find(provider, request)
        snapshot = snapshot or RefundSnapshot("", "failed", amount, reference, error.code)
    except InvalidApiKey:
        if not is_former:
            raise
        log.error("refund %s: the key of the former account is invalid", refund_id)
        snapshot = RefundSnapshot("", "failed", amount, reference, "key_refused")
    _apply_snapshot(city_key, refund_id, snapshot)


def _look_up(city_key: str, provider: PaymentProvider, refund_id: int, request: RefundRequest) -> RefundSnapshot:
    """Find a refund whose broken answer is kept for its key. One that was never made gets another key, for the next try.

    Raises ProviderUnavailable: nothing was made so far.
    """
    with city_session(city_key) as session:
        refund = session.get_one(Refund, refund_id)
        reference, is_settled = refund.reference, refund.created_at + KEPT_ANSWER_GRACE < now()
    if (made := request.find(provider)) is not None:
        return made
    if is_settled:
        log.warning("refund %s was not made under its key and gets another", refund_id)
        with city_session(city_key) as session:
            refund = session.get_one(Refund, refund_id)
            queries.lock_order(session, refund.order_id)
            session.refresh(refund)
            if refund.status == "approved" and refund.reference == reference:
                refund.reference = new_reference()
    raise ProviderUnavailable


def _find(provider: PaymentProvider, request: RefundRequest) -> RefundSnapshot | None:
    try:
        return request.find(provider)
    except ProviderRejected:  # it does not know the order either
        return None


def sync_refund(city_key: str, refund_id: int) -> None:
    """Read a refund that was sent; one that its account does not know has failed. Raises ProviderUnavailable, ProviderRejected."""
    with city_session(city_key) as session:
        refund = session.get_one(Refund, refund_id)
        attempt = session.get_one(PaymentAttempt, refund.attempt_id)
        provider, provider_id = provider_for(session, attempt), refund.provider_id
        amount, reference = refund.amount, refund.reference
    if provider_id is None:
        return
    try:
        snapshot = provider.read_refund(provider_id)
    except UnknownToProvider as error:
        log.error("refund %s does not exist at the provider any more", refund_id)
        snapshot = RefundSnapshot(provider_id, "failed", amount, reference, error.code)
    _apply_snapshot(city_key, refund_id, snapshot)


def _apply_snapshot(city_key: str, refund_id: int, snapshot: RefundSnapshot) -> None:
    with city_session(city_key) as session:
        refund = session.get_one(Refund, refund_id)
        order = queries.lock_order(session, refund.order_id)
        session.refresh(refund)
        status_before = refund.status
        refund.status = rules.forward_refund(status_before, snapshot.status)
        refund.provider_id = snapshot.provider_id or refund.provider_id
        refund.failure = snapshot.failure or refund.failure
        session.flush()
        if refund.status != status_before:
            publish_end(session, order, refund, status_before)


def publish_end(session: Session, order: Order, refund: Refund, status_before: str, actor: Actor = SYSTEM) -> None:
    """Let books, history and listeners know that a refund reached its payer, failed, or waits for a bank account. The caller holds the order's lock."""
    recompute_status(session, order)
    book_refund_ended(session, refund, session.get_one(PaymentAttempt, refund.attempt_id), status_before)
    if refund.status == "succeeded":
        refund.finished_at = now()
        record_refund(session, refund, "refund.succeeded", actor)
        listeners.emit_refund(session, _parts(session, refund), "refunded")
    elif refund.status == "failed":
        refund.finished_at = now()
        record_refund(session, refund, "refund.failed", SYSTEM, reason=refund.failure)
        listeners.emit_refund(session, _parts(session, refund), "refund_failed")
    elif refund.status == "requires_action":
        record_refund(session, refund, "refund.account_asked", SYSTEM)
        listeners.emit_refund(session, _parts(session, refund), "account_needed")
