"""Giving money back (還付): asked for, approved by a second person, sent, and followed to its end."""

import logging
import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.events import SYSTEM, Actor, record
from portal.core.jobs import enqueue
from portal.payments import hooks, queries, rules, work
from portal.payments.accounts import account_of, provider_for
from portal.payments.models import Payment, PaymentAttempt, Refund
from portal.payments.provider import ProviderRefused, SeenRefund
from portal.payments.sync import settle

log = logging.getLogger(__name__)

KEY_LASTS = timedelta(hours=20)
"""The provider forgets idempotency keys after 24 hours; later, look before sending again."""


def request_refund(
    session: Session, payment_id: int, amount: int | None, reason: str, *, actor: Actor = SYSTEM
) -> Refund:
    """Ask to give back `amount` yen (None: all that is left). Raises Conflict if nothing was paid, Invalid for too much.

    The refund waits for `approve_refund` by another person when the city asks for four eyes; one that the system asks for
    (an application refused, by the city's own rules) and one in a city without four eyes is sent at once.
    """
    payment = queries.locked(session, payment_id)
    settling = session.scalar(
        select(PaymentAttempt).where(PaymentAttempt.payment_id == payment_id, PaymentAttempt.settles)
    )
    if settling is None:
        raise Conflict("支払いが済んでいないため、返金できません。")
    left = queries.refundable(session, payment)
    wanted = left if amount is None else amount
    if left == 0:
        raise Conflict("返金できる金額は、もうありません。")
    if not 0 < wanted <= left:
        raise Invalid(
            f"返金は、1円から{left:,}円までにしてください。", {"amount": f"1円から{left:,}円までにしてください。"}
        )
    staff_id = actor.id if actor.kind == "staff" else None
    waits = staff_id is not None and account_of(session).four_eyes
    refund = Refund(
        payment_id=payment.id,
        attempt_id=settling.id,
        amount=wanted,
        reason=reason,
        requested_by=staff_id,
        reference=f"refund:{secrets.token_urlsafe(18)}",
        status="requested" if waits else "approved",
        created_at=now(),
    )
    session.add(refund)
    session.flush()
    record(
        session, payment.case_id, "refund.requested", actor, refund_id=refund.id, amount=refund.amount, reason=reason
    )
    if not waits:
        _plan_sending(session, refund)
    return refund


def approve_refund(session: Session, refund_id: int, actor: Actor) -> Refund:
    """The second person agrees, and the refund is sent. Raises Forbidden for the one who asked, Conflict if it was decided."""
    refund = _waiting(session, refund_id)
    if actor.kind != "staff" or refund.requested_by == actor.id:
        raise Forbidden("返金は、申し出た人とは別の人が承認してください。")
    refund.approved_by = actor.id
    refund.status = "approved"
    session.flush()
    _plan_sending(session, refund)
    return refund


def reject_refund(session: Session, refund_id: int) -> Refund:
    """The second person does not agree; nothing is sent."""
    refund = _waiting(session, refund_id)
    refund.status, refund.finished_at = "canceled", now()
    session.flush()
    return refund


def _waiting(session: Session, refund_id: int) -> Refund:
    found = session.get(Refund, refund_id)
    if found is None:
        raise NotFound
    queries.locked(session, found.payment_id)
    session.refresh(found)
    if found.status != "requested":
        raise Conflict("この返金は、もう決まっています。")
    return found


def _plan_sending(session: Session, refund: Refund) -> None:
    enqueue(session, work.SEND_REFUND, lock=f"payment:{refund.payment_id}", refund_id=refund.id)


def send_refund(city_key: str, refund_id: int) -> None:
    """Send an approved refund; safe to repeat. Raises ProviderAway, so that the job is tried again."""
    with city_session(city_key) as session:
        refund = session.get_one(Refund, refund_id)
        attempt = session.get_one(PaymentAttempt, refund.attempt_id)
        if refund.status != "approved" or attempt.intent_id is None:
            return
        provider = provider_for(session)
        intent_id, amount, reference = attempt.intent_id, refund.amount, refund.reference
        old = refund.created_at + KEY_LASTS < now()
    try:
        seen = provider.find_refund(intent_id, reference) if old else None
        seen = seen or provider.refund(intent_id, amount, reference)
    except ProviderRefused as refused:
        log.error("refund %s refused: %s", refund_id, refused.code)
        seen = SeenRefund("", "failed", amount, reference, refused.code)
    _observe(city_key, refund_id, seen)


def sync_refund(city_key: str, refund_id: int) -> None:
    """Look at a refund that was sent. Raises ProviderAway."""
    with city_session(city_key) as session:
        refund = session.get_one(Refund, refund_id)
        provider, provider_id = provider_for(session), refund.provider_id
    if provider_id is not None:
        _observe(city_key, refund_id, provider.read_refund(provider_id))


def _observe(city_key: str, refund_id: int, seen: SeenRefund) -> None:
    with city_session(city_key) as session:
        refund = session.get_one(Refund, refund_id)
        payment = queries.locked(session, refund.payment_id)
        session.refresh(refund)
        before = refund.status
        refund.status = rules.forward_refund(before, seen.status)
        refund.provider_id = seen.provider_id or refund.provider_id
        refund.failure = seen.failure or refund.failure
        session.flush()
        if refund.status != before:
            _announce(session, payment, refund)


def _announce(session: Session, payment: Payment, refund: Refund) -> None:
    if refund.status == "succeeded":
        refund.finished_at = now()
        record(session, payment.case_id, "refund.succeeded", SYSTEM, refund_id=refund.id, amount=refund.amount)
    elif refund.status == "failed":
        refund.finished_at = now()
        record(session, payment.case_id, "refund.failed", SYSTEM, refund_id=refund.id, reason=refund.failure)
        hooks.tell(session, payment, "refund_failed")
    settle(session, payment)
