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
from portal.payments.accounts import account_of, is_at_former_account, provider_for
from portal.payments.models import Payment, PaymentAttempt
from portal.payments.provider import (
    AWAY,
    KeyRefused,
    Line,
    Order,
    PaymentProvider,
    ProviderAway,
    ProviderRefused,
    Seen,
)
from portal.payments.sync import PAGE_LASTS, let_go, observe

log = logging.getLogger(__name__)

SOON_OVER = timedelta(minutes=2)
FIRST_TRY = timedelta(seconds=20)
"""An attempt still without an answer after this time was broken off: first look whether the provider has it."""

ROUNDS = 4


@dataclass(frozen=True)
class Wish:
    """How the payer wants to pay. `anew` gives up a voucher that was already issued."""

    origin: str
    method: str = ""
    language: str = "ja"
    anew: bool = False


@dataclass(frozen=True)
class _Go:
    url: str


@dataclass(frozen=True)
class _Close:
    payment_id: int
    checkout_id: str


@dataclass(frozen=True)
class _Send:
    payment_id: int
    attempt_id: int
    reference: str


def start_checkout(city_key: str, public_id: str, wish: Wish) -> str:
    """The address to send the payer to. Works in transactions of its own, none of them open while the provider is called.

    Raises NotFound, Conflict once nothing is to be paid, Unavailable (the payment stays payable) when the provider is away.
    """
    for _round in range(ROUNDS):
        with city_session(city_key) as session:
            step = _next_step(session, public_id, wish)
        if isinstance(step, _Go):
            return step.url
        try:
            if isinstance(step, _Close):
                close(city_key, step.payment_id, step.checkout_id)
            else:
                send(city_key, step.attempt_id)
        except ProviderRefused as refused:
            log.error("payment %s: the provider refuses: %s", step.payment_id, refused.code)
            raise ProviderAway from refused
    raise Unavailable(AWAY)


def return_address(origin: str, public_id: str) -> str:
    """Where the provider sends the payer back, whatever happened: the address says nothing of the outcome."""
    return f"{origin}/pay/{public_id}/return"


def _next_step(session: Session, public_id: str, wish: Wish) -> _Go | _Close | _Send:
    payment = queries.locked(session, queries.payment_at(session, public_id).id)
    if payment.status not in rules.PAYABLE:
        raise Conflict("この支払いは、もう終わっています。")
    live = queries.live_attempt(session, payment.id)
    if live is None:
        attempt = _prepare(session, payment, wish)
        return _Send(payment.id, attempt.id, attempt.reference)
    if live.checkout_id is None:
        return _Send(payment.id, live.id, live.reference)
    if live.status == "pending" and not wish.anew and live.amount == payment.amount:
        return _Go(return_address(wish.origin, public_id))
    if live.status == "open" and live.url and _still_fits(session, payment, live, wish):
        return _Go(live.url)
    return _Close(payment.id, live.checkout_id)


def _still_fits(session: Session, payment: Payment, attempt: PaymentAttempt, wish: Wish) -> bool:
    lasting = attempt.expires_at is not None and attempt.expires_at > now() + SOON_OVER
    return (
        lasting
        and attempt.amount == payment.amount
        and attempt.methods == _methods(session, payment, wish)
        and not is_at_former_account(session, attempt)
    )


def _methods(session: Session, payment: Payment, wish: Wish) -> list[str]:
    usable = rules.usable_methods(account_of(session).methods, payment.amount)
    return [wish.method] if wish.method in usable else usable


