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

AWAY = "いま、支払いができません。申請の内容は保存しました。15分後にもう一度お試しください。"


class ProviderAway(Unavailable):
    """No answer, or a broken one: nothing is known, and asking again with the same key is safe."""

    def __init__(self) -> None:
        super().__init__(AWAY)


class KeyRefused(ProviderAway):
    """The provider does not take the account's key: it was revoked, or the account is closed."""


class ProviderRefused(Exception):
    """The provider understood and said no; `code` is its word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def is_unknown(self) -> bool:
        """Whether the account has no such thing."""
        return self.code == UNKNOWN


class ForgedEvent(Exception):
    """A notice whose signature is missing, wrong or old."""


class UnreadableEvent(Exception):
    """A notice that is signed as it should be, but does not say what happened to what."""


Texts = Mapping[str, str] | str
"""Words by language (`{"ja": …, "en": …}`), or in one language alone."""


@dataclass(frozen=True)
class Line:
    """One line of what is to pay, in yen (below zero for a reduction); `detail` explains the amount.

    `id` is that of the fee rule that the line comes from. A payment keeps the words in every language; an order to the
    provider has those of its language.
    """

    title: Texts
    amount: int
    detail: Texts = ""
    id: str = ""


@dataclass(frozen=True)
class Order:
    """Everything a payment page must know."""

    reference: str
    title: str
    payee: str
    lines: Sequence[Line]
    methods: Sequence[str]
    return_url: str
    expires_at: datetime
    konbini_days: int
    language: str = "ja"


@dataclass(frozen=True)
class Seen:
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
class SeenRefund:
    """A refund as the provider shows it. `status` is one of `rules.REFUND_STATUSES`."""

    provider_id: str
    status: str
    amount: int
    reference: str | None
    failure: str | None = None


@dataclass(frozen=True)
class Notice:
    """A verified event: which object it is about, if that has an id. What it says of the object is not used."""

    event_id: str
    type: str
    object_id: str | None
    intent_id: str | None
    reference: str | None
    created_at: datetime


@dataclass(frozen=True)
class BookLine:
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
    """A payment provider. Every method may raise ProviderAway; those that change something may raise ProviderRefused."""

    def request_for(self, order: Order) -> dict[str, Any]:
        """The request that opens a page for this order; kept, and given to `open_checkout` unchanged."""

    def open_checkout(self, request: dict[str, Any], key: str) -> Seen:
        """Open a page. The same key and request always give the same page."""

    def find_checkout(self, reference: str, since: datetime) -> Seen | None:
        """The page opened for a reference at or after `since`, when the answer to opening it was lost."""

    def read_checkout(self, checkout_id: str) -> Seen:
        """Look at a page."""

    def close_checkout(self, checkout_id: str) -> Seen:
        """Make sure nothing can be paid there any more, if that is still possible; then look at it."""

    def refund(self, intent_id: str, amount: int, reference: str, reason: RefundReason) -> SeenRefund:
        """Give back `amount` yen. The same reference never gives back twice."""

    def find_refund(self, intent_id: str, reference: str) -> SeenRefund | None:
        """The refund made for a reference, when the answer was lost."""

    def read_refund(self, provider_id: str) -> SeenRefund:
        """Look at a refund."""

    def notice(self, body: bytes, signature: str, secrets: Sequence[str]) -> Notice:
        """Check a notice against each secret. Raises ForgedEvent, or UnreadableEvent when the signature is all that is right."""

    def undelivered(self, since: datetime) -> Iterator[Notice]:
        """Notices that could not be delivered to us."""

    def book(self, since: datetime) -> Iterator[BookLine]:
        """The lines of the provider's book, newest first."""

    def subscribe(self, url: str) -> str:
        """Have notices sent to `url` from now on; returns the secret that signs them."""

    def is_subscribed(self, url: str) -> bool:
        """Whether notices are sent to `url`."""
