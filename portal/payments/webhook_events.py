"""Webhook events: verified and stored at once, processed by a job. Their content is never trusted, only what they point to is read."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.jobs import enqueue
from portal.payments import task_names
from portal.payments.disputes import sync_disputes
from portal.payments.gateway import is_checkout_event, is_dispute_event
from portal.payments.models import PaymentAttempt, Refund
from portal.payments.provider import InvalidSignature, ProviderRejected, ProviderUnavailable, WebhookEvent
from portal.payments.provider_accounts import accounts_with_secrets
from portal.payments.provider_models import ProviderEvent
from portal.payments.refunds import sync_refund
from portal.payments.rules import MAX_EVENT_TRIES
from portal.payments.sync import sync_payment

Row = TypeVar("Row", PaymentAttempt, Refund)

EVENT_RETENTION = timedelta(days=90)
"""Longer than the provider itself can send an event again (30 days), so that none is taken for a new one."""


def receive_event(session: Session, body: bytes, signature: str) -> bool:
    """Check an event's signature over its raw bytes, store it, and enqueue its processing; False for a duplicate.

    Raises NoPaymentAccount, InvalidSignature for a missing, wrong or old signature, MalformedEvent for a body of another format.
    """
    for provider, secrets in accounts_with_secrets(session):
        with suppress(InvalidSignature):
            return store_event(session, provider.verify_event(body, signature, secrets))
    raise InvalidSignature


def store_event(session: Session, event: WebhookEvent) -> bool:
    """Store a verified event and enqueue its job, in one transaction; False for a duplicate.

    The object of an event without an object id (a balance) cannot belong to an order: such an event is set aside at once.
    """
    received_at = now()
    row = insert(ProviderEvent).values(
        event_id=event.event_id,
        type=event.type,
        object_id=event.object_id,
        intent_id=event.intent_id,
        customer_id=event.customer_id,
        reference=event.reference,
        created_at=event.created_at,
        received_at=received_at,
        processed_at=received_at if event.object_id is None else None,
        set_aside="no_object" if event.object_id is None else None,
    )
    stored_id = session.scalar(row.on_conflict_do_nothing().returning(ProviderEvent.event_id))
    if stored_id is None:
        return False
    if event.object_id is not None:
        enqueue(session, task_names.PROCESS_EVENT, event_id=event.event_id)
    return True


def process_event(city_key: str, event_id: str) -> None:
    """Read what an event points to; safe to repeat. Raises ProviderUnavailable, so that the job is retried.

    What belongs to no payment here, and what the provider does not know any more, is set aside with its reason.
    """
    with city_session(city_key) as session:
        event = session.get_one(ProviderEvent, event_id)
        if event.processed_at is not None:
            return
        event.tries += 1
        tries, object_id = event.tries, event.object_id
        refund = _refund_of_event(session, event)
        refund_id = refund.id if refund else None
        attempt = _attempt_of_event(session, event)
        order_id, attempt_id = (attempt.order_id, attempt.id) if attempt else (None, None)
        is_dispute = is_dispute_event(event.type)
        is_page = object_id is not None and is_checkout_event(event.type)
        checkout_id = object_id if is_page else attempt.checkout_id if attempt else None
    set_aside = None
    try:
        if refund_id is not None:
            sync_refund(city_key, refund_id)
        if order_id is not None:
            sync_payment(city_key, order_id, checkout_id=checkout_id)
            if is_dispute and attempt_id is not None:
                sync_disputes(city_key, attempt_id)
        elif refund_id is None:
            # Other systems of the city may use the same account: their payments are not ours.
            set_aside = "not_ours"
    except ProviderRejected:
        set_aside = "refused"
    except ProviderUnavailable:
        if tries < MAX_EVENT_TRIES:
            raise
        set_aside = "given_up"
    with city_session(city_key) as session:
        event = session.get_one(ProviderEvent, event_id)
        event.processed_at, event.set_aside = now(), set_aside


def set_aside_events(session: Session, since: datetime) -> list[ProviderEvent]:
    """Return the events received since then for which nothing could be done, oldest first; each has its reason (`rules.SET_ASIDE_REASONS`)."""
    query = select(ProviderEvent).where(ProviderEvent.set_aside.is_not(None), ProviderEvent.received_at >= since)
    return list(session.scalars(query.order_by(ProviderEvent.received_at, ProviderEvent.event_id)))


def purge_processed_events(session: Session) -> None:
    """Delete events `EVENT_RETENTION` after they were processed or set aside. Unprocessed ones stay."""
    session.execute(delete(ProviderEvent).where(ProviderEvent.processed_at < now() - EVENT_RETENTION))


def _attempt_of_event(session: Session, event: ProviderEvent) -> PaymentAttempt | None:
    """Return the attempt that an event is about, by the most exact key that both have."""
    return _first_match(
        session,
        PaymentAttempt,
        (PaymentAttempt.checkout_id, event.object_id),
        (PaymentAttempt.intent_id, event.intent_id),
        (PaymentAttempt.customer_id, event.customer_id),
        (PaymentAttempt.reference, event.reference),
        (PaymentAttempt.charge_id, event.object_id),
    )


def _refund_of_event(session: Session, event: ProviderEvent) -> Refund | None:
    return _first_match(session, Refund, (Refund.provider_id, event.object_id), (Refund.reference, event.reference))


def _first_match(
    session: Session,
    model: type[Row],
    *keys: tuple[InstrumentedAttribute[str] | InstrumentedAttribute[str | None], str | None],
) -> Row | None:
    """Return the row of the first key that matches. A missing key matches nothing: `column = NULL` would be `IS NULL`."""
    for column, value in keys:
        row = session.scalar(select(model).where(column == value)) if value is not None else None
        if row is not None:
            return row
    return None
