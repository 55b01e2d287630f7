"""By which methods a city takes money, within what its account at the provider has, and what goes back by itself: read, tried, and changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_urlsafe
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from forms.definition.fee import METHOD_LIMITS
from portal.core.clock import now
from portal.core.database import city_session
from portal.core.errors import Conflict, Invalid
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_row
from portal.payments import policy
from portal.payments.labels import method_name
from portal.payments.models import PaymentAccount, PaymentPolicy
from portal.payments.provider import AccountReport, CheckoutLine, CheckoutRequest, ProviderRejected
from portal.payments.provider_accounts import active_account, provider_for
from portal.payments.rules import OFFLINE_METHODS

POLICY: Final = Subject("payment_policy")
_TRIED_FOR: Final = timedelta(hours=1)
_TRIED_YEN: Final = max(least for least, _most in METHOD_LIMITS.values())
_STALE = "この設定は、先にほかの人が変えました。いまの設定を確かめてください。"


@dataclass(frozen=True)
class MethodSettings:
    """The methods that are on, `online` at the provider and `offline` without it, and the rules about what goes back by itself.

    `account` is the row of the account that they are on at, if there is one: what another account has was not looked at.
    """

    online: tuple[str, ...]
    offline: tuple[str, ...]
    returns_duplicates: bool
    returns_surplus: bool
    account: int | None = field(default=None, compare=False)

    @property
    def version(self) -> str:
        """A text that is another one once any of it was changed."""
        flags = (self.returns_duplicates, self.returns_surplus)
        return ",".join(
            (f"{self.account or 0}", *self.online, "|", *self.offline, "|", *(f"{flag:d}" for flag in flags))
        )


@dataclass(frozen=True)
class AccountTrial:
    """What trying the account came to. `fault` is the provider's code for why no page could be opened there; empty when one could."""

    report: AccountReport
    is_told: bool
    fault: str

    @property
    def works(self) -> bool:
        """Whether payers can pay there, and the city hears of it and gets the money."""
        return self.report.takes_payments and self.report.pays_out and self.is_told and not self.fault


def method_settings(session: Session) -> MethodSettings:
    """Return what is on now; a city without an account has no method online."""
    account = session.scalar(select(PaymentAccount).where(PaymentAccount.active))
    rules = policy.return_rules(session)
    online = tuple(name for name in METHOD_LIMITS if account is not None and name in account.methods)
    return MethodSettings(
        online, tuple(policy.offline_methods(session)), rules.duplicates, rules.surplus, account.id if account else None
    )


def read_account(city_key: str) -> AccountReport:
    """Ask the provider what the city's account has. No transaction is open meanwhile.

    Raises NoPaymentAccount, ProviderUnavailable, ProviderRejected.
    """
    with city_session(city_key) as session:
        provider = provider_for(session)
    return provider.account_report()


def try_account(city_key: str, webhook: str, return_url: str, actor: Actor) -> AccountTrial:
    """Open a payment page with every method of the city and close it again; nothing is charged. The outcome is an event.

    Raises what `read_account` raises.
    """
    with city_session(city_key) as session:
        account, provider = active_account(session), provider_for(session)
        payee, methods, konbini_days = account.display_name, list(account.methods), account.konbini_days
    report = provider.account_report()
    request = CheckoutRequest(
        reference=f"trial:{token_urlsafe(12)}",
        title=payee,
        payee=payee,
        lines=[CheckoutLine(payee, _TRIED_YEN)],
        methods=methods,
        return_url=return_url,
        expires_at=now() + _TRIED_FOR,
        konbini_days=konbini_days,
    )
    fault = ""
    try:
        opened = provider.open_checkout(provider.build_payload(request), request.reference)
        provider.expire_checkout(opened.checkout_id)
    except ProviderRejected as error:
        fault = error.code
    trial = AccountTrial(report, provider.is_webhook_registered(webhook), fault)
    with city_session(city_key) as session:
        record(session, POLICY, "payment_policy.account_tried", actor, works=trial.works)
    return trial


def check_methods(before: MethodSettings, after: MethodSettings, states: Mapping[str, str]) -> None:
    """Raise Invalid when nothing could be paid any more, or a method is to be switched on that the account does not have."""
    if not after.online and not after.offline:
        sentence = "支払い方法を、1つ以上選んでください。"
        raise Invalid(sentence, {"methods": sentence})
    absent = [name for name in after.online if name not in before.online and states.get(name) != "active"]
    if absent:
        names = "、".join(method_name(name) for name in absent)
        sentence = f"決済会社のアカウントで使えない方法です：{names}。決済会社の画面で申し込んでください。"
        raise Invalid(sentence, {"methods": sentence})


def change_methods(
    session: Session, after: MethodSettings, seen: str, states: Mapping[str, str], actor: Actor
) -> MethodSettings:
    """Take money in these ways from now on; pages and vouchers that are out stay as they are. Return what was on before.

    The rows stay locked from the comparison with `seen` on, so that of two people at once, or beside a change of the account, one is told.
    `seen` is the version that the change was decided on, `states` those of the account's methods. Raises Conflict when it is another by
    now, and what `check_methods` raises.
    """
    session.execute(insert(PaymentPolicy).values(id=1).on_conflict_do_nothing())
    row = lock_row(session, PaymentPolicy, PaymentPolicy.id == 1)
    account = lock_row(session, PaymentAccount, PaymentAccount.active.is_(True))
    before = method_settings(session)
    if row is None or before.version != seen:
        raise Conflict(_STALE)
    check_methods(before, after, states)
    if account is not None:
        account.methods = [name for name in METHOD_LIMITS if name in after.online]
    row.offline_methods = [name for name in OFFLINE_METHODS if name in after.offline]
    row.returns_duplicates, row.returns_surplus = after.returns_duplicates, after.returns_surplus
    session.flush()
    if (before.online, before.offline) != (after.online, after.offline):
        methods = [*after.online, *after.offline]
        record(
            session,
            POLICY,
            "payment_policy.methods_set",
            actor,
            methods=methods,
            before=[*before.online, *before.offline],
        )
    returns = (after.returns_duplicates, after.returns_surplus)
    if (before.returns_duplicates, before.returns_surplus) != returns:
        record(session, POLICY, "payment_policy.returns_set", actor, duplicates=returns[0], surplus=returns[1])
    return before
