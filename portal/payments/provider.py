"""What the portal asks of a payment provider: open a page, look at it, close it, give money back, tell what happened."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from portal.core.errors import Unavailable

UNKNOWN = "resource_missing"
"""The provider's word for what an account does not have."""

RefundReason = Literal["duplicate", "requested_by_customer"]
"""All that the provider learns of why money goes back; what staff wrote stays here."""

UNAVAILABLE_MESSAGE = "いま、支払いができません。申請の内容は保存しました。15分後にもう一度お試しください。"


class ProviderUnavailable(Unavailable):
    """No answer, or a broken one: nothing is known, and asking again with the same key is safe."""

    def __init__(self) -> None:
        super().__init__(UNAVAILABLE_MESSAGE)


class InvalidApiKey(ProviderUnavailable):
    """The provider does not take the account's key: it was revoked, or the account is closed."""


class ProviderRejected(Exception):
    """The provider understood and said no; `code` is its word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def is_unknown(self) -> bool:
        """Whether the account has no such thing."""
        return self.code == UNKNOWN


class InvalidSignature(Exception):
    """A notice whose signature is missing, wrong or old."""


class MalformedEvent(Exception):
    """A notice that is signed as it should be, but does not say what happened to what."""


LocalizedText = Mapping[str, str] | str
"""Words by language (`{"ja": …, "en": …}`), or in one language alone."""


@dataclass(frozen=True)
class LineItem:
    """One line of what is to pay, in yen (below zero for a reduction); `detail` explains the amount.

    `id` is that of the fee rule that the line comes from. A payment keeps the words in every language; an order to the
    provider has those of its language.
    """

    title: LocalizedText
    amount: int
    detail: LocalizedText = ""
    id: str = ""


@dataclass(frozen=True)
class CheckoutRequest:
    """Everything a payment page must know."""

    reference: str
    title: str
    payee: str
    lines: Sequence[LineItem]
    methods: Sequence[str]
    return_url: str
    expires_at: datetime
    konbini_days: int
    language: str = "ja"


@dataclass(frozen=True)
class CheckoutSnapshot:
    """A payment page as the provider shows it at this moment. `status` is one of `rules.ATTEMPT_STATUSES`."""

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
    disputed: bool = False


@dataclass(frozen=True)
class RefundSnapshot:
    """A refund as the provider shows it. `status` is one of `rules.REFUND_STATUSES`."""

    provider_id: str
    status: str
    amount: int
    reference: str | None
    failure: str | None = None


@dataclass(frozen=True)
class WebhookEvent:
    """A verified event: which object it is about, if that has an id. What it says of the object is not used."""

    event_id: str
    type: str
    object_id: str | None
    intent_id: str | None
    reference: str | None
    created_at: datetime


@dataclass(frozen=True)
class BalanceTransaction:
    """One line of the provider's book, in yen."""

    entry_id: str
    type: str
    gross: int
    fee: int
    net: int
    source_id: str | None
    created_at: datetime
    available_at: datetime


class PaymentProvider(Protocol):
    """A payment provider. Every method may raise ProviderUnavailable; those that change something may raise ProviderRejected."""

    def build_payload(self, order: CheckoutRequest) -> dict[str, Any]:
        """The request that opens a page for this order; kept, and given to `open_checkout` unchanged."""

    def open_checkout(self, request: dict[str, Any], key: str) -> CheckoutSnapshot:
        """Open a page. The same key and request always give the same page."""

    def find_checkout(self, reference: str, since: datetime) -> CheckoutSnapshot | None:
        """The page opened for a reference at or after `since`, when the answer to opening it was lost."""

    def read_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """Look at a page."""

    def expire_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """Make sure nothing can be paid there any more, if that is still possible; then look at it."""

    def refund(self, intent_id: str, amount: int, reference: str, reason: RefundReason) -> RefundSnapshot:
        """Give back `amount` yen. The same reference never gives back twice."""

    def find_refund(self, intent_id: str, reference: str) -> RefundSnapshot | None:
        """The refund made for a reference, when the answer was lost."""

    def read_refund(self, provider_id: str) -> RefundSnapshot:
        """Look at a refund."""

    def verify_event(self, body: bytes, signature: str, secrets: Sequence[str]) -> WebhookEvent:
        """Check a notice against each secret. Raises InvalidSignature, or MalformedEvent when the signature is all that is right."""

    def undelivered_events(self, since: datetime) -> Iterator[WebhookEvent]:
        """Notices that could not be delivered to us."""

    def balance_transactions(self, since: datetime) -> Iterator[BalanceTransaction]:
        """The lines of the provider's book, newest first."""

    def register_webhook(self, url: str) -> str:
        """Have notices sent to `url` from now on; returns the secret that signs them."""

    def is_webhook_registered(self, url: str) -> bool:
        """Whether notices are sent to `url`."""
