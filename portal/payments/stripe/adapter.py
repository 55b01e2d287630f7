"""Stripe behind the provider's port: hosted Checkout Sessions, one-off prices in yen, everything read back from Stripe itself."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

import stripe
from stripe.params import WebhookEndpointCreateParams
from stripe.params.checkout import SessionCreateParams

from portal.payments.provider import (
    BalanceTransaction,
    CheckoutRequest,
    CheckoutSnapshot,
    InvalidApiKey,
    InvalidSignature,
    LineItem,
    MalformedEvent,
    ProviderRejected,
    ProviderUnavailable,
    RefundReason,
    RefundSnapshot,
    WebhookEvent,
)
from portal.payments.stripe.webhook_schema import read_event

log = logging.getLogger(__name__)

CONNECT_TIMEOUT, READ_TIMEOUT = 5.0, 10.0  # seconds
SIGNATURE_TOLERANCE = 300  # seconds a signature stays valid
EXPAND = ["payment_intent.latest_charge"]
EVENTS = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
)


class StripeProvider:
    """One city's Stripe account."""

    def __init__(self, api_key: str, api_base: str = "", *, retries: int = 2) -> None:
        """`api_base` empty is Stripe itself. Raises ValueError for a live key with any other base: real money never meets a stand-in."""
        if api_base and not api_key.startswith(("sk_test_", "rk_test_")):
            raise ValueError("only a test key may be used with MADOGUCHI_STRIPE_API_BASE")
        self._live = "_live_" in api_key
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={"api": api_base.rstrip("/")} if api_base else {},
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=(CONNECT_TIMEOUT, READ_TIMEOUT)),
        )

    # -- payment pages -----------------------------------------------------------------------------------------------

    def build_payload(self, order: CheckoutRequest) -> dict[str, Any]:
        """See the port. Amounts go out as they are: the yen has no smaller unit."""
        lines = [line for line in order.lines if line.amount]
        if any(line.amount < 0 for line in lines):
            # Stripe takes no line below zero: what a reduction leaves is shown as one line.
            lines = [LineItem(order.title, sum(line.amount for line in lines))]
        metadata = {"reference": order.reference}
        return {
            "mode": "payment",
            "line_items": [_line_item(line) for line in lines],
            "allowed_payment_method_types": list(order.methods),
            "payment_method_options": {"konbini": {"expires_after_days": order.konbini_days}},
            "client_reference_id": order.reference,
            "metadata": metadata,
            "payment_intent_data": {"metadata": metadata},
            "success_url": order.return_url,
            "cancel_url": order.return_url,
            "expires_at": int(order.expires_at.timestamp()),
            "locale": "en" if order.language == "en" else "ja",
            "branding_settings": {"display_name": order.payee},
        }

    def open_checkout(self, request: dict[str, Any], key: str) -> CheckoutSnapshot:
        """See the port."""
        params = cast(SessionCreateParams, request | {"expand": EXPAND})
        with _translated():
            return _seen(self._client.v1.checkout.sessions.create(params, {"idempotency_key": key}))

    def find_checkout(self, reference: str, since: datetime) -> CheckoutSnapshot | None:
        """See the port. Sessions cannot be searched by reference, so those made since then are walked through."""
        with _translated():
            found = self._client.v1.checkout.sessions.list({"created": {"gte": int(since.timestamp())}, "limit": 100})
            for session in found.auto_paging_iter():
                if session.client_reference_id == reference:
                    return self.read_checkout(session.id)
        return None

    def read_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """See the port."""
        with _translated():
            return _seen(self._client.v1.checkout.sessions.retrieve(checkout_id, {"expand": EXPAND}))

    def expire_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """See the port. An open session is expired; of a complete one the intent is cancelled, which voids its voucher."""
        seen = self.read_checkout(checkout_id)
        try:
            with _translated():
                if seen.status == "open":
                    self._client.v1.checkout.sessions.expire(checkout_id)
                elif seen.status == "pending" and seen.intent_id:
                    self._client.v1.payment_intents.cancel(seen.intent_id, {"cancellation_reason": "abandoned"})
        except ProviderRejected:
            pass  # paid or closed in this very moment: what it is now is what counts
        return self.read_checkout(checkout_id)

    # -- refunds -----------------------------------------------------------------------------------------------------

    def refund(self, intent_id: str, amount: int, reference: str, reason: RefundReason) -> RefundSnapshot:
        """See the port."""
        with _translated():
            made = self._client.v1.refunds.create(
                {
                    "payment_intent": intent_id,
                    "amount": amount,
                    "reason": reason,
                    "metadata": {"reference": reference},
                },
                {"idempotency_key": reference},
            )
        return _seen_refund(made)

    def find_refund(self, intent_id: str, reference: str) -> RefundSnapshot | None:
        """See the port."""
        with _translated():
            for made in self._client.v1.refunds.list({"payment_intent": intent_id, "limit": 100}).auto_paging_iter():
                if _reference(made.metadata) == reference:
                    return _seen_refund(made)
        return None

    def read_refund(self, provider_id: str) -> RefundSnapshot:
        """See the port."""
        with _translated():
            return _seen_refund(self._client.v1.refunds.retrieve(provider_id))

    # -- notices -----------------------------------------------------------------------------------------------------

    def verify_event(self, body: bytes, signature: str, secrets: Sequence[str]) -> WebhookEvent:
        """See the port. A notice of the other world (test for live, live for test) counts as forged."""
        if not signature.isascii():  # the library compares digests as ASCII and would break
            raise InvalidSignature
        if not any(_signed(body, signature, secret) for secret in secrets):
            raise InvalidSignature
        if _sent_at(signature) > datetime.now(UTC).timestamp() + stripe.Webhook.DEFAULT_TOLERANCE:
            raise InvalidSignature  # the library looks only at how old a notice is
        notice, live = read_event(body)
        if live is not self._live:
            raise InvalidSignature
        return notice

    def undelivered_events(self, since: datetime) -> Iterator[WebhookEvent]:
        """See the port. Stripe keeps events for 30 days."""
        with _translated():
            found = self._client.v1.events.list(
                {
                    "delivery_success": False,
                    "created": {"gte": int(since.timestamp())},
                    "types": list(EVENTS),
                    "limit": 100,
                }
            )
            for event in found.auto_paging_iter():
                try:
                    yield read_event(event.to_dict())[0]
                except MalformedEvent:
                    log.warning("an undelivered event cannot be read and is left out")

    def register_webhook(self, url: str) -> str:
        """See the port. An endpoint of the same address is replaced, because its secret is told only once."""
        with _translated():
            for old in self._client.v1.webhook_endpoints.list({"limit": 100}).auto_paging_iter():
                if old.url == url:
                    self._client.v1.webhook_endpoints.delete(old.id)
            made = self._client.v1.webhook_endpoints.create(
                cast(WebhookEndpointCreateParams, {"url": url, "enabled_events": list(EVENTS)})
            )
        if made.secret is None:
            raise ProviderRejected("no_secret")
        return made.secret

    def is_webhook_registered(self, url: str) -> bool:
        """See the port."""
        with _translated():
            known = self._client.v1.webhook_endpoints.list({"limit": 100}).auto_paging_iter()
            return any(one.url == url and one.status == "enabled" for one in known)

    # -- the book ----------------------------------------------------------------------------------------------------

    def balance_transactions(self, since: datetime) -> Iterator[BalanceTransaction]:
        """See the port."""
        with _translated():
            found = self._client.v1.balance_transactions.list(
                {"created": {"gte": int(since.timestamp())}, "limit": 100}
            )
            for line in found.auto_paging_iter():
                source = line.source if isinstance(line.source, str) or line.source is None else line.source.id
                yield BalanceTransaction(
                    line.id,
                    line.type,
                    line.amount,
                    line.fee,
                    line.net,
                    source,
                    _time(line.created),
                    _time(line.available_on),
                )


