"""Erasing what people wrote and what identifies a payer, once a case's retention period is over. The amounts stay."""

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.payments.models import Payment, PaymentAttempt, PaymentNote, Refund


def erase_personal_data(session: Session, case_ids: Collection[int]) -> None:
    """Delete staff notes and empty reasons, vouchers and page addresses of all payments of these cases."""
    payment_ids = select(Payment.id).where(Payment.case_id.in_(case_ids))
    session.execute(delete(PaymentNote).where(PaymentNote.payment_id.in_(payment_ids)))
    session.execute(update(Refund).where(Refund.payment_id.in_(payment_ids)).values(reason=None))
    attempts = update(PaymentAttempt).where(PaymentAttempt.payment_id.in_(payment_ids))
    session.execute(attempts.values(voucher=None, url=None))
