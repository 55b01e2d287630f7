"""Giving money back (還付): asked for, approved by a second person, sent, and followed to its end."""

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
from portal.payments import hooks, queries, rules, task_names
from portal.payments.events import of_payment, of_refund
from portal.payments.models import Payment, PaymentAttempt, Refund
from portal.payments.payment_notes import write_note
from portal.payments.provider import InvalidApiKey, PaymentProvider, ProviderRejected, RefundReason, RefundSnapshot
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
    """Ask to give back `amount` yen (None: all that is left); the reason is kept sealed.

    Raises Conflict if nothing was paid or the payment is not at version `expected_version` any more, Invalid for too much.

    The refund waits for `approve_refund` by another person when the city asks for four eyes; one that the system asks for
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
    """The same for the money of one attempt, which may not count as the payment. The caller holds the payment's lock."""
    left = queries.refundable_of(session, attempt)
    if left == 0:
        raise Conflict(_("返金できる金額は、もうありません。"))
    yen = left if amount is None else amount
    if not 0 < yen <= left:
        limit = _("返金は、1円から{most}円までにしてください。", most=f"{left:,}")
        raise Invalid(limit, {"amount": limit})
    staff_id = actor.id if actor.kind == "staff" else None
    waits = staff_id is not None and refunds_need_approval(session)
    refund = Refund(
        payment_id=payment.id,
        attempt_id=attempt.id,
        amount=yen,
        requested_by=staff_id,
        reference=f"refund:{secrets.token_urlsafe(18)}",
        status="requested" if waits else "approved",
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
    if not waits:
        _plan_sending(session, refund)
    return refund


def approve_refund(session: Session, refund_id: int, actor: Actor) -> Refund:
    """The second person agrees, and the refund is sent. Raises Forbidden for the one who asked, Conflict if it was decided."""
    payment, refund = _waiting(session, refund_id)
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
    _plan_sending(session, refund)
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
    """The second person does not agree, or the first takes it back: nothing is sent. The reason is kept sealed.

    Raises Conflict if it was decided.
    """
    payment, refund = _waiting(session, refund_id)
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


def _waiting(session: Session, refund_id: int) -> tuple[Payment, Refund]:
    refund = session.get(Refund, refund_id)
    if refund is None:
        raise NotFound
    payment = queries.lock_payment(session, refund.payment_id)
    session.refresh(refund)
    if refund.status != "requested":
        raise Conflict(_("この返金は、もう決まっています。"))
    return payment, refund


def _plan_sending(session: Session, refund: Refund) -> None:
    enqueue(session, task_names.SEND_REFUND, lock=f"payment:{refund.payment_id}", refund_id=refund.id)


def send_refund(city_key: str, refund_id: int) -> None:
    """Send an approved refund; safe to repeat. Raises ProviderUnavailable, so that the job is tried again.

    It goes to the account that has the money. When that one cannot give it back any more, the refund has failed: the city transfers it.
    """
    with city_session(city_key) as session:
        refund = session.get_one(Refund, refund_id)
        attempt = session.get_one(PaymentAttempt, refund.attempt_id)
        if refund.status != "approved" or attempt.intent_id is None:
            return
        provider, former = provider_for(session, attempt), is_at_former_account(session, attempt)
        intent_id, amount, reference = attempt.intent_id, refund.amount, refund.reference
        reason: RefundReason = "duplicate" if refund.duplicate else "requested_by_customer"
        old = refund.created_at + IDEMPOTENCY_KEY_TTL < now()
    try:
        seen = provider.find_refund(intent_id, reference) if old else None
        seen = seen or provider.refund(intent_id, amount, reference, reason)
    except ProviderRejected as refused:
        log.error("refund %s refused: %s", refund_id, refused.code)
        # It may have been made before: then the answer was lost, and a request that differs in a word is refused.
        seen = _find(provider, intent_id, reference)
        seen = seen or RefundSnapshot("", "failed", amount, reference, refused.code)
    except InvalidApiKey:
        if not former:
            raise
        log.error("refund %s: the key of the former account is refused", refund_id)
        seen = RefundSnapshot("", "failed", amount, reference, "key_refused")
    _observe(city_key, refund_id, seen)


def _find(provider: PaymentProvider, intent_id: str, reference: str) -> RefundSnapshot | None:
    try:
        return provider.find_refund(intent_id, reference)
    except ProviderRejected:  # it does not know the payment either
        return None


def sync_refund(city_key: str, refund_id: int) -> None:
    """Look at a refund that was sent; one that its account does not know has failed. Raises ProviderUnavailable, ProviderRejected."""
    with city_session(city_key) as session:
        refund = session.get_one(Refund, refund_id)
        attempt = session.get_one(PaymentAttempt, refund.attempt_id)
        provider, provider_id = provider_for(session, attempt), refund.provider_id
        amount, reference = refund.amount, refund.reference
    if provider_id is None:
        return
    try:
        seen = provider.read_refund(provider_id)
    except ProviderRejected as refused:
        if not refused.is_unknown:
            raise
        log.error("refund %s is not at the provider any more", refund_id)
        seen = RefundSnapshot(provider_id, "failed", amount, reference, refused.code)
    _observe(city_key, refund_id, seen)


def _observe(city_key: str, refund_id: int, seen: RefundSnapshot) -> None:
    with city_session(city_key) as session:
        refund = session.get_one(Refund, refund_id)
        payment = queries.lock_payment(session, refund.payment_id)
        session.refresh(refund)
        before = refund.status
        refund.status = rules.forward_refund(before, seen.status)
        refund.provider_id = seen.provider_id or refund.provider_id
        refund.failure = seen.failure or refund.failure
        session.flush()
        if refund.status != before:
            _announce(session, payment, refund)


def _announce(session: Session, payment: Payment, refund: Refund) -> None:
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
        hooks.emit_refund(session, payment, refund, "refunded")
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
        hooks.emit_refund(session, payment, refund, "refund_failed")
