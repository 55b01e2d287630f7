"""Reading payments: for the case they belong to, for the payer's page, and for the day's reconciliation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.core.errors import Conflict, NotFound
from portal.core.locking import lock_row
from portal.core.text import _
from portal.payments import rules
from portal.payments.models import Payment, PaymentAttempt, ProviderTransaction, Refund

STALE_PAYMENT = "この支払いは、先にほかの人が処理しました。いまの状態を確かめてください。"


def payments_of(session: Session, case_id: int) -> list[Payment]:
    """Every payment of a case, newest first."""
    return list(session.scalars(select(Payment).where(Payment.case_id == case_id).order_by(Payment.id.desc())))


def payment_by_public_id(session: Session, public_id: str) -> Payment:
    """The payment behind an address. Raises NotFound."""
    found = session.scalar(select(Payment).where(Payment.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def lock_payment(session: Session, payment_id: int, *, expected_version: int | None = None) -> Payment:
    """The payment, with its row locked: everything that changes one begins here.

    `expected_version`: the version that the decision was made on. Raises NotFound; Conflict when the payment has changed since.
    """
    payment = lock_row(session, Payment, Payment.id == payment_id)
    if payment is None:
        raise NotFound
    if expected_version is not None and expected_version != payment.version:
        raise Conflict(_(STALE_PAYMENT))
    return payment


def attempts_of(session: Session, payment_id: int) -> list[PaymentAttempt]:
    """The attempts of a payment, oldest first."""
    return list(session.scalars(_attempts(payment_id).order_by(PaymentAttempt.number)))


def attempt_by_checkout_id(session: Session, checkout_id: str) -> PaymentAttempt | None:
    """The attempt with this page at the provider."""
    return session.scalar(select(PaymentAttempt).where(PaymentAttempt.checkout_id == checkout_id))


def latest_attempt(session: Session, payment_id: int) -> PaymentAttempt | None:
    """The newest attempt, or None if nobody tried yet."""
    return session.scalar(_attempts(payment_id).order_by(PaymentAttempt.number.desc()).limit(1))


def live_attempt(session: Session, payment_id: int) -> PaymentAttempt | None:
    """The one attempt that can still be paid, if there is one."""
    return session.scalar(_attempts(payment_id).where(PaymentAttempt.status.in_(rules.LIVE)))


def _attempts(payment_id: int) -> Select[PaymentAttempt]:
    return select(PaymentAttempt).where(PaymentAttempt.payment_id == payment_id)


def refunds_of(session: Session, payment_id: int, attempt_id: int | None = None) -> list[Refund]:
    """The refunds of a payment (of one of its attempts), oldest first."""
    query = select(Refund).where(Refund.payment_id == payment_id)
    if attempt_id is not None:
        query = query.where(Refund.attempt_id == attempt_id)
    return list(session.scalars(query.order_by(Refund.id)))


def refundable(session: Session, payment: Payment) -> int:
    """Yen of a payment that can still be given back."""
    settling = settling_attempt(session, payment.id)
    return 0 if settling is None else refundable_of(session, settling)


def refundable_of(session: Session, attempt: PaymentAttempt) -> int:
    """Yen of one paid attempt that can still be given back."""
    refunds = refunds_of(session, attempt.payment_id, attempt.id)
    return rules.refundable(attempt.received_amount, ((refund.amount, refund.status) for refund in refunds))


def settling_attempt(session: Session, payment_id: int) -> PaymentAttempt | None:
    """The attempt whose money counts for the payment, once it is paid."""
    return session.scalar(_attempts(payment_id).where(PaymentAttempt.settles))


@dataclass(frozen=True)
class Discrepancy:
    """Something that our book and the provider's do not agree on."""

    kind: str
    """`not_ours`: in the provider's book alone; `not_there`: in ours alone; `amount`: in both, with other amounts."""
    source_id: str
    ours: int | None
    theirs: int | None


def discrepancies(session: Session, read_until: datetime | None = None) -> list[Discrepancy]:
    """Compare what we hold for paid and given back with the provider's book.

    What began after `read_until` may be missing from that book, which is taken over once a night.
    """
    paid = select(PaymentAttempt.charge_id, func.coalesce(PaymentAttempt.received, PaymentAttempt.amount)).where(
        PaymentAttempt.status == "paid", PaymentAttempt.charge_id.is_not(None)
    )
    back = select(Refund.provider_id, Refund.amount).where(
        Refund.provider_id.is_not(None), Refund.status.not_in(rules.REFUND_VOID)
    )
    young = _sources_after(session, read_until) if read_until else set()
    ours: dict[str, int] = {str(source): amount for source, amount in session.execute(paid)}
    ours |= {str(source): -amount for source, amount in session.execute(back)}
    theirs: dict[str, int] = {}
    for source, gross in session.execute(select(ProviderTransaction.source_id, ProviderTransaction.gross)):
        if source is not None:
            theirs[source] = theirs.get(source, 0) + gross
    found = [Discrepancy("not_ours", key, None, gross) for key, gross in theirs.items() if key not in ours and gross]
    found += [
        Discrepancy("not_there", key, amount, None)
        for key, amount in ours.items()
        if key not in theirs and key not in young
    ]
    found += [
        Discrepancy("amount", key, ours[key], theirs[key])
        for key in ours.keys() & theirs.keys()
        if ours[key] != theirs[key]
    ]
    return sorted(found, key=lambda one: (one.kind, one.source_id))


def _sources_after(session: Session, moment: datetime) -> set[str | None]:
    """The charges and refunds since then. A konbini attempt may be older than the money, so the last look at it counts."""
    charges = select(PaymentAttempt.charge_id).where(PaymentAttempt.read_at >= moment)
    refunds = select(Refund.provider_id).where(func.coalesce(Refund.finished_at, Refund.created_at) >= moment)
    return {*session.scalars(charges), *session.scalars(refunds)}
