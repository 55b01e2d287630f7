"""The city's account at the payment provider: sealed keys, and the provider made from them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.config import settings
from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of, city_session
from portal.core.errors import Unavailable
from portal.core.locking import lock_row
from portal.payments.models import PaymentAccount
from portal.payments.provider import AWAY, PaymentProvider
from portal.payments.stripe_adapter import StripeProvider

CONTEXT = b"payment account"
DEFAULT_METHODS = ("card", "konbini")


class NoAccount(Unavailable):
    """The city has no account at a payment provider: nothing can be paid online."""

    def __init__(self) -> None:
        super().__init__(AWAY)


def make_provider(api_key: str) -> PaymentProvider:
    """The provider that this installation is configured for."""
    return StripeProvider(api_key, settings().stripe_api_base)


def account_of(session: Session) -> PaymentAccount:
    """The city's active account. Raises NoAccount."""
    account = session.scalar(select(PaymentAccount).where(PaymentAccount.active))
    if account is None:
        raise NoAccount
    return account


def refunds_need_two(session: Session) -> bool:
    """Whether a refund that staff ask for waits for a second person; also while the city has no account."""
    chosen = session.scalar(select(PaymentAccount.four_eyes).where(PaymentAccount.active))
    return chosen is not False


def provider_for(session: Session) -> PaymentProvider:
    """The provider with the city's own key."""
    return make_provider(_open(session, account_of(session).api_key))


def webhook_secrets(session: Session) -> list[str]:
    """The secrets that may sign a notice: the present one, and the one before while it is being replaced."""
    account = account_of(session)
    sealed = [account.webhook_secret, account.previous_webhook_secret]
    return [_open(session, secret) for secret in sealed if secret is not None]


def save_account(
    session: Session,
    *,
    display_name: str,
    api_key: str,
    webhook_secret: str,
    methods: tuple[str, ...] = DEFAULT_METHODS,
    four_eyes: bool = True,
) -> PaymentAccount:
    """Keep a city's keys. Of the same API key the old webhook secret stays valid beside the new one, until `forget_old_secret`."""
    account = lock_row(session, PaymentAccount, PaymentAccount.active.is_(True))
    if account is None:
        account = PaymentAccount(active=True, created_at=now())
    elif _open(session, account.api_key) == api_key:
        account.previous_webhook_secret = account.webhook_secret
    else:
        account.previous_webhook_secret = None
    account.display_name = display_name
    account.api_key = _seal(session, api_key)
    account.webhook_secret = _seal(session, webhook_secret)
    account.methods = list(methods)
    account.four_eyes = four_eyes
    session.add(account)
    session.flush()
    return account


def forget_old_secret(session: Session) -> None:
    """End a rotation: only the present webhook secret is taken from now on."""
    account_of(session).previous_webhook_secret = None
    session.flush()


def connect(
    city_key: str,
    *,
    display_name: str,
    api_key: str,
    origin: str,
    methods: tuple[str, ...] = DEFAULT_METHODS,
    four_eyes: bool = True,
) -> None:
    """Register our webhook at the provider and keep the keys; safe to repeat. Works in a transaction of its own.

    `origin` is where the city answers (`https://…`, no slash at the end). Raises ProviderAway or ProviderRefused.
    """
    secret = make_provider(api_key).subscribe(webhook_address(origin))
    with city_session(city_key) as session:
        save_account(
            session,
            display_name=display_name,
            api_key=api_key,
            webhook_secret=secret,
            methods=methods,
            four_eyes=four_eyes,
        )


def webhook_address(origin: str) -> str:
    """Where the provider sends its notices to a city."""
    return f"{origin}/webhooks/stripe"


def _seal(session: Session, plain: str) -> bytes:
    return seal(city_of(session), plain.encode(), CONTEXT)


def _open(session: Session, sealed: bytes) -> str:
    return open_sealed(city_of(session), sealed, CONTEXT).decode()
