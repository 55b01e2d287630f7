"""Reading payments, their attempts and their refunds."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.core.errors import Conflict, NotFound
from portal.core.locking import lock_row
from portal.core.text import _
from portal.payments import rules
from portal.payments.models import Payment, PaymentAttempt, Refund

STALE_PAYMENT = "この支払いは、先にほかの人が処理しました。いまの状態を確かめてください。"


def payments_of_case(session: Session, case_id: int) -> list[Payment]:
    """Return every payment of a case, newest first."""
    return list(session.scalars(select(Payment).where(Payment.case_id == case_id).order_by(Payment.id.desc())))


def payments_of_cases(session: Session, case_ids: Collection[int]) -> dict[int, list[Payment]]:
    """Return the payments of several cases by the case's id, newest first; a case without any is left out."""
    payments: dict[int, list[Payment]] = {}
    for payment in session.scalars(select(Payment).where(Payment.case_id.in_(case_ids)).order_by(Payment.id.desc())):
        payments.setdefault(payment.case_id, []).append(payment)
    return payments


def payment_by_id(session: Session, payment_id: int) -> Payment:
    """Return a payment. Raises NotFound."""
    payment = session.get(Payment, payment_id)
    if payment is None:
        raise NotFound
    return payment


def payment_by_public_id(session: Session, public_id: str) -> Payment:
    """Return the payment with this id in its addresses. Raises NotFound."""
    payment = session.scalar(select(Payment).where(Payment.public_id == public_id))
    if payment is None:
        raise NotFound
    return payment


def payment_of_refund(session: Session, refund_id: int) -> Payment:
    """Return the payment to which a refund belongs. Raises NotFound."""
    refund = session.get(Refund, refund_id)
    if refund is None:
        raise NotFound
    return payment_by_id(session, refund.payment_id)


def lock_payment(session: Session, payment_id: int, *, expected_version: int | None = None) -> Payment:
    """Return the payment with its row locked: everything that changes one begins here.

    `expected_version`: the version that the decision was made on. Raises NotFound; Conflict when the payment has changed since.
    """
    payment = lock_row(session, Payment, Payment.id == payment_id)
    if payment is None:
        raise NotFound
    if expected_version is not None and expected_version != payment.version:
        raise Conflict(_(STALE_PAYMENT))
    return payment


def attempts_of_payment(session: Session, payment_id: int) -> list[PaymentAttempt]:
    """Return the attempts of a payment, oldest first."""
    return list(session.scalars(_attempts(payment_id).order_by(PaymentAttempt.number)))


def attempt_by_checkout_id(session: Session, checkout_id: str) -> PaymentAttempt | None:
    """Return the attempt with this page at the provider."""
    return session.scalar(select(PaymentAttempt).where(PaymentAttempt.checkout_id == checkout_id))


def latest_attempt(session: Session, payment_id: int) -> PaymentAttempt | None:
    """Return the newest attempt; None if there is none yet."""
    return session.scalar(_attempts(payment_id).order_by(PaymentAttempt.number.desc()).limit(1))


def live_attempt(session: Session, payment_id: int) -> PaymentAttempt | None:
    """Return the one attempt that can still be paid, if there is one."""
    return session.scalar(_attempts(payment_id).where(PaymentAttempt.status.in_(rules.LIVE)))


def settling_attempt(session: Session, payment_id: int) -> PaymentAttempt | None:
    """Return the attempt whose money counts for the payment, once it is paid."""
    return session.scalar(_attempts(payment_id).where(PaymentAttempt.settles))


def _attempts(payment_id: int) -> Select[PaymentAttempt]:
    return select(PaymentAttempt).where(PaymentAttempt.payment_id == payment_id)


def refunds_of_payment(session: Session, payment_id: int, attempt_id: int | None = None) -> list[Refund]:
    """Return the refunds of a payment (of one of its attempts), oldest first."""
    query = select(Refund).where(Refund.payment_id == payment_id)
    if attempt_id is not None:
        query = query.where(Refund.attempt_id == attempt_id)
    return list(session.scalars(query.order_by(Refund.id)))


def refundable_amount(session: Session, payment: Payment) -> int:
    """Return the yen of a payment that can still be refunded."""
    settling = settling_attempt(session, payment.id)
    return 0 if settling is None else refundable_amount_of_attempt(session, settling)


def refundable_amount_of_attempt(session: Session, attempt: PaymentAttempt) -> int:
    """Return the yen of one paid attempt that can still be refunded."""
    refunds = refunds_of_payment(session, attempt.payment_id, attempt.id)
    return rules.refundable(attempt.received_amount, ((refund.amount, refund.status) for refund in refunds))
