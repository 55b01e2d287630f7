"""The one way a payment changes: look at the provider's page for it, lock the row, move forward.

The browser's return, a notice from the provider and the sweeper all end here, so it does not matter which comes first.
"""

from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.events import SYSTEM, record
from portal.core.jobs import enqueue
from portal.payments import hooks, queries, rules, work
from portal.payments.accounts import provider_for
from portal.payments.models import Payment, PaymentAttempt, Refund
from portal.payments.provider import Seen


def sync_payment(city_key: str, payment_id: int, *, checkout_id: str | None = None) -> str:
    """Read what can still change (and the page `checkout_id`, whatever its state); returns the payment's state.

    No transaction is open while the provider is asked. Raises NotFound, and ProviderAway when it does not answer.
    """
    with city_session(city_key) as session:
        attempts = queries.attempts_of(session, payment_id)
        asked = {one.checkout_id for one in attempts if one.status in rules.LIVE} | {checkout_id}
        provider = provider_for(session)
    seen = [provider.read_checkout(one) for one in sorted(one for one in asked if one)]
    with city_session(city_key) as session:
        payment = queries.locked(session, payment_id)
        for one in seen:
            observe(session, payment, one)
        return payment.status


def observe(session: Session, payment: Payment, seen: Seen, *, replaced: bool = False) -> None:
    """Take one observation in. The caller holds the payment's lock; `replaced` says that we closed the page ourselves."""
    attempt = next((one for one in queries.attempts_of(session, payment.id) if one.reference == seen.reference), None)
    if attempt is None:
        return
    before, failed_before = attempt.status, attempt.failure
    attempt.status = rules.forward_attempt(attempt.status, seen.status)
    if attempt.status == seen.status:
        _copy(attempt, seen)
    if attempt.status == "paid" and not attempt.settles:
        _take_money(session, payment, attempt, seen)
    if seen.disputed and payment.review_reason is None and "dispute" not in attempt.reviewed:
        payment.review_reason = "dispute"
        payment.version += 1
    if attempt.status == "expired" and before != "expired" and not replaced:
        record(session, payment.case_id, "payment.expired", SYSTEM, payment_id=payment.id)
    if attempt.status == "open" and seen.failure and seen.failure != failed_before:
        record(session, payment.case_id, "payment.failed", SYSTEM, payment_id=payment.id, reason=seen.failure)
    session.flush()
    settle(session, payment)


def _copy(attempt: PaymentAttempt, seen: Seen) -> None:
    attempt.checkout_id = seen.checkout_id
    attempt.intent_id = seen.intent_id or attempt.intent_id
    attempt.charge_id = seen.charge_id or attempt.charge_id
    attempt.method = seen.method or attempt.method
    attempt.voucher = seen.voucher or attempt.voucher
    attempt.failure = seen.failure
    attempt.url = seen.url
    attempt.expires_at = seen.expires_at
    attempt.read_at = now()


def _take_money(session: Session, payment: Payment, attempt: PaymentAttempt, seen: Seen) -> None:
    wrong = rules.mismatch(
        expected=payment.amount,
        amount=seen.amount,
        currency=seen.currency,
        reference=attempt.reference,
        seen_reference=seen.reference,
    )
    if wrong != "currency":
        attempt.received = seen.amount
    _place_money(session, payment, attempt, wrong)


def _place_money(session: Session, payment: Payment, attempt: PaymentAttempt, wrong: str | None) -> None:
    """Decide what money that arrived is: the payment, a second payment, or something that staff must look at."""
    if attempt.reviewed:  # staff decided already what becomes of it
        return
    if queries.settling_attempt(session, payment.id) is not None:
        _give_back_second(session, payment, attempt)
    elif payment.canceled_at is not None:
        payment.review_reason = payment.review_reason or "canceled"
    elif wrong:
        payment.review_reason = payment.review_reason or wrong
    else:
        attempt.settles = True


def leave_review(session: Session, payment: Payment, attempt: PaymentAttempt | None, decision: str) -> None:
    """Staff decided on the money under review (with `accepted` and `difference` it counts). Other money that waited beside it is looked at next."""
    reason, payment.review_reason = payment.review_reason, None
    if attempt is not None:
        attempt.reviewed = [*attempt.reviewed, reason]
        attempt.settles = attempt.settles or decision in {"accepted", "difference"}
    session.flush()
    for other in queries.attempts_of(session, payment.id):
        if other.status == "paid" and not other.settles:
            _place_money(session, payment, other, None if other.received == payment.amount else "amount")
    payment.version += 1
    session.flush()
    settle(session, payment)


def _give_back_second(session: Session, payment: Payment, attempt: PaymentAttempt) -> None:
    """Paid twice (an old page, a slip and a card): the second payment goes back without anybody asking."""
    if queries.refunds_of(session, payment.id, attempt.id):
        return
    refund = Refund(
        payment_id=payment.id,
        attempt_id=attempt.id,
        amount=attempt.money,
        duplicate=True,
        reference=f"refund:{attempt.reference}",
        status="approved",
        created_at=now(),
    )
    session.add(refund)
    session.flush()
    payment.version += 1
    record(session, payment.case_id, "refund.requested", SYSTEM, refund_id=refund.id, amount=refund.amount)
    enqueue(session, work.SEND_REFUND, lock=f"payment:{payment.id}", refund_id=refund.id)
    hooks.tell(session, payment, "paid_twice")


def settle(session: Session, payment: Payment) -> None:
    """Work the payment's state out from its attempts and refunds, and tell who listens what changed."""
    attempts = queries.attempts_of(session, payment.id)
    settling = next((one for one in attempts if one.settles), None)
    refunds = queries.refunds_of(session, payment.id, settling.id) if settling else []
    before = payment.status
    payment.received = settling.money if settling else 0
    payment.given_back = rules.given_back((one.amount, one.status) for one in refunds)
    payment.status = rules.payment_status(
        [rules.Tried(one.status, one.settles) for one in attempts],
        received=payment.received,
        given_back=payment.given_back,
        canceled=payment.canceled_at is not None,
        review=payment.review_reason is not None,
    )
    if payment.status == before:
        return
    payment.version += 1
    first = settling if payment.paid_at is None and payment.status in {"paid", "refunded"} else None
    if first is not None:
        payment.paid_at, payment.method = now(), first.method
    session.flush()
    _announce(session, payment, before, attempts, first)


def _announce(
    session: Session, payment: Payment, before: str, attempts: list[PaymentAttempt], first: PaymentAttempt | None
) -> None:
    """`first`: the attempt that counts, if the payment is paid for the first time. Of a refund's end the refund itself tells."""
    latest, case_id, known = attempts[-1], payment.case_id, {"payment_id": payment.id}
    change = payment.status
    match payment.status:
        case "pending":
            record(session, case_id, "payment.pending", SYSTEM, **known, method=latest.method)
        case "paid" if first is not None:
            record(session, case_id, "payment.paid", SYSTEM, **known, amount=first.money, method=payment.method)
        case "failed":
            record(session, case_id, "payment.failed", SYSTEM, **known, reason=latest.failure)
        case "needs_review":
            record(session, case_id, "payment.needs_review", SYSTEM, **known, reason=payment.review_reason)
        case "open" if before == "needs_review":
            change = "reopened"
        case _:
            return
    if payment.status == "paid" and any(one.status in rules.LIVE for one in attempts):
        enqueue(session, work.CLOSE_ATTEMPTS, lock=f"payment:{payment.id}", payment_id=payment.id)
    hooks.tell(session, payment, change)
