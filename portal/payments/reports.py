"""Payments for lists and rules of other capabilities, which join them to cases: each is part of a statement of theirs."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, exists, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from portal.payments import rules
from portal.payments.models import Payment, PaymentAttempt, ProviderTransaction, Refund


def payments_under_review() -> Subquery:
    """Return the payments that staff must decide about.

    Columns: `id`, `case_id`, `reason` (one of `rules.REVIEW_REASONS`), `amount`, `created_at`.
    """
    return (
        select(
            Payment.id,
            Payment.case_id,
            func.coalesce(Payment.review_reason, "").label("reason"),
            Payment.amount,
            Payment.created_at,
        )
        .where(Payment.status == "needs_review")
        .subquery("under_review")
    )


def money_moved_between(begin: datetime, end: datetime) -> Subquery:
    """Return the payments received and the refunds completed from `begin` until just before `end`.

    Money that never counted (a second payment, one refunded after a review) is left out on both sides. Columns: `at`, `case_id`,
    `method`, `amount` (below zero for a refund), `fee` (what the provider keeps; null before it was imported), `source_id`
    (the charge or refund at the provider).
    """
    received = func.coalesce(PaymentAttempt.received, PaymentAttempt.amount)
    payments = (
        _movement(Payment.paid_at, received, PaymentAttempt.charge_id)
        .join(PaymentAttempt, (PaymentAttempt.payment_id == Payment.id) & PaymentAttempt.settles)
        .where(Payment.paid_at >= begin, Payment.paid_at < end)
    )
    refunds = (
        _movement(Refund.finished_at, -Refund.amount, Refund.provider_id)
        .join(Refund, Refund.payment_id == Payment.id)
        .join(PaymentAttempt, (PaymentAttempt.id == Refund.attempt_id) & PaymentAttempt.settles)
        .where(Refund.finished_at >= begin, Refund.finished_at < end, Refund.status == "succeeded")
    )
    return union_all(payments, refunds).subquery("money_moved")


def _movement(at: Any, amount: Any, source_id: Any) -> Select[Any]:
    fee = select(func.sum(ProviderTransaction.fee)).where(ProviderTransaction.source_id == source_id).scalar_subquery()
    return select(
        at.label("at"),
        Payment.case_id,
        Payment.method,
        amount.label("amount"),
        fee.label("fee"),
        source_id.label("source_id"),
    ).select_from(Payment)


def has_unsettled_money(case_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that a case has a payment that can still be paid or decided about, or a refund that is not over."""
    unsettled_refund = exists().where(Refund.payment_id == Payment.id, Refund.status.in_(rules.UNSETTLED_REFUNDS))
    unsettled = or_(Payment.status.in_([*rules.PAYABLE, "needs_review"]), unsettled_refund)
    return exists().where(Payment.case_id == case_id, unsettled)
