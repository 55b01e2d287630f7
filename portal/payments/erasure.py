"""Erasing what people wrote and what identifies a payer, once a case's retention period is over. The amounts stay."""

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.core.jobs import enqueue
from portal.payments import task_names
from portal.payments.later_models import Waiver
from portal.payments.models import Charge, OrderLine, PaymentAttempt, PaymentNote, Refund


def erase_personal_data(session: Session, case_ids: Collection[int]) -> None:
    """Delete staff notes and empty reasons, vouchers, page addresses and addresses of payers of all orders with charges of these cases.

    Jobs let the provider forget whom it kept an account for.
    """
    of_cases = OrderLine.charge_id.in_(select(Charge.id).where(Charge.case_id.in_(case_ids)))
    of_charges = Waiver.charge_id.in_(select(Charge.id).where(Charge.case_id.in_(case_ids)))
    session.execute(update(Waiver).where(of_charges).values(reason=None, proof=""))
    order_ids = select(OrderLine.order_id).where(of_cases)
    session.execute(delete(PaymentNote).where(PaymentNote.order_id.in_(order_ids)))
    session.execute(update(Refund).where(Refund.order_id.in_(order_ids)).values(reason=None))
    kept = PaymentAttempt.order_id.in_(order_ids), PaymentAttempt.customer_id.is_not(None)
    for attempt_id in session.scalars(select(PaymentAttempt.id).where(*kept).order_by(PaymentAttempt.id)):
        enqueue(session, task_names.FORGET_CUSTOMER, attempt_id=attempt_id)
    attempts = update(PaymentAttempt).where(PaymentAttempt.order_id.in_(order_ids))
    session.execute(attempts.values(voucher=None, transfer_account=None, url=None, payer=None))