def _prepare(session: Session, payment: Payment, wish: Wish) -> PaymentAttempt:
    account = account_of(session)
    latest = queries.latest_attempt(session, payment.id)
    number = latest.number + 1 if latest else 1
    reference = f"pay:{payment.public_id}:{number}"
    methods = _methods(session, payment, wish)
    order = Order(
        reference=reference,
        title=payment.title,
        payee=account.display_name,
        lines=[
            Line(pick(line["title"], wish.language), line["amount"], pick(line["detail"], wish.language))
            for line in payment.lines
        ],
        methods=methods,
        return_url=return_address(wish.origin, payment.public_id),
        expires_at=now() + PAGE_LASTS,
        konbini_days=account.konbini_days,
        language=wish.language,
    )
    attempt = PaymentAttempt(
        payment_id=payment.id,
        account_id=account.id,
        number=number,
        reference=reference,
        amount=payment.amount,
        methods=methods,
        request=provider_for(session).request_for(order),
        status="prepared",
        created_at=now(),
    )
    session.add(attempt)
    session.flush()
    record(session, payment.case_id, "payment.started", SYSTEM, payment_id=payment.id)
    return attempt


def send(city_key: str, attempt_id: int) -> None:
    """Open the page of a prepared attempt, or find the one that was opened. Raises ProviderAway on a first try that got no answer."""
    with city_session(city_key) as session:
        attempt = session.get_one(PaymentAttempt, attempt_id)
        if queries.locked(session, attempt.payment_id).status not in rules.PAYABLE:
            attempt.status = rules.forward_attempt(attempt.status, "expired")
            return
        provider, former = provider_for(session, attempt), is_at_former_account(session, attempt)
        payment_id, reference, request = attempt.payment_id, attempt.reference, attempt.request
        broken_off = former or attempt.created_at + FIRST_TRY < now()
        since = attempt.created_at - timedelta(minutes=5)  # their clock may be behind ours
    seen = _find(provider, reference, since, former=former) if broken_off else None
    if seen is None and not former:
        seen = _open(provider, request, reference, give_up=broken_off)
    with city_session(city_key) as session:
        payment = queries.locked(session, payment_id)
        if seen is not None:
            observe(session, payment, seen)
        else:
            # Nobody was ever told the address of this page, so nothing can be paid there: it is safe to let it go.
            attempt = session.get_one(PaymentAttempt, attempt_id)
            attempt.status = rules.forward_attempt(attempt.status, "expired")


def _find(provider: PaymentProvider, reference: str, since: datetime, *, former: bool) -> Seen | None:
    try:
        return provider.find_checkout(reference, since)
    except KeyRefused:
        if not former:
            raise
        return None


def _open(provider: PaymentProvider, request: dict[str, object], reference: str, *, give_up: bool) -> Seen | None:
    try:
        return provider.open_checkout(request, reference)
    except ProviderAway:
        # The same key may bring back the same broken answer for a day: with `give_up`, another attempt gets another key.
        if not give_up:
            raise
        log.warning("attempt %s given up: no answer", reference)
    except ProviderRefused as refused:
        log.error("attempt %s refused: %s", reference, refused.code)
        if not give_up:
            raise ProviderAway from refused
    return None


def close(city_key: str, payment_id: int, checkout_id: str) -> None:
    """Close a page at the provider and take in what it became: closed, paid in this very moment, or out of reach for good.

    Raises ProviderAway, ProviderRefused.
    """
    with city_session(city_key) as session:
        provider = provider_for(session, queries.attempt_at(session, checkout_id))
    try:
        seen = provider.close_checkout(checkout_id)
    except (KeyRefused, ProviderRefused) as error:
        if not let_go(city_key, checkout_id, error):
            raise
        return
    with city_session(city_key) as session:
        observe(session, queries.locked(session, payment_id), seen, replaced=True)


def close_outdated(city_key: str, payment_id: int) -> None:
    """Close the live page of a payment that is over, or whose amount changed."""
    with city_session(city_key) as session:
        payment = queries.locked(session, payment_id)
        live = queries.live_attempt(session, payment_id)
        wanted = payment.status in rules.PAYABLE and live is not None and live.amount == payment.amount
        checkout_id = live.checkout_id if live is not None and not wanted else None
    if checkout_id is not None:
        close(city_key, payment_id, checkout_id)
