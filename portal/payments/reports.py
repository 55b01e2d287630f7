"""Payments for lists and rules of other capabilities, which join them to cases: each is part of a statement of theirs."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Subquery, case, cast, exists, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from portal.payments import rules
from portal.payments.models import Charge, Order, OrderLine, PaymentAttempt, Refund, RefundLine
from portal.payments.provider_models import ProviderTransaction


def payments_under_review() -> Subquery:
    """Return the payments that staff must decide about; an order of several cases once for each.

    Columns: `id` (the order's), `case_id`, `reason` (one of `rules.REVIEW_REASONS`), `amount`, `created_at`.
    """
    return (
        select(
            Order.id,
            Charge.case_id,
            func.coalesce(Order.review_reason, "").label("reason"),
            func.sum(Charge.amount - Charge.waived).label("amount"),
            Order.created_at,
        )
        .join(OrderLine, (OrderLine.order_id == Order.id) & OrderLine.living)
        .join(Charge, Charge.id == OrderLine.charge_id)
        .where(Order.status == "needs_review")
        .group_by(Order.id, Charge.case_id)
        .subquery("under_review")
    )


def money_moved_between(begin: datetime, end: datetime) -> Subquery:
    """Return the payments received and the refunds completed from `begin` until just before `end`, once for each of their cases.

    Money that never counted (a second payment, one refunded after a review) is left out on both sides. Columns: `at`, `case_id`,
    `method`, `amount` (below zero for a refund), `fee` (what the provider keeps, with the first case of an order; null before it
    was imported), `source_id` (the charge or refund at the provider).
    """
    received = (
        _movement(Order.paid_at, func.sum(Charge.received), PaymentAttempt.charge_id)
        .select_from(Order)
        .join(PaymentAttempt, (PaymentAttempt.order_id == Order.id) & PaymentAttempt.settles)
        .join(OrderLine, (OrderLine.order_id == Order.id) & OrderLine.living)
        .join(Charge, Charge.id == OrderLine.charge_id)
        .where(Order.paid_at >= begin, Order.paid_at < end)
        .group_by(Order.id, PaymentAttempt.id, Charge.case_id)
    )
    given_back = (
        _movement(Refund.finished_at, -func.sum(RefundLine.amount), Refund.provider_id)
        .select_from(Refund)
        .join(Order, Order.id == Refund.order_id)
        .join(RefundLine, RefundLine.refund_id == Refund.id)
        .join(Charge, Charge.id == RefundLine.charge_id)
        .where(Refund.finished_at >= begin, Refund.finished_at < end, Refund.status == "succeeded")
        .group_by(Refund.id, Order.id, Charge.case_id)
    )
    return union_all(received, given_back).subquery("money_moved")


def _movement(at: Any, amount: Any, source_id: Any) -> Select[Any]:
    fee = select(func.sum(ProviderTransaction.fee)).where(ProviderTransaction.source_id == source_id).scalar_subquery()
    is_first_case = Charge.case_id == func.min(Charge.case_id).over(partition_by=source_id)
    return select(
        at.label("at"),
        Charge.case_id,
        Order.method,
        amount.label("amount"),
        case((Order.method.in_(rules.OFFLINE_METHODS), 0), else_=fee * cast(is_first_case, Integer)).label("fee"),
        source_id.label("source_id"),
    )


def has_unsettled_money(case_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that a case has a payment that can still be paid or decided about, or a refund that is not over."""
    unsettled_refund = exists().where(Refund.order_id == Order.id, Refund.status.in_(rules.UNSETTLED_REFUNDS))
    unsettled = or_(Order.status.in_([*rules.PAYABLE, "needs_review"]), unsettled_refund)
    return exists().where(
        Charge.case_id == case_id,
        OrderLine.charge_id == Charge.id,
        OrderLine.living,
        Order.id == OrderLine.order_id,
        unsettled,
    )
