"""Disputes (チャージバック): the provider takes the money back while a cardholder contests a payment. Nothing is given back meanwhile; what was
won counts as before, and what was lost is money that went back.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.events import SYSTEM
from portal.payments import listeners, queries
from portal.payments.bookkeeping import book_dispute_lost, book_refund_approved
from portal.payments.case_payments import payments_of_order
from portal.payments.history import record_payment
from portal.payments.later_models import Dispute
from portal.payments.models import Order, PaymentAttempt
from portal.payments.provider import DisputeSnapshot
from portal.payments.provider_accounts import provider_for
from portal.payments.rule_refunds import keep_refund, new_refund
from portal.payments.rules import spread_refund
from portal.payments.settlement import refundable_by_charge
from portal.payments.sync import close_review, recompute_status


def sync_disputes(city_key: str, attempt_id: int) -> None:
    """Read the disputes of a payment and carry out what became of each; safe to repeat. Raises ProviderUnavailable, ProviderRejected."""
    with city_session(city_key) as session:
        attempt = session.get_one(PaymentAttempt, attempt_id)
        intent_id, provider = attempt.intent_id, provider_for(session, attempt)
    snapshots = provider.disputes(intent_id) if intent_id else []
    with city_session(city_key) as session:
        attempt = session.get_one(PaymentAttempt, attempt_id)
        order = queries.lock_order(session, attempt.order_id)
        for snapshot in snapshots:
            _take_over(session, order, attempt, snapshot)


def attempts_with_open_disputes(session: Session) -> Sequence[int]:
    """Return the ids of the attempts that are contested, for the round that reads what no event reported."""
    return session.scalars(select(Dispute.attempt_id).where(Dispute.status == "open").distinct()).all()


def dispute_of_order(session: Session, order_id: int) -> Dispute | None:
    """Return the newest dispute of an order."""
    return session.scalar(select(Dispute).where(Dispute.order_id == order_id).order_by(Dispute.id.desc()).limit(1))


def _take_over(session: Session, order: Order, attempt: PaymentAttempt, snapshot: DisputeSnapshot) -> None:
    dispute, is_new = _stored(session, order, attempt, snapshot)
    dispute.respond_by = snapshot.respond_by
    if is_new:
        record_payment(
            session, order, "payment.disputed", SYSTEM, amount=dispute.amount, respond_by=_day(dispute.respond_by)
        )
        _freeze(session, order, attempt)
        listeners.emit(session, payments_of_order(session, order.id), "disputed")
    if dispute.status != "open" or snapshot.status == "open":
        return
    dispute.status, dispute.closed_at = snapshot.status, now()
    session.flush()
    ended = "payment.dispute_lost" if snapshot.status == "lost" else "payment.dispute_won"
    record_payment(session, order, ended, SYSTEM, amount=dispute.amount)
    if snapshot.status == "lost":
        _lose(session, order, attempt, dispute)
    if order.review_reason == "dispute":
        close_review(session, order, attempt, "resolved")
    else:
        recompute_status(session, order)
    listeners.emit(session, payments_of_order(session, order.id), "dispute_closed")


def _stored(session: Session, order: Order, attempt: PaymentAttempt, snapshot: DisputeSnapshot) -> tuple[Dispute, bool]:
    values = {
        "provider_id": snapshot.dispute_id,
        "order_id": order.id,
        "attempt_id": attempt.id,
        "amount": snapshot.amount,
        "reason": snapshot.reason,
        "status": "open",
        "opened_at": now(),
    }
    added = session.scalar(insert(Dispute).values(**values).on_conflict_do_nothing().returning(Dispute.id))
    return session.scalars(select(Dispute).where(Dispute.provider_id == snapshot.dispute_id)).one(), added is not None


def _freeze(session: Session, order: Order, attempt: PaymentAttempt) -> None:
    """No refund of it, no end of its case, until the dispute is over."""
    if order.review_reason is None and "dispute" not in attempt.reviewed:
        order.review_reason = "dispute"
        order.version += 1
        session.flush()
        recompute_status(session, order)


def _lose(session: Session, order: Order, attempt: PaymentAttempt, dispute: Dispute) -> None:
    """The payer has the money: it went back, by the provider's doing."""
    parts = spread_refund(dispute.amount, refundable_by_charge(session, order.id)) if attempt.settles else {}
    refund = new_refund(order, attempt, sum(parts.values()) or dispute.amount, "succeeded", "dispute")
    refund.finished_at = now()
    keep_refund(session, order, refund, parts, "", SYSTEM)
    book_refund_approved(session, order, refund, parts)
    book_dispute_lost(session, order, refund, dispute.provider_id)


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None
