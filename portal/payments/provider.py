"""The port to a payment provider: open a payment page, read it, expire it, refund, and read events and balance transactions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from portal.core.errors import Unavailable

RefundReason = Literal["duplicate", "requested_by_customer"]
"""All that the provider learns of why money is refunded; what staff wrote stays here."""

UNAVAILABLE_MESSAGE = "いま、支払いができません。内容は保存しました。15分後にもう一度お試しください。"


class ProviderUnavailable(Unavailable):
    """No answer, or a broken one: the outcome is unknown, and repeating the request with the same key is safe."""

    def __init__(self) -> None:
        super().__init__(UNAVAILABLE_MESSAGE)


class AnswerKept(ProviderUnavailable):
    """A broken answer that the provider keeps for the request's key: sent again, it brings the same. The request itself is over."""


class InvalidApiKey(ProviderUnavailable):
    """The provider does not accept the account's key: it was revoked, or the account is closed."""


class ProviderRejected(Exception):
    """The provider understood the request and rejected it; `code` is its error code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UnknownToProvider(ProviderRejected):
    """The account has no object with this id."""


class InvalidSignature(Exception):
    """A webhook event whose signature is missing, wrong or too old."""


class MalformedEvent(Exception):
    """A webhook event with a valid signature whose body does not have the expected format."""


LocalizedText = Mapping[str, str] | str
"""A text by language (`{"ja": …, "en": …}`), or in one language alone."""


@dataclass(frozen=True)
class LineItem:
    """One line that is owed, in yen; `detail` explains the amount.

    `id` is that of the fee rule that the line comes from, `methods` are those by which it may be paid online (none: all).
    """

    title: LocalizedText
    amount: int
    detail: LocalizedText = ""
    id: str = ""
    methods: Sequence[str] = ()


@dataclass(frozen=True)
class CheckoutLine:
    """One line as the payment page shows it, in the payer's language. `reference` is stored with it at the provider."""

    title: str
    amount: int
    detail: str = ""
    reference: str = ""


@dataclass(frozen=True)
class CheckoutRequest:
    """Everything that a payment page shows and needs."""

    reference: str
    title: str
    payee: str
    lines: Sequence[CheckoutLine]
    methods: Sequence[str]
    return_url: str
    expires_at: datetime
    konbini_days: int
    language: str = "ja"


@dataclass(frozen=True)
class Arrival:
    """A transfer that arrived at the provider, in yen; below zero: the payer's bank took it back."""

    entry_id: str
    amount: int
    arrived_at: datetime


@dataclass(frozen=True)
class TransferSnapshot:
    """What the provider has of a payment by bank transfer.

    `account` is where to transfer to while that is awaited: {bank_name, bank_code, branch_name, branch_code, kind, number, holder}, kind
    being `ordinary` or `checking`. `arrivals` is every transfer that came. `unapplied` are the yen of them that are neither a payment
    nor on their way back.
    """

    customer_id: str
    account: Mapping[str, str] | None
    unapplied: int
    arrivals: Sequence[Arrival] = ()


@dataclass(frozen=True)
class CheckoutSnapshot:
    """A payment page as the provider reports it now. `status` is one of `rules.ATTEMPT_STATUSES`."""

    checkout_id: str
    status: str
    amount: int
    currency: str
    reference: str | None
    expires_at: datetime
    url: str | None = None
    intent_id: str | None = None
    charge_id: str | None = None
    method: str | None = None
    failure: str | None = None
    voucher: dict[str, Any] | None = None
    transfer: TransferSnapshot | None = None
    disputed: bool = False


@dataclass(frozen=True)
class RefundSnapshot:
    """A refund as the provider reports it now. `status` is one of `rules.REFUND_STATUSES`."""

    provider_id: str
    status: str
    amount: int
    reference: str | None
    failure: str | None = None


