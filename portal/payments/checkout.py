"""Sending a payer to the provider's page: one page at a time, the same for every click, safe to repeat after any crash.

An attempt is written down with its key and its request before the provider is called, and completed afterwards, in another
transaction. Between the two anything may break: whoever comes next sends the same request with the same key.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.errors import Conflict, Unavailable
from portal.core.events import SYSTEM, record
from portal.core.text import pick
from portal.payments import queries, rules
from portal.payments.events import of_payment
from portal.payments.models import Payment, PaymentAttempt
from portal.payments.provider import (
    UNAVAILABLE_MESSAGE,
    CheckoutRequest,
    CheckoutSnapshot,
    InvalidApiKey,
    LineItem,
    PaymentProvider,
    ProviderRejected,
    ProviderUnavailable,
)
from portal.payments.provider_accounts import active_account, is_at_former_account, provider_for
from portal.payments.sync import SESSION_TTL, abandon_attempt, apply_snapshot

log = logging.getLogger(__name__)

EXPIRY_MARGIN = timedelta(minutes=2)
CREATE_GRACE = timedelta(seconds=20)
"""An attempt still without an answer after this time was broken off: first look whether the provider has it."""

MAX_STEPS = 4


@dataclass(frozen=True)
class CheckoutOptions:
    """How the payer wants to pay. `restart` gives up a voucher that was already issued."""

    origin: str
    method: str = ""
    language: str = "ja"
    restart: bool = False


@dataclass(frozen=True)
class _Redirect:
    url: str


@dataclass(frozen=True)
class _Expire:
    payment_id: int
    checkout_id: str


@dataclass(frozen=True)
class _Create:
    payment_id: int
    attempt_id: int
    reference: str


def start_checkout(city_key: str, public_id: str, options: CheckoutOptions) -> str:
    """The address to send the payer to. Works in transactions of its own, none of them open while the provider is called.

    Raises NotFound, Conflict once nothing is to be paid, Unavailable (the payment stays payable) when the provider is away.
    """
    for _round in range(MAX_STEPS):
        with city_session(city_key) as session:
            step = _next_step(session, public_id, options)
        if isinstance(step, _Redirect):
            return step.url
        try:
            if isinstance(step, _Expire):
                close(city_key, step.payment_id, step.checkout_id)
            else:
                send(city_key, step.attempt_id)
        except ProviderRejected as refused:
            log.error("payment %s: the provider refuses: %s", step.payment_id, refused.code)
            raise ProviderUnavailable from refused
    raise Unavailable(UNAVAILABLE_MESSAGE)


def return_url(origin: str, public_id: str) -> str:
    """Where the provider sends the payer back, whatever happened: the address says nothing of the outcome."""
    return f"{origin}/pay/{public_id}/return"


def _next_step(session: Session, public_id: str, options: CheckoutOptions) -> _Redirect | _Expire | _Create:
    payment = queries.lock_payment(session, queries.payment_by_public_id(session, public_id).id)
    if payment.status not in rules.PAYABLE:
        raise Conflict("この支払いは、もう終わっています。")
    live = queries.live_attempt(session, payment.id)
    if live is None:
        attempt = _prepare(session, payment, options)
        return _Create(payment.id, attempt.id, attempt.reference)
    if live.checkout_id is None:
        return _Create(payment.id, live.id, live.reference)
    if live.status == "pending" and not options.restart and live.amount == payment.amount:
        return _Redirect(return_url(options.origin, public_id))
    if live.status == "open" and live.url and _still_fits(session, payment, live, options):
        return _Redirect(live.url)
    return _Expire(payment.id, live.checkout_id)


def _still_fits(session: Session, payment: Payment, attempt: PaymentAttempt, options: CheckoutOptions) -> bool:
    lasting = attempt.expires_at is not None and attempt.expires_at > now() + EXPIRY_MARGIN
    return (
        lasting
        and attempt.amount == payment.amount
        and attempt.methods == _methods(session, payment, options)
        and not is_at_former_account(session, attempt)
    )


def _methods(session: Session, payment: Payment, options: CheckoutOptions) -> list[str]:
    usable = rules.usable_methods(active_account(session).methods, payment.amount)
    return [options.method] if options.method in usable else usable


def _prepare(session: Session, payment: Payment, options: CheckoutOptions) -> PaymentAttempt:
    account = active_account(session)
    latest = queries.latest_attempt(session, payment.id)
    number = latest.number + 1 if latest else 1
    reference = f"pay:{payment.public_id}:{number}"
    methods = _methods(session, payment, options)
    order = CheckoutRequest(
        reference=reference,
        title=payment.title,
        payee=account.display_name,
        lines=[
            LineItem(pick(line["title"], options.language), line["amount"], pick(line["detail"], options.language))
            for line in payment.lines
        ],
        methods=methods,
        return_url=return_url(options.origin, payment.public_id),
        expires_at=now() + SESSION_TTL,
        konbini_days=account.konbini_days,
        language=options.language,
    )
    attempt = PaymentAttempt(
        payment_id=payment.id,
        account_id=account.id,
        number=number,
        reference=reference,
        amount=payment.amount,
        methods=methods,
        request=provider_for(session).build_payload(order),
        status="prepared",
        created_at=now(),
    )
    session.add(attempt)
    session.flush()
    record(session, of_payment(payment.id, payment.case_id), "payment.started", SYSTEM, payment_id=payment.id)
    return attempt


def send(city_key: str, attempt_id: int) -> None:
    """Open the page of a prepared attempt, or find the one that was opened. Raises ProviderUnavailable on a first try that got no answer."""
    with city_session(city_key) as session:
        attempt = session.get_one(PaymentAttempt, attempt_id)
        if queries.lock_payment(session, attempt.payment_id).status not in rules.PAYABLE:
            attempt.status = rules.forward_attempt(attempt.status, "expired")
            return
        provider, former = provider_for(session, attempt), is_at_former_account(session, attempt)
        payment_id, reference, request = attempt.payment_id, attempt.reference, attempt.request
        broken_off = former or attempt.created_at + CREATE_GRACE < now()
        since = attempt.created_at - timedelta(minutes=5)  # their clock may be behind ours
    seen = _find(provider, reference, since, former=former) if broken_off else None
    if seen is None and not former:
        seen = _open(provider, request, reference, give_up=broken_off)
    with city_session(city_key) as session:
        payment = queries.lock_payment(session, payment_id)
        if seen is not None:
            apply_snapshot(session, payment, seen)
        else:
            # Nobody was ever told the address of this page, so nothing can be paid there: it is safe to let it go.
            attempt = session.get_one(PaymentAttempt, attempt_id)
            attempt.status = rules.forward_attempt(attempt.status, "expired")


def _find(provider: PaymentProvider, reference: str, since: datetime, *, former: bool) -> CheckoutSnapshot | None:
    try:
        return provider.find_checkout(reference, since)
    except InvalidApiKey:
        if not former:
            raise
        return None


def _open(
    provider: PaymentProvider, request: dict[str, object], reference: str, *, give_up: bool
) -> CheckoutSnapshot | None:
    try:
        return provider.open_checkout(request, reference)
    except ProviderUnavailable:
        # The same key may bring back the same broken answer for a day: with `give_up`, another attempt gets another key.
        if not give_up:
            raise
        log.warning("attempt %s given up: no answer", reference)
    except ProviderRejected as refused:
        log.error("attempt %s refused: %s", reference, refused.code)
        if not give_up:
            raise ProviderUnavailable from refused
    return None


def close(city_key: str, payment_id: int, checkout_id: str) -> None:
    """Close a page at the provider and take in what it became: closed, paid in this very moment, or out of reach for good.

    Raises ProviderUnavailable, ProviderRejected.
    """
    with city_session(city_key) as session:
        provider = provider_for(session, queries.attempt_by_checkout_id(session, checkout_id))
    try:
        seen = provider.expire_checkout(checkout_id)
    except (InvalidApiKey, ProviderRejected) as error:
        if not abandon_attempt(city_key, checkout_id, error):
            raise
        return
    with city_session(city_key) as session:
        apply_snapshot(session, queries.lock_payment(session, payment_id), seen, replaced=True)


def expire_outdated(city_key: str, payment_id: int) -> None:
    """Close the live page of a payment that is over, or whose amount changed."""
    with city_session(city_key) as session:
        payment = queries.lock_payment(session, payment_id)
        live = queries.live_attempt(session, payment_id)
        wanted = payment.status in rules.PAYABLE and live is not None and live.amount == payment.amount
        checkout_id = live.checkout_id if live is not None and not wanted else None
    if checkout_id is not None:
        close(city_key, payment_id, checkout_id)
