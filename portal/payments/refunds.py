"""Refunds (還付): requested, approved by a second person, sent, and followed to their end."""

import logging
import secrets
from datetime import timedelta

from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.events import SYSTEM, Actor, record
from portal.core.jobs import enqueue
from portal.core.text import _
from portal.payments import listeners, queries, rules, task_names
from portal.payments.events import of_payment, of_refund
from portal.payments.models import Payment, PaymentAttempt, Refund
from portal.payments.payment_notes import write_note
from portal.payments.provider import (
    InvalidApiKey,
    PaymentProvider,
    ProviderRejected,
    RefundReason,
    RefundSnapshot,
    UnknownToProvider,
)
from portal.payments.provider_accounts import is_at_former_account, provider_for, refunds_need_approval
from portal.payments.sync import close_review, recompute_status

log = logging.getLogger(__name__)

IDEMPOTENCY_KEY_TTL = timedelta(hours=20)
"""The provider forgets idempotency keys after 24 hours; later, look before sending again."""


def request_refund(
    session: Session,
    payment_id: int,
    amount: int | None,
    reason: str,
    *,
    actor: Actor = SYSTEM,
    expected_version: int | None = None,
) -> Refund:
    """Request a refund of `amount` yen (None: all that is left); the reason is stored encrypted.

    Raises Conflict if nothing was paid or the payment is not at `expected_version` any more, Invalid for too much.

    The refund waits for `approve_refund` by another person when the city demands four eyes; one that the system requests
    (an application refused, by the city's own rules) and one in a city without four eyes is sent at once.
    """
    payment = queries.lock_payment(session, payment_id, expected_version=expected_version)
    settling = queries.settling_attempt(session, payment_id)
    if settling is None:
        raise Conflict(_("支払いが済んでいないため、返金できません。"))
    return refund_attempt(session, payment, settling, amount, reason, actor=actor)


def refund_attempt(
    session: Session, payment: Payment, attempt: PaymentAttempt, amount: int | None, reason: str, *, actor: Actor
) -> Refund:
    """Request a refund of one attempt's money, which need not count as the payment. The caller holds the payment's lock.

    Raises what `request_refund` raises.
    """
    refundable = queries.refundable_amount_of_attempt(session, attempt)
    if refundable == 0:
        raise Conflict(_("返金できる金額は、もうありません。"))
    refund_amount = refundable if amount is None else amount
    if not 0 < refund_amount <= refundable:
        message = _("返金は、1円から{most}円までにしてください。", most=f"{refundable:,}")
        raise Invalid(message, {"amount": message})
    staff_id = actor.id if actor.kind == "staff" else None
    needs_approval = staff_id is not None and refunds_need_approval(session)
    refund = Refund(
        payment_id=payment.id,
        attempt_id=attempt.id,
        amount=refund_amount,
        requested_by=staff_id,
        reference=f"refund:{secrets.token_urlsafe(18)}",
        status="requested" if needs_approval else "approved",
        created_at=now(),
    )
    session.add(refund)
    payment.version += 1
    session.flush()
    note_id = write_note(session, payment.id, "refund", reason, staff_id=staff_id, refund_id=refund.id)
    record(
        session,
        of_refund(refund.id, payment.case_id),
        "refund.requested",
        actor,
        refund_id=refund.id,
        amount=refund.amount,
        note_id=note_id,
    )
    if not needs_approval:
        _enqueue_sending(session, refund)
    return refund


def approve_refund(session: Session, refund_id: int, actor: Actor) -> Refund:
    """Approve a refund as the second person, so that it is sent. Raises Forbidden for the requester, Conflict if it was decided."""
    payment, refund = _lock_requested(session, refund_id)
    if actor.kind != "staff" or refund.requested_by == actor.id:
        raise Forbidden(_("返金は、申し出た人とは別の人が承認してください。"))
    refund.approved_by = actor.id
    refund.status = "approved"
    payment.version += 1
    session.flush()
    record(
        session,
        of_refund(refund.id, payment.case_id),
        "refund.approved",
        actor,
        refund_id=refund.id,
        amount=refund.amount,
    )
    _enqueue_sending(session, refund)
    attempt = session.get_one(PaymentAttempt, refund.attempt_id)
    if payment.status == "needs_review" and not attempt.settles:
        record(
            session,
            of_payment(payment.id, payment.case_id),
            "payment.reviewed",
            actor,
            payment_id=payment.id,
            reason=payment.review_reason,
            decision="given_back",
            amount=attempt.received_amount,
        )
        close_review(session, payment, attempt, "given_back")
    return refund