@contextmanager
def _translated() -> Iterator[None]:
    """Stripe's errors as the port's: no answer, broken answers and "busy" are ProviderUnavailable, a plain no is ProviderRejected."""
    try:
        yield
    except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        raise ProviderRejected(error.code or type(error).__name__) from error
    except stripe.AuthenticationError as error:
        raise InvalidApiKey from error
    except stripe.StripeError as error:
        raise ProviderUnavailable from error


def _sent_at(signature: str) -> float:
    """When a signed notice says that it was sent, in seconds since 1970."""
    times = [part.partition("=")[2] for part in signature.split(",") if part.strip().startswith("t=")]
    return max((float(moment) for moment in times if moment.isdigit()), default=0.0)


def _signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether the signature over the raw bytes is of that secret, and not old."""
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, SIGNATURE_TOLERANCE)
    except (stripe.SignatureVerificationError, ValueError):  # ValueError: the bytes are no text
        return False
    return True


def _reference(metadata: Any) -> str | None:
    return metadata.to_dict().get("reference") if metadata is not None else None


def _line_item(line: LineItem) -> dict[str, Any]:
    product = {"name": line.title} | ({"description": line.detail} if line.detail else {})
    return {"quantity": 1, "price_data": {"currency": "jpy", "unit_amount": line.amount, "product_data": product}}


def _time(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _seen(session: stripe.checkout.Session) -> CheckoutSnapshot:
    intent = session.payment_intent if isinstance(session.payment_intent, stripe.PaymentIntent) else None
    charge = intent.latest_charge if intent and isinstance(intent.latest_charge, stripe.Charge) else None
    details = charge.payment_method_details if charge else None
    action = getattr(intent.next_action, "konbini_display_details", None) if intent else None
    error = intent.last_payment_error.to_dict() if intent and intent.last_payment_error else {}
    paid = session.payment_status == "paid"
    return CheckoutSnapshot(
        checkout_id=session.id,
        status=_status(session, intent),
        amount=session.amount_total or 0,
        currency=session.currency or "",
        reference=session.client_reference_id,
        expires_at=_time(session.expires_at),
        url=session.url,
        intent_id=intent.id if intent else None,
        charge_id=charge.id if charge and paid else None,
        method="konbini" if action else details.type if details and paid else None,
        failure=error.get("decline_code") or error.get("code"),
        voucher=_voucher(action) if action else None,
        disputed=bool(charge and charge.disputed),
    )


def _status(session: stripe.checkout.Session, intent: stripe.PaymentIntent | None) -> str:
    if session.payment_status == "paid":
        return "paid"
    if session.status in ("open", "expired"):
        return str(session.status)
    # Complete but unpaid: a voucher or a transfer is awaited, unless its intent went back to the start or was cancelled.
    return "failed" if intent and intent.status in ("requires_payment_method", "canceled") else "pending"


def _voucher(action: stripe.PaymentIntent.NextAction.KonbiniDisplayDetails) -> dict[str, Any]:
    stores = {
        name: {"payment_code": codes["payment_code"], "confirmation_number": codes.get("confirmation_number")}
        for name, codes in action.stores.to_dict().items()
        if codes
    }
    return {"url": action.hosted_voucher_url, "expires_at": _time(action.expires_at).isoformat(), "stores": stores}


def _seen_refund(refund: stripe.Refund) -> RefundSnapshot:
    failure = refund.failure_reason if refund.status == "failed" else None
    return RefundSnapshot(refund.id, refund.status or "pending", refund.amount, _reference(refund.metadata), failure)
