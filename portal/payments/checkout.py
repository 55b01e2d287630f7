"""Sending a payer to the provider's page: one page at a time, the same for every click, safe to repeat after any crash.

An attempt is stored with its key and payload before the provider is called, and completed afterwards, in another transaction.
Between the two anything may fail: the next request sends the same payload with the same key.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.clock import now, today
from portal.core.database import city_session
from portal.core.errors import Conflict, Unavailable
from portal.core.events import SYSTEM
from portal.core.text import _, listed, pick
from portal.payments import queries, rules
from portal.payments.awaited_transfers import transfer_of_attempt
from portal.payments.case_payments import payments_of_order
from portal.payments.history import record_payment
from portal.payments.models import Order, PaymentAttempt
from portal.payments.payment_links import held_until, titles_of_link
from portal.payments.provider import (
    UNAVAILABLE_MESSAGE,
    CheckoutLine,
    CheckoutRequest,
    CheckoutSnapshot,
    InvalidApiKey,
    PaymentProvider,
    ProviderRejected,
    ProviderUnavailable,
)
from portal.payments.provider_accounts import active_account, is_at_former_account, offered_methods, provider_for
from portal.payments.settlement import charges_of_order
from portal.payments.sync import SESSION_TTL, abandon_attempt, apply_snapshot

log = logging.getLogger(__name__)

EXPIRY_MARGIN = timedelta(minutes=2)
"""A page that expires sooner is replaced: nobody pays that quickly."""

CREATE_GRACE = timedelta(seconds=20)
"""An attempt still without an answer after this time was interrupted: first ask the provider whether it has the page."""

CLOCK_SKEW = timedelta(minutes=5)
"""By how much the provider's clock may be behind ours."""

MAX_STEPS = 4


@dataclass(frozen=True)
class CheckoutOptions:
    """How the payer wants to pay. `restart` gives up a voucher that was already issued.

    Somebody else pays by a link: then `link_id` is its id, `holder` the mark of their browser, `return_path` the page of the link, and
    `payer` their e-mail address and language if they want to be told when the money arrived.
    """

    origin: str
    method: str = ""
    language: str = "ja"
    restart: bool = False
    link_id: int | None = None
    holder: str = ""
    return_path: str = ""
    payer: Mapping[str, str] | None = None

    def return_url(self, public_id: str) -> str:
        """Return where the provider sends the payer back, whatever happened: the URL says nothing about the outcome."""
        return f"{self.origin}{self.return_path or f'/pay/{public_id}'}/return"


@dataclass(frozen=True)
class _Redirect:
    url: str


@dataclass(frozen=True)
class _Expire:
    order_id: int
    checkout_id: str


@dataclass(frozen=True)
class _Create:
    order_id: int
    attempt_id: int


def start_checkout(city_key: str, public_id: str, options: CheckoutOptions) -> str:
    """Return the URL to redirect the payer to.

    Works in transactions of its own, none of which is open while the provider is called. Raises NotFound, Conflict once there is
    nothing to pay, and Unavailable (the order stays payable) when the provider does not answer.
    """
    for _step in range(MAX_STEPS):
        with city_session(city_key) as session:
            step = _next_step(session, public_id, options)
        if isinstance(step, _Redirect):
            return step.url
        try:
            if isinstance(step, _Expire):
                expire(city_key, step.order_id, step.checkout_id)
            else:
                create(city_key, step.attempt_id)
        except ProviderRejected as error:
            log.error("payment %s: the provider rejected the request: %s", step.order_id, error.code)
            raise ProviderUnavailable from error
    raise Unavailable(UNAVAILABLE_MESSAGE)


