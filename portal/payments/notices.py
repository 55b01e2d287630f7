"""Notices from the provider: verified and written down at once, acted upon by a job, never believed as to content."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.errors import NotFound
from portal.core.jobs import enqueue
from portal.payments import work
from portal.payments.accounts import provider_for, webhook_secrets
from portal.payments.models import PaymentAttempt, ProviderEvent, Refund
from portal.payments.provider import Notice
from portal.payments.refunds import sync_refund
from portal.payments.sync import sync_payment


def receive_event(session: Session, body: bytes, signature: str) -> bool:
    """Check a notice's signature over its raw bytes, keep it, and plan the work; False if it was here before.

    Raises NoAccount, ForgedEvent for a missing, wrong or old signature, UnreadableEvent for a body that is no notice.
    """
    return keep(session, provider_for(session).notice(body, signature, webhook_secrets(session)))


def keep(session: Session, notice: Notice) -> bool:
    """Write a verified notice down and enqueue its job, in one transaction; False if it was here before."""
    row = insert(ProviderEvent).values(
        event_id=notice.event_id,
        type=notice.type,
        object_id=notice.object_id,
        intent_id=notice.intent_id,
        reference=notice.reference,
        created_at=notice.created_at,
        received_at=now(),
    )
    new = session.scalar(row.on_conflict_do_nothing().returning(ProviderEvent.event_id))
    if new is None:
        return False
    enqueue(session, work.TAKE_NOTICE, event_id=notice.event_id)
    return True


def take_notice(city_key: str, event_id: str) -> None:
    """Look at what a notice points to; safe to repeat. Raises ProviderAway, so that the job is tried again."""
    with city_session(city_key) as session:
        event = session.get_one(ProviderEvent, event_id)
        event.tries += 1
        refund_id = session.scalar(select(Refund.id).where(Refund.provider_id == event.object_id))
        found = session.scalar(
            select(PaymentAttempt)
            .where(
                (PaymentAttempt.checkout_id == event.object_id)
                | (PaymentAttempt.reference == event.reference)
                | (PaymentAttempt.intent_id == event.intent_id)
            )
            .limit(1)
        )
        checkout_id = event.object_id if event.object_id.startswith("cs_") else found.checkout_id if found else None
        payment_id = found.payment_id if found else None
    if refund_id is not None:
        sync_refund(city_key, refund_id)
    if payment_id is not None:
        sync_payment(city_key, payment_id, checkout_id=checkout_id)
    with city_session(city_key) as session:
        done = session.get_one(ProviderEvent, event_id)
        done.processed_at = now()
        # The account may serve other systems of the city too: their payments are none of ours.
        done.error = None if payment_id or refund_id else NotFound.__name__
