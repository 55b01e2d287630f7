"""The city's accounts at the payment provider, with their encrypted keys.

A city is paid into one account. When it gets another one, what was opened at the former account is still read, refunded and
expired there.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of, city_session
from portal.core.errors import Unavailable
from portal.core.locking import lock_row
from portal.payments import rules
from portal.payments.gateway import make_provider, webhook_url
from portal.payments.models import PaymentAccount, PaymentAttempt
from portal.payments.provider import UNAVAILABLE_MESSAGE, InvalidApiKey, PaymentProvider, ProviderRejected

log = logging.getLogger(__name__)
Item = TypeVar("Item")

ENCRYPTION_CONTEXT = b"payment account"
DEFAULT_METHODS = ("card", "konbini")
FORMER_ACCOUNT_WINDOW = timedelta(days=120)
"""For so long balance transactions and lost events of a former account are imported: vouchers are paid late, refunds return late."""


@dataclass(frozen=True, repr=False)
class ActiveKeys:
    """The decrypted secrets of the account into which a city is paid; never shown."""

    api_key: str
    webhook_secret: str


class NoPaymentAccount(Unavailable):
    """The city has no account at a payment provider: nothing can be paid online."""

    def __init__(self) -> None:
        super().__init__(UNAVAILABLE_MESSAGE)


def active_account(session: Session) -> PaymentAccount:
    """Return the account into which the city is paid. Raises NoPaymentAccount."""
    account = session.scalar(select(PaymentAccount).where(PaymentAccount.active))
    if account is None:
        raise NoPaymentAccount
    return account


def active_keys(session: Session) -> ActiveKeys | None:
    """Return the secrets of the account into which the city is paid; None while it has no account."""
    account = session.scalar(select(PaymentAccount).where(PaymentAccount.active))
    if account is None:
        return None
    return ActiveKeys(_decrypt(session, account.api_key), _decrypt(session, account.webhook_secret))


def offered_methods(session: Session, amount: int, limits: Iterable[rules.MethodLimit] = ()) -> list[str]:
    """Return the methods by which this amount, of charges with these limits, can be paid online. Raises NoPaymentAccount."""
    return rules.usable_methods(active_account(session).methods, amount, limits)


def absent_methods(session: Session, amount: int, limits: Iterable[rules.MethodLimit]) -> list[rules.AbsentMethod]:
    """Return the other methods of the city, each with the reason why it cannot be offered. Raises NoPaymentAccount."""
    return rules.absent_methods(active_account(session).methods, amount, limits)


def provider_for(session: Session, attempt: PaymentAttempt | None = None) -> PaymentProvider:
    """Return the provider with the key of the account at which the attempt was opened; without one, of the active account."""
    if attempt is None or attempt.account_id is None:
        return _provider(session, active_account(session))
    return _provider(session, session.get_one(PaymentAccount, attempt.account_id))


def is_at_former_account(session: Session, attempt: PaymentAttempt) -> bool:
    """Whether the city is by now paid into another account than the one at which the attempt was opened."""
    return attempt.account_id is not None and attempt.account_id != active_account(session).id


def read_from_accounts(city_key: str, read: Callable[[PaymentProvider], Iterable[Item]]) -> list[Item]:
    """Return what `read` yields at the active account and at those replaced recently; a former one with an invalid key is skipped.

    No transaction is open meanwhile. Raises NoPaymentAccount, ProviderUnavailable, ProviderRejected.
    """
    with city_session(city_key) as session:
        active = active_account(session)
        former = session.scalars(
            select(PaymentAccount).where(PaymentAccount.replaced_at > now() - FORMER_ACCOUNT_WINDOW)
        )
        former_providers = [_provider(session, account) for account in former]
        provider = _provider(session, active)
    items = list(read(provider))
    for former_provider in former_providers:
        try:
            items += read(former_provider)
        except InvalidApiKey:
            log.warning("skipping a former payment account of %s: its key is invalid", city_key)
    return items


def accounts_with_secrets(session: Session) -> list[tuple[PaymentProvider, list[str]]]:
    """Return each account with its webhook secrets: the current one, and the previous one while it is being rotated.

    Former accounts are included. Raises NoPaymentAccount.
    """
    active_account(session)
    accounts = session.scalars(select(PaymentAccount).order_by(PaymentAccount.id.desc()))
    return [(_provider(session, account), _secrets(session, account)) for account in accounts]


def webhook_secrets(session: Session) -> list[str]:
    """Return the webhook secrets of the active account, the current one first."""
    return _secrets(session, active_account(session))


def save_account(
    session: Session,
    *,
    display_name: str,
    api_key: str,
    webhook_secret: str,
    methods: tuple[str, ...] = (),
    account_id: int | None = None,
) -> PaymentAccount:
    """Store the keys of the account into which the city is paid from now on; `account_id` is that of a known one, None adds one.
    Without `methods` a known one keeps those that it has.

    The previous webhook secret of a known account stays valid beside the new one, until `end_secret_rotation`.
    """
    active = lock_row(session, PaymentAccount, PaymentAccount.active.is_(True))
    account = session.get(PaymentAccount, account_id) if account_id is not None else None
    if active is not None and active is not account:
        active.active, active.replaced_at = False, now()
        session.flush()  # there is one active account at a time
    if account is None:
        account = PaymentAccount(created_at=now())
    else:
        account.previous_webhook_secret = account.webhook_secret
    account.active, account.replaced_at = True, None
    account.display_name = display_name
    account.api_key = _encrypt(session, api_key)
    account.webhook_secret = _encrypt(session, webhook_secret)
    account.methods = list(methods) or account.methods or list(DEFAULT_METHODS)
    session.add(account)
    session.flush()
    return account


def end_secret_rotation(session: Session) -> None:
    """Accept only the current webhook secret from now on. Raises NoPaymentAccount."""
    active_account(session).previous_webhook_secret = None
    session.flush()


def connect_account(
    city_key: str,
    *,
    display_name: str,
    api_key: str,
    origin: str,
    methods: tuple[str, ...] = (),
) -> None:
    """Register our webhook at the provider and store the keys; safe to repeat. Works in a transaction of its own.

    `origin` is where the city answers (`https://…`, without a trailing slash). Without `methods` those stay that are on.

    Raises ProviderUnavailable, ProviderRejected, and ValueError for a key that must not be used here.
    """
    provider = make_provider(api_key)
    account_id = _find_account(city_key, api_key, provider)
    secret = provider.register_webhook(webhook_url(origin))
    with city_session(city_key) as session:
        save_account(
            session,
            display_name=display_name,
            api_key=api_key,
            webhook_secret=secret,
            methods=methods,
            account_id=account_id,
        )


def is_connected(city_key: str, *, api_key: str, origin: str) -> bool:
    """Whether the city has an account, and the account of this key sends its events to `origin`. Raises ProviderUnavailable."""
    with city_session(city_key) as session:
        if session.scalar(select(PaymentAccount.id).where(PaymentAccount.active)) is None:
            return False
    return make_provider(api_key).is_webhook_registered(webhook_url(origin))


def _find_account(city_key: str, api_key: str, provider: PaymentProvider) -> int | None:
    """Return which of the city's accounts a key opens: the one with this key, or where the key can read the newest page.

    An account at which nothing was opened yet has nothing to lose, and is taken over.
    """
    with city_session(city_key) as session:
        accounts = session.scalars(
            select(PaymentAccount).order_by(PaymentAccount.active.desc(), PaymentAccount.id.desc())
        )
        candidates = [
            (account.id, _decrypt(session, account.api_key), _newest_checkout(session, account)) for account in accounts
        ]
    same_key = (account_id for account_id, key, _checkout_id in candidates if key == api_key)
    readable = (
        account_id
        for account_id, _key, checkout_id in candidates
        if checkout_id is not None and _can_read(provider, checkout_id)
    )
    unused = (account_id for account_id, _key, checkout_id in candidates if checkout_id is None)
    return next(same_key, None) or next(readable, None) or next(unused, None)


def _newest_checkout(session: Session, account: PaymentAccount) -> str | None:
    opened = select(PaymentAttempt.checkout_id).where(PaymentAttempt.checkout_id.is_not(None))
    at_account = PaymentAttempt.account_id == account.id
    if account.active:
        at_account = or_(at_account, PaymentAttempt.account_id.is_(None))
    return session.scalar(opened.where(at_account).order_by(PaymentAttempt.id.desc()).limit(1))


def _can_read(provider: PaymentProvider, checkout_id: str) -> bool:
    try:
        provider.read_checkout(checkout_id)
    except ProviderRejected:
        return False
    return True


def _secrets(session: Session, account: PaymentAccount) -> list[str]:
    encrypted = [account.webhook_secret, account.previous_webhook_secret]
    return [_decrypt(session, secret) for secret in encrypted if secret is not None]


def _provider(session: Session, account: PaymentAccount) -> PaymentProvider:
    return make_provider(_decrypt(session, account.api_key))


def _encrypt(session: Session, plain: str) -> bytes:
    return seal(city_of(session), plain.encode(), ENCRYPTION_CONTEXT)


def _decrypt(session: Session, sealed: bytes) -> str:
    return open_sealed(city_of(session), sealed, ENCRYPTION_CONTEXT).decode()