def _next_step(session: Session, public_id: str, options: CheckoutOptions) -> _Redirect | _Expire | _Create:
    order = queries.lock_order(session, queries.order_by_public_id(session, public_id).id)
    if not order.is_payable:
        raise Conflict(_("この支払いは、もう終わっています。"))
    live = queries.live_attempt(session, order.id)
    if live is None:
        return _Create(order.id, _prepare(session, order, options).id)
    if options.link_id is not None and held_until(live, options.holder) is not None:
        raise Conflict(_("ほかの人が、いま支払っています"))
    if live.checkout_id is None:
        return _Create(order.id, live.id)
    if live.status == "pending" and not options.restart and live.amount == order.amount:
        return _Redirect(options.return_url(public_id))
    if live.status == "open" and live.url and _is_reusable(session, order, live, options):
        live.payer = dict(options.payer) if options.payer else live.payer
        return _Redirect(live.url)
    return _Expire(order.id, live.checkout_id)


def _is_reusable(session: Session, order: Order, attempt: PaymentAttempt, options: CheckoutOptions) -> bool:
    """Whether the open page shows the right amount and methods, leads this payer back, and lasts long enough to pay there."""
    return (
        attempt.link_id == options.link_id
        and attempt.holder == options.holder
        and attempt.expires_at is not None
        and attempt.expires_at > now() + EXPIRY_MARGIN
        and attempt.amount == order.amount
        and attempt.methods == _methods(session, order, options)
        and not is_at_former_account(session, attempt)
    )


def _methods(session: Session, order: Order, options: CheckoutOptions) -> list[str]:
    limits = [(charge.about, charge.methods) for charge in charges_of_order(session, order.id)]
    offered = offered_methods(session, order.amount, limits)
    if not offered:
        raise Conflict(_("この支払いに使える支払い方法がありません。"))
    if options.method in offered:
        return [options.method]
    # The provider keeps an account for whoever may choose a transfer: only those get one who asked for it here.
    return [method for method in offered if method != rules.BANK_TRANSFER] or offered


def _prepare(session: Session, order: Order, options: CheckoutOptions) -> PaymentAttempt:
    account = active_account(session)
    latest = queries.latest_attempt(session, order.id)
    number = latest.number + 1 if latest else 1
    reference = f"pay:{order.public_id}:{number}"
    methods = _methods(session, order, options)
    last_days = [charge.pay_by for charge in charges_of_order(session, order.id)]
    request = CheckoutRequest(
        reference=reference,
        title=_title(session, order, options),
        payee=account.display_name,
        lines=_lines(session, order, options),
        methods=methods,
        return_url=options.return_url(order.public_id),
        expires_at=now() + SESSION_TTL,
        konbini_days=rules.voucher_days(account.konbini_days, last_days, today()),
        language=options.language,
    )
    attempt = PaymentAttempt(
        order_id=order.id,
        account_id=account.id,
        link_id=options.link_id,
        holder=options.holder,
        payer=dict(options.payer) if options.payer else None,
        number=number,
        reference=reference,
        amount=order.amount,
        methods=methods,
        request=provider_for(session).build_payload(request),
        status="prepared",
        created_at=now(),
    )
    session.add(attempt)
    session.flush()
    record_payment(session, order, "payment.started", SYSTEM)
    return attempt


def _title(session: Session, order: Order, options: CheckoutOptions) -> str:
    if options.link_id is None:
        return order.title
    return listed(pick(title, options.language) for title in titles_of_link(session, options.link_id).values())


def _lines(session: Session, order: Order, options: CheckoutOptions) -> list[CheckoutLine]:
    """Return a line for each charge; in a basket of several applications each says which it is for. By a link it says what the link says."""
    payments = payments_of_order(session, order.id)
    language, titles = options.language, {}
    if options.link_id is not None:
        titles = titles_of_link(session, options.link_id)
    return [
        CheckoutLine(
            pick(titles.get(charge.id, charge.title), language),
            charge.due,
            ""
            if options.link_id is not None
            else " ".join(filter(None, (charge.about if len(payments) > 1 else "", pick(charge.detail, language)))),
            reference=f"charge:{charge.id}",
        )
        for payment in payments
        for charge in payment.charges
        if charge.due
    ]


