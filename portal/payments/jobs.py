"""Background work: webhook events, refunds, expiring pages, and the sweep that finds what no event reported."""

from datetime import timedelta
from functools import partial

from sqlalchemy import func, select

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.jobs import RETRY, periodic
from portal.core.jobs import app as job_app
from portal.core.rounds import for_each_city, for_each_city_session, log_and_continue
from portal.payments import (
    balance_import,
    checkout,
    customers,
    disputes,
    payer_confirmation,
    payment_notes,
    reconciliation,
    refunds,
    task_names,
    transfers,
    webhook_events,
)
from portal.payments.awaited_transfers import overdue_transfers
from portal.payments.models import PaymentAccount, PaymentAttempt, Refund
from portal.payments.provider_accounts import read_from_accounts
from portal.payments.provider_models import ProviderEvent
from portal.payments.rules import LIVE, OFFLINE_METHODS
from portal.payments.sync import sync_payment

POLL_AFTER = timedelta(minutes=3)
"""A page of which no event reported anything for this time is read."""
UNDELIVERED_WINDOW = timedelta(days=29)
"""The provider keeps undelivered events for 30 days."""


@job_app.task(name=task_names.PROCESS_EVENT, aliases=task_names.FORMER_NAMES[task_names.PROCESS_EVENT], retry=RETRY)
def process_event(*, city: str, event_id: str) -> None:
    """Process a webhook event."""
    webhook_events.process_event(city, event_id)


@job_app.task(name=task_names.SEND_REFUND, retry=RETRY)
def send_refund(*, city: str, refund_id: int) -> None:
    """Send an approved refund."""
    refunds.send_refund(city, refund_id)


@job_app.task(
    name=task_names.EXPIRE_CHECKOUTS, aliases=task_names.FORMER_NAMES[task_names.EXPIRE_CHECKOUTS], retry=RETRY
)
def expire_checkouts(*, city: str, payment_id: int) -> None:
    """Expire the page of an order that is over or changed."""
    checkout.expire_outdated(city, payment_id)


@job_app.task(name=task_names.FORGET_CUSTOMER, retry=RETRY)
def forget_customer(*, city: str, attempt_id: int) -> None:
    """Let the provider forget the payer of a transfer."""
    customers.forget_customer(city, attempt_id)


@periodic("*/5 * * * *", "payments.sweep")
def sweep_cities() -> None:
    """Every five minutes: check everything unfinished, in every city, and encrypt texts that an older version stored in clear."""
    for_each_city(sweep)
    for_each_city(payment_notes.seal_plain_reasons)


@periodic("20 18 * * *", "payments.night")  # 3:20 in Japan
def night_in_cities() -> None:
    """Every night: fetch events that were not delivered, look for late transfers, import balance transactions, compare the books with them and
    with the bank, purge events processed long ago, and forget who began to pay for somebody else and did not."""
    for_each_city(fetch_undelivered)
    for_each_city(read_late_transfers)
    for_each_city(balance_import.import_balance_transactions)
    for_each_city_session(reconciliation.reconcile_books)
    for_each_city_session(webhook_events.purge_processed_events)
    for_each_city(payer_confirmation.forget_payers)


def sweep(city: str) -> int:
    """Check the pages, refunds and events of one city that are unfinished and had no news lately; return how many."""
    quiet_since = now() - POLL_AFTER
    with city_session(city) as session:
        if session.scalar(select(PaymentAccount.id).where(PaymentAccount.active)) is None:
            return 0
        attempts = session.execute(
            select(PaymentAttempt.id, PaymentAttempt.order_id, PaymentAttempt.status).where(
                PaymentAttempt.status.in_(LIVE), PaymentAttempt.created_at < quiet_since
            )
        ).all()
        sent = session.scalars(
            select(Refund.id).where(Refund.status.in_(("pending", "requires_action")), ~Refund.by_transfer)
        ).all()
        unsent = session.scalars(
            select(Refund.id)
            .join(PaymentAttempt, PaymentAttempt.id == Refund.attempt_id)
            .where(Refund.status == "approved", Refund.created_at < quiet_since)
            .where(func.coalesce(PaymentAttempt.method, "").not_in(OFFLINE_METHODS))
        ).all()
        contested = disputes.attempts_with_open_disputes(session)
        unprocessed = session.scalars(
            select(ProviderEvent.event_id).where(
                ProviderEvent.processed_at.is_(None), ProviderEvent.received_at < quiet_since
            )
        ).all()
    for attempt_id, order_id, status in attempts:
        if status == "prepared":
            log_and_continue(city, partial(checkout.create, city, attempt_id))
        else:
            log_and_continue(city, partial(sync_payment, city, order_id))
    with city_session(city) as session:
        overdue = [(each.order_id, each.checkout_id) for each in overdue_transfers(session)]
    for order_id, checkout_id in overdue:
        if checkout_id is not None:
            log_and_continue(city, partial(checkout.expire, city, order_id, checkout_id))
    for attempt_id in contested:
        log_and_continue(city, partial(disputes.sync_disputes, city, attempt_id))
    for refund_id in sent:
        log_and_continue(city, partial(refunds.sync_refund, city, refund_id))
    for refund_id in unsent:
        log_and_continue(city, partial(refunds.send_refund, city, refund_id))
    for event_id in unprocessed:
        log_and_continue(city, partial(webhook_events.process_event, city, event_id))
    return len(attempts) + len(contested) + len(sent) + len(unsent) + len(unprocessed)


def read_late_transfers(city: str) -> None:
    """Read the attempts that are over and for which somebody may still have transferred."""
    with city_session(city) as session:
        waiting = transfers.read_again(session)
    for order_id, checkout_id in waiting:
        log_and_continue(city, partial(sync_payment, city, order_id, checkout_id=checkout_id))


def fetch_undelivered(city: str) -> int:
    """Store the events that could not be delivered while we were down; return how many were new."""
    with city_session(city) as session:
        if session.scalar(select(PaymentAccount.id).where(PaymentAccount.active)) is None:
            return 0
    events = read_from_accounts(city, lambda provider: provider.undelivered_events(now() - UNDELIVERED_WINDOW))
    with city_session(city) as session:
        return sum(webhook_events.store_event(session, event) for event in events)
