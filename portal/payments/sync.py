"""The one way a payment changes: look at the provider's page for it, lock the row, move forward.

The browser's return, a notice from the provider and the sweeper all end here, so it does not matter which comes first.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.events import SYSTEM, record
from portal.core.jobs import enqueue
from portal.payments import hooks, queries, rules, task_names
from portal.payments.events import of_payment, of_refund
from portal.payments.models import Payment, PaymentAttempt, Refund
from portal.payments.provider import CheckoutSnapshot, InvalidApiKey, PaymentProvider, ProviderRejected
from portal.payments.provider_accounts import is_at_former_account, provider_for

log = logging.getLogger(__name__)

SESSION_TTL = timedelta(hours=2)


def sync_payment(city_key: str, payment_id: int, *, checkout_id: str | None = None) -> str:
    """Read what can still change (and the page `checkout_id`, whatever its state); returns the payment's state.

    No transaction is open while the provider is asked. Raises NotFound, ProviderUnavailable when it does not answer, and ProviderRejected
    for a page that it does not know; of an attempt that could still change, that is the end (see `abandon_attempt`).
    """
    with city_session(city_key) as session:
        attempts = queries.attempts_of(session, payment_id)
        live = [attempt for attempt in attempts if attempt.status in rules.LIVE and attempt.checkout_id]
        pages = {attempt.checkout_id: provider_for(session, attempt) for attempt in live if attempt.checkout_id}
        if checkout_id and checkout_id not in pages:
            pages[checkout_id] = provider_for(session, _attempt_behind(attempts, checkout_id))
    seen = {page: _read(city_key, page, provider) for page, provider in sorted(pages.items(), key=lambda pair: pair[0])}
    with city_session(city_key) as session:
        payment = queries.lock_payment(session, payment_id)
        for snapshot in seen.values():
            if snapshot is not None:
                apply_snapshot(session, payment, snapshot)
        return payment.status


def _attempt_behind(attempts: Sequence[PaymentAttempt], checkout_id: str) -> PaymentAttempt | None:
    """The attempt of a page; when its answer was lost, the one that still waits for a page, or the newest."""
    known = (attempt for attempt in reversed(attempts) if attempt.checkout_id == checkout_id)
    waiting = (attempt for attempt in reversed(attempts) if attempt.checkout_id is None)
    return next(known, None) or next(waiting, None) or (attempts[-1] if attempts else None)


def _read(city_key: str, checkout_id: str, provider: PaymentProvider) -> CheckoutSnapshot | None:
    """The page as it is; None when its attempt was let go."""
    try:
        return provider.read_checkout(checkout_id)
    except (InvalidApiKey, ProviderRejected) as error:
        if not abandon_attempt(city_key, checkout_id, error):
            raise
        return None


def abandon_attempt(city_key: str, checkout_id: str, error: InvalidApiKey | ProviderRejected) -> bool:
    """Give up a live attempt whose page is out of reach for good, so that its payment can be paid on another page; whether it was.

    That is a page which the account does not know, and one of a former account whose key is refused, once its time is over.
    The operator reads of it in the log: had money arrived there, only that account's own dashboard would tell.
    """
    with city_session(city_key) as session:
        attempt = queries.attempt_by_checkout_id(session, checkout_id)
        if attempt is None or attempt.status not in rules.LIVE:
            return False
        if isinstance(error, ProviderRejected):
            lost, reason = error.is_unknown, error.code
        else:
            lost, reason = is_at_former_account(session, attempt) and _ends_at(attempt) < now(), "key_refused"
        if not lost:
            return False
        payment = queries.lock_payment(session, attempt.payment_id)
        session.refresh(attempt)
        if attempt.status in rules.LIVE:
            log.error(
                "attempt %s is let go, compare with the account where it was opened: %s", attempt.reference, reason
            )
            if attempt.status == "pending":  # a slip was issued: the payer hears of it
                attempt.status = rules.forward_attempt(attempt.status, "failed")
            else:
                attempt.status = rules.forward_attempt(attempt.status, "expired")
                record(
                    session, of_payment(payment.id, payment.case_id), "payment.expired", SYSTEM, payment_id=payment.id
                )
            session.flush()
            recompute_status(session, payment)
    return True


def _ends_at(attempt: PaymentAttempt) -> datetime:
    """Until when something can be paid there: the slip's end, or the page's."""
    if attempt.voucher and attempt.voucher.get("expires_at"):
        return datetime.fromisoformat(attempt.voucher["expires_at"])
    return attempt.expires_at or attempt.created_at + SESSION_TTL


def apply_snapshot(session: Session, payment: Payment, seen: CheckoutSnapshot, *, replaced: bool = False) -> None:
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
        record(session, of_payment(payment.id, payment.case_id), "payment.expired", SYSTEM, payment_id=payment.id)
    if attempt.status == "open" and seen.failure and seen.failure != failed_before:
        record(
            session,
            of_payment(payment.id, payment.case_id),
            "payment.failed",
            SYSTEM,
            payment_id=payment.id,
            reason=seen.failure,
        )
    session.flush()
    recompute_status(session, payment)


def _copy(attempt: PaymentAttempt, seen: CheckoutSnapshot) -> None:
    attempt.checkout_id = seen.checkout_id
    attempt.intent_id = seen.intent_id or attempt.intent_id
    attempt.charge_id = seen.charge_id or attempt.charge_id
    attempt.method = seen.method or attempt.method
    attempt.voucher = seen.voucher or attempt.voucher
    attempt.failure = seen.failure
    attempt.url = seen.url
    attempt.expires_at = seen.expires_at
    attempt.read_at = now()


def _take_money(session: Session, payment: Payment, attempt: PaymentAttempt, seen: CheckoutSnapshot) -> None:
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


def close_review(session: Session, payment: Payment, attempt: PaymentAttempt | None, decision: str) -> None:
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
    recompute_status(session, payment)


def _give_back_second(session: Session, payment: Payment, attempt: PaymentAttempt) -> None:
    """Paid twice (an old page, a slip and a card): the second payment goes back without anybody asking."""
    if queries.refunds_of(session, payment.id, attempt.id):
        return
    refund = Refund(
        payment_id=payment.id,
        attempt_id=attempt.id,
        amount=attempt.received_amount,
        duplicate=True,
        reference=f"refund:{attempt.reference}",
        status="approved",
        created_at=now(),
    )
    session.add(refund)
    session.flush()
    payment.version += 1
    record(
        session,
        of_refund(refund.id, payment.case_id),
        "refund.requested",
        SYSTEM,
        refund_id=refund.id,
        amount=refund.amount,
    )
    enqueue(session, task_names.SEND_REFUND, lock=f"payment:{payment.id}", refund_id=refund.id)
    hooks.emit(session, payment, "paid_twice")


def recompute_status(session: Session, payment: Payment) -> None:
    """Work the payment's state out from its attempts and refunds, and tell who listens what changed."""
    attempts = queries.attempts_of(session, payment.id)
    settling = next((one for one in attempts if one.settles), None)
    refunds = queries.refunds_of(session, payment.id, settling.id) if settling else []
    before = payment.status
    payment.received = settling.received_amount if settling else 0
    payment.given_back = rules.refunded_total((one.amount, one.status) for one in refunds)
    payment.status = rules.payment_status(
        [rules.AttemptState(one.status, one.settles) for one in attempts],
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
            record(session, of_payment(payment.id, case_id), "payment.pending", SYSTEM, **known, method=latest.method)
        case "paid" if first is not None:
            record(
                session,
                of_payment(payment.id, case_id),
                "payment.paid",
                SYSTEM,
                **known,
                amount=first.received_amount,
                method=payment.method,
            )
        case "failed":
            record(session, of_payment(payment.id, case_id), "payment.failed", SYSTEM, **known, reason=latest.failure)
        case "needs_review":
            record(
                session,
                of_payment(payment.id, case_id),
                "payment.needs_review",
                SYSTEM,
                **known,
                reason=payment.review_reason,
            )
        case "open" if before == "needs_review":
            change = "reopened"
        case _:
            return
    if payment.status == "paid" and any(one.status in rules.LIVE for one in attempts):
        enqueue(session, task_names.EXPIRE_CHECKOUTS, lock=f"payment:{payment.id}", payment_id=payment.id)
    hooks.emit(session, payment, change)