@dataclass(frozen=True)
class DisputeSnapshot:
    """A dispute as the provider reports it now. `status` is one of `rules.DISPUTE_STATUSES`; evidence is taken until `respond_by`."""

    dispute_id: str
    amount: int
    reason: str
    status: str
    respond_by: datetime | None


@dataclass(frozen=True)
class WebhookEvent:
    """A verified event: which object it is about, if that has an id. What it says of the object is not used."""

    event_id: str
    type: str
    object_id: str | None
    intent_id: str | None
    customer_id: str | None
    reference: str | None
    created_at: datetime


@dataclass(frozen=True)
class BalanceTransaction:
    """One entry of the account's balance at the provider, in yen."""

    entry_id: str
    type: str
    gross: int
    fee: int
    net: int
    source_id: str | None
    created_at: datetime
    available_at: datetime


@dataclass(frozen=True)
class AccountReport:
    """What the account at the provider has: whether it takes payments and pays out, whether with real money, and its methods.

    `methods` says of each whether it is `active`, `pending` (asked for there, not decided) or `inactive`.
    """

    account_id: str
    is_live: bool
    takes_payments: bool
    pays_out: bool
    methods: Mapping[str, str]


class PaymentProvider(Protocol):
    """A payment provider. Every method may raise ProviderUnavailable; those that change something may raise ProviderRejected."""

    def account_id(self) -> str:
        """Return the provider's id of the account, which is the same for each of its keys."""

    def account_report(self) -> AccountReport:
        """Return what the account has."""

    def build_payload(self, request: CheckoutRequest) -> dict[str, Any]:
        """Return what opens a page for this request; it is stored, and passed to `open_checkout` unchanged."""

    def open_checkout(self, payload: dict[str, Any], idempotency_key: str) -> CheckoutSnapshot:
        """Open a page. The same key and payload always return the same page."""

    def find_checkout(self, reference: str, since: datetime) -> CheckoutSnapshot | None:
        """Return the page opened for a reference at or after `since`, for when the answer to opening it was lost."""

    def read_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """Read a page."""

    def expire_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """Make sure that nothing can be paid on a page any more, if that is still possible; then read it."""

    def refund(self, intent_id: str, amount: int, reference: str, reason: RefundReason) -> RefundSnapshot:
        """Refund `amount` yen. The same reference never refunds twice. Raises AnswerKept when the request is over and its answer is lost."""

    def find_refund(self, intent_id: str, reference: str) -> RefundSnapshot | None:
        """Return the refund made for a reference, for when the answer was lost."""

    def return_funds(self, customer_id: str, amount: int, reference: str) -> RefundSnapshot:
        """Give `amount` yen back to a payer out of what the provider holds for them. Otherwise as `refund`."""

    def find_return(self, reference: str, since: datetime) -> RefundSnapshot | None:
        """Return what was given back for a reference at or after `since`, for when the answer was lost."""

    def forget_customer(self, customer_id: str) -> None:
        """Let the provider delete whatever names or addresses a payer."""

    def read_refund(self, provider_id: str) -> RefundSnapshot:
        """Read a refund."""

    def disputes(self, intent_id: str) -> Sequence[DisputeSnapshot]:
        """Return the disputes of a payment."""

    def verify_event(self, body: bytes, signature: str, secrets: Sequence[str]) -> WebhookEvent:
        """Check an event's signature against each secret. Raises InvalidSignature, or MalformedEvent when only the signature is right."""

    def undelivered_events(self, since: datetime) -> Iterator[WebhookEvent]:
        """Yield the events that could not be delivered to us."""

    def balance_transactions(self, since: datetime) -> Iterator[BalanceTransaction]:
        """Yield the entries of the account's balance, newest first."""

    def register_webhook(self, url: str) -> str:
        """Have events sent to `url` from now on; return the secret that signs them."""

    def is_webhook_registered(self, url: str) -> bool:
        """Whether all events that matter are sent to `url`."""
