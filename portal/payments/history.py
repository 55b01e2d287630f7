"""Recording what happens to orders and refunds in the history of each of their cases, with that case's part of the money."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.events import Actor, record
from portal.payments.case_payments import Payment, payments_of_order
from portal.payments.events import of_payment, of_refund
from portal.payments.models import Charge, Order, Refund, RefundLine


@dataclass(frozen=True)
class CaseRefund:
    """The part of a refund that goes back for one case, in yen."""

    id: int
    case_id: int
    amount: int


def record_payment(session: Session, order: Order, name: str, actor: Actor, **data: object) -> None:
    """Record an event of an order in the history of each of its cases."""
    for payment in payments_of_order(session, order.id):
        record_for_case(session, payment, name, actor, **data)


def record_for_case(session: Session, payment: Payment, name: str, actor: Actor, **data: object) -> None:
    """Record an event of an order in the history of one of its cases."""
    record(session, of_payment(payment.id, payment.case_id), name, actor, payment_id=payment.id, **data)


def record_refund(session: Session, refund: Refund, name: str, actor: Actor, **data: object) -> None:
    """Record an event of a refund in the history of each case whose money it gives back, with that part as the amount."""
    for part in refund_by_case(session, refund):
        record(
            session, of_refund(refund.id, part.case_id), name, actor, refund_id=refund.id, amount=part.amount, **data
        )


def refund_by_case(session: Session, refund: Refund) -> list[CaseRefund]:
    """Return what a refund gives back for each case; money that never counted belongs to the order's first case."""
    query = (
        select(Charge.case_id, func.sum(RefundLine.amount))
        .join(RefundLine, RefundLine.charge_id == Charge.id)
        .where(RefundLine.refund_id == refund.id)
        .group_by(Charge.case_id)
        .order_by(Charge.case_id)
    )
    parts = [CaseRefund(refund.id, case_id, int(amount)) for case_id, amount in session.execute(query)]
    if parts:
        return parts
    return [CaseRefund(refund.id, payments_of_order(session, refund.order_id)[0].case_id, refund.amount)]
