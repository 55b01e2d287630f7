"""The city's accounts at the payment provider: sealed keys, and the provider made from them.

A city pays into one account. When it gets another one, what was opened at the former account is still read, given back and closed there.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.config import settings
from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of, city_session
from portal.core.errors import Unavailable
from portal.core.locking import lock_row
from portal.payments.models import PaymentAccount, PaymentAttempt
from portal.payments.provider import UNAVAILABLE_MESSAGE, InvalidApiKey, PaymentProvider, ProviderRejected
from portal.payments.stripe.adapter import StripeProvider

log = logging.getLogger(__name__)
Item = TypeVar("Item")

CONTEXT = b"payment account"
DEFAULT_METHODS = ("card", "konbini")
FORMER_ACCOUNT_WINDOW = timedelta(days=120)
"""So long the book and the lost notices of a former account are taken over: slips are paid late, and refunds come back late."""


class NoPaymentAccount(Unavailable):
    """The city has no account at a payment provider: nothing can be paid online."""

    def __init__(self) -> None:
        super().__init__(UNAVAILABLE_MESSAGE)


def make_provider(api_key: str) -> PaymentProvider:
    """The provider that this installation is configured for."""
    return StripeProvider(api_key, settings().stripe_api_base)


def active_account(session: Session) -> PaymentAccount:
    """The city's active account. Raises NoPaymentAccount."""
    account = session.scalar(select(PaymentAccount).where(PaymentAccount.active))
    if account is None:
        raise NoPaymentAccount
    return account


def refunds_need_approval(session: Session) -> bool:
    """Whether a refund that staff ask for waits for a second person; also while the city has no account."""
    chosen = session.scalar(select(PaymentAccount.four_eyes).where(PaymentAccount.active))
    return chosen is not False


def provider_for(session: Session, attempt: PaymentAttempt | None = None) -> PaymentProvider:
    """The provider with the key of the account at which the attempt was opened; without one, of the active account."""
    if attempt is None or attempt.account_id is None:
        return _provider(session, active_account(session))
    return _provider(session, session.get_one(PaymentAccount, attempt.account_id))


def is_at_former_account(session: Session, attempt: PaymentAttempt) -> bool:
    """Whether the city pays into another account by now than the one at which the attempt was opened."""
    return attempt.account_id is not None and attempt.account_id != active_account(session).id


def read_from_accounts(city_key: str, read: Callable[[PaymentProvider], Iterable[Item]]) -> list[Item]:
    """What `read` finds at the active account and at those replaced lately; one of these whose key is refused is left out.

    No transaction is open meanwhile. Raises NoPaymentAccount, ProviderUnavailable, ProviderRejected.
    """
    with city_session(city_key) as session:
        active = active_account(session)
        former = session.scalars(
            select(PaymentAccount).where(PaymentAccount.replaced_at > now() - FORMER_ACCOUNT_WINDOW)
        )
        providers = [_provider(session, account) for account in former]
        provider = _provider(session, active)
    items = list(read(provider))
    for provider in providers:
        try:
            items += read(provider)
        except InvalidApiKey:
            log.warning("the key of a former payment account in %s is refused; its book is not read", city_key)
    return items


def accounts_with_secrets(session: Session) -> list[tuple[PaymentProvider, list[str]]]:
    """Each account with the secrets that may sign its notices: the present one, and the one before while it is being replaced.

    Former accounts are among them. Raises NoPaymentAccount.
    """
    active_account(session)
    accounts = session.scalars(select(PaymentAccount).order_by(PaymentAccount.id.desc()))
    return [(_provider(session, account), _secrets(session, account)) for account in accounts]


def webhook_secrets(session: Session) -> list[str]:
    """The secrets that may sign a notice of the active account, the present one first."""
    return _secrets(session, active_account(session))


def save_account(
    session: Session,
    *,
    display_name: str,
    api_key: str,
    webhook_secret: str,
    methods: tuple[str, ...] = DEFAULT_METHODS,
    four_eyes: bool = True,
    account_id: int | None = None,
) -> PaymentAccount:
    """Keep the keys of the account into which the city pays from now on; `account_id` is that of one it had, None makes a new one.

    Of an account that the city had, the former webhook secret stays valid beside the new one, until `end_secret_rotation`.
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
    account.api_key = _seal(session, api_key)
    account.webhook_secret = _seal(session, webhook_secret)
    account.methods = list(methods)
    account.four_eyes = four_eyes
    session.add(account)
    session.flush()
    return account


def end_secret_rotation(session: Session) -> None:
    """End a rotation: only the present webhook secret is taken from now on."""
    active_account(session).previous_webhook_secret = None
    session.flush()


def connect_account(
    city_key: str,
    *,
    display_name: str,
    api_key: str,
    origin: str,
    methods: tuple[str, ...] = DEFAULT_METHODS,
    four_eyes: bool = True,
) -> None:
    """Register our webhook at the provider and keep the keys; safe to repeat. Works in a transaction of its own.

    `origin` is where the city answers (`https://…`, no slash at the end). Raises ProviderUnavailable or ProviderRejected.
    """
    provider = make_provider(api_key)
    account_id = _account_behind(city_key, api_key, provider)
    secret = provider.register_webhook(webhook_url(origin))
    with city_session(city_key) as session:
        save_account(
            session,
            display_name=display_name,
            api_key=api_key,
            webhook_secret=secret,
            methods=methods,
            four_eyes=four_eyes,
            account_id=account_id,
        )


def _account_behind(city_key: str, api_key: str, provider: PaymentProvider) -> int | None:
    """Which of the city's accounts a key opens: the one that has this key, or where the key finds the page that was opened last.

    An account at which nothing was opened yet has nothing to lose, and is taken over.
    """
    with city_session(city_key) as session:
        accounts = session.scalars(
            select(PaymentAccount).order_by(PaymentAccount.active.desc(), PaymentAccount.id.desc())
        )
        known = [(account.id, _open(session, account.api_key), _newest_page(session, account)) for account in accounts]
    same_key = [account_id for account_id, key, _page in known if key == api_key]
    unused = [account_id for account_id, _key, page in known if page is None]
    found = (account_id for account_id, _key, page in known if page is not None and _has(provider, page))
    return next(iter(same_key), None) or next(found, None) or next(iter(unused), None)


def _newest_page(session: Session, account: PaymentAccount) -> str | None:
    pages = select(PaymentAttempt.checkout_id).where(PaymentAttempt.checkout_id.is_not(None))
    here = PaymentAttempt.account_id == account.id
    if account.active:
        here = or_(here, PaymentAttempt.account_id.is_(None))
    return session.scalar(pages.where(here).order_by(PaymentAttempt.id.desc()).limit(1))


def _has(provider: PaymentProvider, checkout_id: str) -> bool:
    try:
        provider.read_checkout(checkout_id)
    except ProviderRejected:
        return False
    return True


def webhook_url(origin: str) -> str:
    """Where the provider sends its notices to a city."""
    return f"{origin}/webhooks/stripe"


def _secrets(session: Session, account: PaymentAccount) -> list[str]:
    sealed = [account.webhook_secret, account.previous_webhook_secret]
    return [_open(session, secret) for secret in sealed if secret is not None]


def _provider(session: Session, account: PaymentAccount) -> PaymentProvider:
    return make_provider(_open(session, account.api_key))


def _seal(session: Session, plain: str) -> bytes:
    return seal(city_of(session), plain.encode(), CONTEXT)


def _open(session: Session, sealed: bytes) -> str:
    return open_sealed(city_of(session), sealed, CONTEXT).decode()
