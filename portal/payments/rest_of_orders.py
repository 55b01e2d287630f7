"""What an order is short of when less than it asks for arrived and counts: the cases are charged for the rest."""

from sqlalchemy.orm import Session

from portal.core.events import SYSTEM, Actor
from portal.payments import listeners, rules
from portal.payments.case_payments import payments_of_order
from portal.payments.models import Order
from portal.payments.payment_requests import ChargeOwner, open_payment
from portal.payments.provider import LineItem

REST_TITLE = {
    "ja": "不足している金額",
    "ja-easy": "足(た)りない お金(かね)",
    "en": "Amount still missing",
    "zh": "不足的金额",
    "ko": "부족한 금액",
}


def request_rest(session: Session, order: Order, received: int, actor: Actor = SYSTEM) -> None:
    """Charge each case whose charges the received yen do not cover for the rest of them. The caller holds the order's lock."""
    payments = payments_of_order(session, order.id)
    charges = [charge for payment in payments for charge in payment.charges]
    shares = rules.allocate(received, [charge.due for charge in charges])
    share_of = {charge.id: share for charge, share in zip(charges, shares, strict=True)}
    for payment in payments:
        missing = payment.amount - sum(share_of[charge.id] for charge in payment.charges)
        if missing > 0:
            rest = open_payment(
                session,
                payment.case_id,
                [LineItem(REST_TITLE, missing, id="rest")],
                title=payment.title,
                purpose=f"{payment.purpose}-rest-{order.id}",
                next_path=order.next_path,
                owner=ChargeOwner(payment.charges[0].department_id, payment.charges[0].procedure_key),
                actor=actor,
            )
            listeners.emit(session, [rest], "rest_requested")