def create(city_key: str, attempt_id: int) -> None:
    """Open the page of a prepared attempt, or find the one that was opened.

    Raises ProviderUnavailable when a first request got no answer.
    """
    with city_session(city_key) as session:
        attempt = session.get_one(PaymentAttempt, attempt_id)
        if not queries.lock_order(session, attempt.order_id).is_payable:
            attempt.status = rules.forward_attempt(attempt.status, "expired")
            return
        provider, is_former = provider_for(session, attempt), is_at_former_account(session, attempt)
        order_id, reference, payload = attempt.order_id, attempt.reference, attempt.request
        was_interrupted = is_former or attempt.created_at + CREATE_GRACE < now()
        since = attempt.created_at - CLOCK_SKEW
    snapshot = _find(provider, reference, since, is_former=is_former) if was_interrupted else None
    if snapshot is None and not is_former:
        snapshot = _open(provider, payload, reference, give_up=was_interrupted)
    with city_session(city_key) as session:
        order = queries.lock_order(session, order_id)
        if snapshot is not None:
            apply_snapshot(session, order, snapshot)
        else:
            # Nobody was ever given the URL of this page, so nothing can be paid there: giving it up is safe.
            attempt = session.get_one(PaymentAttempt, attempt_id)
            attempt.status = rules.forward_attempt(attempt.status, "expired")


def _find(provider: PaymentProvider, reference: str, since: datetime, *, is_former: bool) -> CheckoutSnapshot | None:
    try:
        return provider.find_checkout(reference, since)
    except InvalidApiKey:
        if not is_former:
            raise
        return None


def _open(
    provider: PaymentProvider, payload: dict[str, object], reference: str, *, give_up: bool
) -> CheckoutSnapshot | None:
    try:
        return provider.open_checkout(payload, reference)
    except ProviderUnavailable:
        # The same key may return the same broken answer for a day: with `give_up`, another attempt gets another key.
        if not give_up:
            raise
        log.warning("attempt %s given up: no answer", reference)
    except ProviderRejected as error:
        log.error("attempt %s rejected: %s", reference, error.code)
        if not give_up:
            raise ProviderUnavailable from error
    return None


def expire(city_key: str, order_id: int, checkout_id: str) -> None:
    """Expire a page at the provider and store what it became: expired, paid in this very moment, or permanently out of reach.

    Raises ProviderUnavailable, ProviderRejected.
    """
    with city_session(city_key) as session:
        provider = provider_for(session, queries.attempt_by_checkout_id(session, checkout_id))
    try:
        snapshot = provider.expire_checkout(checkout_id)
    except (InvalidApiKey, ProviderRejected) as error:
        if not abandon_attempt(city_key, checkout_id, error):
            raise
        return
    with city_session(city_key) as session:
        apply_snapshot(session, queries.lock_order(session, order_id), snapshot, replaced=True)


def stop_transfer(city_key: str, public_id: str) -> None:
    """Call off a transfer that its payer chose and of which nothing has come: the order can be paid otherwise.

    Raises NotFound, Conflict once something came, or where there is none; ProviderUnavailable, ProviderRejected.
    """
    with city_session(city_key) as session:
        order = queries.lock_order(session, queries.order_by_public_id(session, public_id).id)
        live = queries.live_attempt(session, order.id)
        awaited = transfer_of_attempt(session, live) if live is not None else None
        if live is None or live.checkout_id is None or awaited is None or awaited.by_link or awaited.arrived:
            raise Conflict(_("振込を取りやめられません。いまの状態を確かめてください。"))
        record_payment(session, order, "payment.stopped", SYSTEM, method=live.method)
        order_id, checkout_id = order.id, live.checkout_id
    expire(city_key, order_id, checkout_id)


def expire_outdated(city_key: str, order_id: int) -> None:
    """Expire the live page of an order that is over, or whose amount changed."""
    with city_session(city_key) as session:
        order = queries.lock_order(session, order_id)
        live = queries.live_attempt(session, order_id)
        is_current = order.is_payable and live is not None and live.amount == order.amount
        checkout_id = live.checkout_id if live is not None and not is_current else None
    if checkout_id is not None:
        expire(city_key, order_id, checkout_id)
