"""What an order's money makes of its charges. Each yen that counts belongs to a charge, and so does each yen given back of it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.payments import rules
from portal.payments.models import Charge, Order, OrderLine, Refund, RefundLine


def charges_of_order(session: Session, order_id: int) -> list[Charge]:
    """Return the charges that are paid with an order, in the order of its lines."""
    query = select(Charge).join(OrderLine, OrderLine.charge_id == Charge.id)
    query = query.where(OrderLine.order_id == order_id, OrderLine.living).order_by(OrderLine.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def settle_charges(session: Session, order: Order) -> None:
    """Write what the order received and gave back into its charges. The caller holds the order's lock."""
    charges = charges_of_order(session, order.id)
    given_back = _given_back(session, order.id) if order.received else {}
    shares = rules.allocate(order.received, [charge.due for charge in charges])
    for charge, share in zip(charges, shares, strict=True):
        charge.received, charge.given_back = share, given_back.get(charge.id, 0)
        charge.status = rules.charge_status(
            order.status,
            due=charge.due,
            received=charge.received,
            given_back=charge.given_back,
            canceled=charge.canceled_at is not None,
        )
    session.flush()


def refundable_by_charge(session: Session, order_id: int) -> dict[int, int]:
    """Return the yen of each charge of a paid order that can still be refunded, in the order of its lines."""
    reserved = (
        select(RefundLine.charge_id, func.sum(RefundLine.amount).label("amount"))
        .join(Refund, Refund.id == RefundLine.refund_id)
        .where(Refund.order_id == order_id, Refund.status.not_in(rules.REFUND_VOID))
        .group_by(RefundLine.charge_id)
        .subquery()
    )
    query = (
        select(Charge.id, Charge.received - func.coalesce(reserved.c.amount, 0))
        .join(OrderLine, OrderLine.charge_id == Charge.id)
        .outerjoin(reserved, reserved.c.charge_id == Charge.id)
        .where(OrderLine.order_id == order_id, OrderLine.living)
        .order_by(OrderLine.id)
    )
    return {charge_id: int(left) for charge_id, left in session.execute(query)}


def parts_of_refund(session: Session, refund: Refund) -> dict[int, int]:
    """Return the yen that a refund gives back of each charge; nothing for money that never counted."""
    query = select(RefundLine.charge_id, RefundLine.amount).where(RefundLine.refund_id == refund.id)
    return {charge_id: int(amount) for charge_id, amount in session.execute(query.order_by(RefundLine.id))}


def _given_back(session: Session, order_id: int) -> dict[int, int]:
    query = (
        select(RefundLine.charge_id, func.sum(RefundLine.amount))
        .join(Refund, Refund.id == RefundLine.refund_id)
        .where(Refund.order_id == order_id, Refund.status == "succeeded")
        .group_by(RefundLine.charge_id)
    )
    return {charge_id: int(amount) for charge_id, amount in session.execute(query)}
