"""Money that came a second time, on a page that was given up, or as a transfer of more than was asked for: it goes back without a line of its
own, and payers read why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.payments.models import Charge, Order, OrderLine, PaymentAttempt, Refund
from portal.payments.rules import OFFLINE_METHODS, SURPLUS_OF_TRANSFERS


@dataclass(frozen=True)
class SecondPayment:
    """One such payment, told at one case: the first of its order. `status` is that of its refund (`rules.REFUND_STATUSES`).

    `replaced`: it was paid on the page of an order that another one had replaced, so that nothing need have been paid before.
    `transferred`: it came by bank transfer beyond the payment, or after it was over.
    `by_office`: money that never was at the provider, which the city gives back itself.
    """

    case_id: int
    amount: int
    method: str
    status: str
    replaced: bool
    transferred: bool
    by_office: bool
    received_at: datetime
    finished_at: datetime | None


def second_payments(session: Session, case_ids: Collection[int]) -> list[SecondPayment]:
    """Return those of the orders whose first case is one of these, oldest first. Of one that was sent again after it failed, the last."""
    if not case_ids:
        return []
    mine = select(OrderLine.order_id).join(Charge, Charge.id == OrderLine.charge_id).where(Charge.case_id.in_(case_ids))
    first = (
        select(OrderLine.order_id, func.min(OrderLine.charge_id).label("charge_id"))
        .where(OrderLine.order_id.in_(mine))
        .group_by(OrderLine.order_id)
        .subquery()
    )
    query = (
        select(Refund, PaymentAttempt, Order.replaced_by_id, Charge.case_id)
        .join(PaymentAttempt, PaymentAttempt.id == Refund.attempt_id)
        .join(Order, Order.id == Refund.order_id)
        .join(first, first.c.order_id == Refund.order_id)
        .join(Charge, Charge.id == first.c.charge_id)
        .where(
            or_(Refund.duplicate, Refund.grounds == SURPLUS_OF_TRANSFERS),
            Refund.handled_at.is_(None),
            Charge.case_id.in_(case_ids),
        )
        .order_by(Refund.id)
    )
    newest = {
        (attempt.id, refund.id if refund.from_funds else 0): SecondPayment(
            case_id,
            refund.amount,
            attempt.method or "",
            refund.status,
            replaced is not None,
            refund.grounds == SURPLUS_OF_TRANSFERS,
            refund.by_transfer or attempt.method in OFFLINE_METHODS,
            refund.created_at,
            refund.finished_at,
        )
        for refund, attempt, replaced, case_id in session.execute(query)
    }
    return list(newest.values())