def reject_refund(session: Session, refund_id: int, actor: Actor, reason: str = "") -> Refund:
    """Reject a refund as the second person, or withdraw it as the first: nothing is sent. The reason is stored encrypted.

    Raises Conflict if it was decided.
    """
    payment, refund = _lock_requested(session, refund_id)
    refund.status, refund.finished_at = "canceled", now()
    payment.version += 1
    session.flush()
    note_id = write_note(session, payment.id, "rejection", reason, staff_id=actor.id, refund_id=refund.id)
    record(
        session,
        of_refund(refund.id, payment.case_id),
        "refund.rejected",
        actor,
        refund_id=refund.id,
        amount=refund.amount,
        note_id=note_id,
    )
    return refund


def _lock_requested(session: Session, refund_id: int) -> tuple[Payment, Refund]:
    refund = session.get(Refund, refund_id)
    if refund is None:
        raise NotFound
    payment = queries.lock_payment(session, refund.payment_id)
    session.refresh(refund)
    if refund.status != "requested":
        raise Conflict(_("この返金は、もう決まっています。"))
    return payment, refund


def _enqueue_sending(session: Session, refund: Refund) -> None:
    enqueue(session, task_names.SEND_REFUND, lock=f"payment:{refund.payment_id}", refund_id=refund.id)


def send_refund(city_key: str, refund_id: int) -> None:
    """Send an approved refund; safe to repeat. Raises ProviderUnavailable, so that the job is retried.

    It goes to the account that has the money. When that account cannot refund any more, the refund has failed: the city transfers it.
    """
    with city_session(city_key) as session:
        refund = session.get_one(Refund, refund_id)
        attempt = session.get_one(PaymentAttempt, refund.attempt_id)
        if refund.status != "approved" or attempt.intent_id is None:
            return
        provider, is_former = provider_for(session, attempt), is_at_former_account(session, attempt)
        intent_id, amount, reference = attempt.intent_id, refund.amount, refund.reference
        reason: RefundReason = "duplicate" if refund.duplicate else "requested_by_customer"
        key_may_be_forgotten = refund.created_at + IDEMPOTENCY_KEY_TTL < now()
    try:
        snapshot = provider.find_refund(intent_id, reference) if key_may_be_forgotten else None
        snapshot = snapshot or provider.refund(intent_id, amount, reference, reason)
    except ProviderRejected as error:
        log.error("refund %s rejected: %s", refund_id, error.code)
        # It may have been made before: then the answer was lost, and a request that differs in any way is rejected.
        snapshot = _find(provider, intent_id, reference)
        snapshot = snapshot or RefundSnapshot("", "failed", amount, reference, error.code)
    except InvalidApiKey:
        if not is_former:
            raise
        log.error("refund %s: the key of the former account is invalid", refund_id)
        snapshot = RefundSnapshot("", "failed", amount, reference, "key_refused")
    _apply_snapshot(city_key, refund_id, snapshot)


def _find(provider: PaymentProvider, intent_id: str, reference: str) -> RefundSnapshot | None:
    try:
        return provider.find_refund(intent_id, reference)
    except ProviderRejected:  # it does not know the payment either
        return None


def sync_refund(city_key: str, refund_id: int) -> None:
    """Read a refund that was sent; one that its account does not know has failed. Raises ProviderUnavailable, ProviderRejected."""
    with city_session(city_key) as session:
        refund = session.get_one(Refund, refund_id)
        attempt = session.get_one(PaymentAttempt, refund.attempt_id)
        provider, provider_id = provider_for(session, attempt), refund.provider_id
        amount, reference = refund.amount, refund.reference
    if provider_id is None:
        return
    try:
        snapshot = provider.read_refund(provider_id)
    except UnknownToProvider as error:
        log.error("refund %s does not exist at the provider any more", refund_id)
        snapshot = RefundSnapshot(provider_id, "failed", amount, reference, error.code)
    _apply_snapshot(city_key, refund_id, snapshot)


def _apply_snapshot(city_key: str, refund_id: int, snapshot: RefundSnapshot) -> None:
    with city_session(city_key) as session:
        refund = session.get_one(Refund, refund_id)
        payment = queries.lock_payment(session, refund.payment_id)
        session.refresh(refund)
        status_before = refund.status
        refund.status = rules.forward_refund(status_before, snapshot.status)
        refund.provider_id = snapshot.provider_id or refund.provider_id
        refund.failure = snapshot.failure or refund.failure
        session.flush()
        if refund.status != status_before:
            _publish_change(session, payment, refund)


def _publish_change(session: Session, payment: Payment, refund: Refund) -> None:
    recompute_status(session, payment)
    if refund.status == "succeeded":
        refund.finished_at = now()
        record(
            session,
            of_refund(refund.id, payment.case_id),
            "refund.succeeded",
            SYSTEM,
            refund_id=refund.id,
            amount=refund.amount,
        )
        listeners.emit_refund(session, payment, refund, "refunded")
    elif refund.status == "failed":
        refund.finished_at = now()
        record(
            session,
            of_refund(refund.id, payment.case_id),
            "refund.failed",
            SYSTEM,
            refund_id=refund.id,
            reason=refund.failure,
        )
        listeners.emit_refund(session, payment, refund, "refund_failed")
