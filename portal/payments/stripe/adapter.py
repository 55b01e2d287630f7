"""Stripe behind the provider's port: hosted Checkout Sessions, one-off prices in yen, everything read back from Stripe itself."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import stripe

from portal.payments.provider import (
    AccountReport,
    AnswerKept,
    BalanceTransaction,
    CheckoutRequest,
    CheckoutSnapshot,
    DisputeSnapshot,
    InvalidApiKey,
    InvalidSignature,
    MalformedEvent,
    ProviderRejected,
    ProviderUnavailable,
    RefundReason,
    RefundSnapshot,
    TransferSnapshot,
    UnknownToProvider,
    WebhookEvent,
)
from portal.payments.stripe import bank_transfers
from portal.payments.stripe.checkout_payload import BANK_TRANSFER, CheckoutPayload
from portal.payments.stripe.snapshots import reference_of, refund_snapshot, to_datetime
from portal.payments.stripe.webhook_schema import parse_event

log = logging.getLogger(__name__)

CONNECT_TIMEOUT, READ_TIMEOUT = 5.0, 10.0  # seconds
SIGNATURE_TOLERANCE = 300  # seconds for which a signature is valid
EXPAND = ["payment_intent.latest_charge"]
EVENT_TYPES: Final = (
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
    "charge.dispute.updated",
    "charge.dispute.closed",
    "payment_intent.partially_funded",
    "customer_cash_balance_transaction.created",
)
_RESOURCE_MISSING = "resource_missing"
"""Stripe's error code for an id that the account does not have."""


_CAPABILITIES: Final = {
    "card": "card_payments",
    "konbini": "konbini_payments",
    "paypay": "paypay_payments",
    "bank_transfer": "jp_bank_transfer_payments",
}
"""Stripe's name for what an account must have for each of our methods."""


class StripeProvider:
    """One city's Stripe account."""

    def __init__(self, api_key: str, api_base: str = "", *, retries: int = 2) -> None:
        """`api_base` empty is Stripe itself.

        Raises ValueError for what is no secret key, and for a live key with any other base: real money never meets a sandbox.
        """
        if not api_key.startswith(("sk_", "rk_")):
            raise ValueError("That is not a secret key: one begins with sk_ or rk_.")
        if api_base and not api_key.startswith(("sk_test_", "rk_test_")):
            raise ValueError("only a test key may be used with MADOGUCHI_STRIPE_API_BASE")
        self._livemode = "_live_" in api_key
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={"api": api_base.rstrip("/")} if api_base else {},
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=(CONNECT_TIMEOUT, READ_TIMEOUT)),
        )

    def account_id(self) -> str:
        """See the port."""
        with _translated_errors():
            return self._client.v1.accounts.retrieve_current().id

    def account_report(self) -> AccountReport:
        """See the port."""
        with _translated_errors():
            account = self._client.v1.accounts.retrieve_current()
        capabilities = account.capabilities.to_dict() if account.capabilities else {}
        return AccountReport(
            account.id,
            self._livemode,
            bool(account.charges_enabled),
            bool(account.payouts_enabled),
            {method: str(capabilities.get(name, "inactive")) for method, name in _CAPABILITIES.items()},
        )

    # -- payment pages -----------------------------------------------------------------------------------------------

    def build_payload(self, request: CheckoutRequest) -> dict[str, Any]:
        """See the port. Amounts go out as they are: the yen has no smaller unit."""
        return CheckoutPayload.of_request(request).as_stored()

    def open_checkout(self, payload: dict[str, Any], idempotency_key: str) -> CheckoutSnapshot:
        """See the port. A page for bank transfers needs a customer: it gets one of its own, of whom Stripe learns nothing but our reference."""
        stored = CheckoutPayload.from_stored(payload)
        params = stored.as_params()
        params["expand"] = EXPAND
        with _translated_errors():
            if stored.needs_customer:
                params["customer"] = bank_transfers.create_customer(self._client, idempotency_key)
            session = self._client.v1.checkout.sessions.create(params, {"idempotency_key": idempotency_key})
            return self._snapshot(session)

    def find_checkout(self, reference: str, since: datetime) -> CheckoutSnapshot | None:
        """See the port. Sessions cannot be searched by reference, so those created since then are walked through."""
        with _translated_errors():
            sessions = self._client.v1.checkout.sessions.list(
                {"created": {"gte": int(since.timestamp())}, "limit": 100}
            )
            for session in sessions.auto_paging_iter():
                if session.client_reference_id == reference:
                    return self.read_checkout(session.id)
        return None

    def read_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """See the port."""
        with _translated_errors():
            return self._snapshot(self._client.v1.checkout.sessions.retrieve(checkout_id, {"expand": EXPAND}))

    def _snapshot(self, session: stripe.checkout.Session) -> CheckoutSnapshot:
        return _checkout_snapshot(session, bank_transfers.read_transfer(self._client, session))

    def expire_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """See the port. An open session is expired; of a complete one the intent is cancelled, which voids its voucher."""
        snapshot = self.read_checkout(checkout_id)
        try:
            with _translated_errors():
                if snapshot.status == "open":
                    self._client.v1.checkout.sessions.expire(checkout_id)
                elif snapshot.status == "pending" and snapshot.intent_id:
                    self._client.v1.payment_intents.cancel(snapshot.intent_id, {"cancellation_reason": "abandoned"})
        except ProviderRejected:
            pass  # paid or closed in this very moment: what it is now is what counts
        return self.read_checkout(checkout_id)

    # -- refunds -----------------------------------------------------------------------------------------------------

    def refund(self, intent_id: str, amount: int, reference: str, reason: RefundReason) -> RefundSnapshot:
        """See the port."""
        with _translated_errors():
            refund = self._client.v1.refunds.create(
                {
                    "payment_intent": intent_id,
                    "amount": amount,
                    "reason": reason,
                    "metadata": {"reference": reference},
                },
                {"idempotency_key": reference},
            )
        return refund_snapshot(refund)

    def return_funds(self, customer_id: str, amount: int, reference: str) -> RefundSnapshot:
        """See the port."""
        with _translated_errors():
            return bank_transfers.return_funds(self._client, customer_id, amount, reference)

    def find_return(self, reference: str, since: datetime) -> RefundSnapshot | None:
        """See the port. Such refunds belong to no payment, so those created since then are walked through."""
        with _translated_errors():
            return bank_transfers.find_return(self._client, reference, since)

    def forget_customer(self, customer_id: str) -> None:
        """See the port. Stripe deletes no customer who ever had a cash balance: what was typed about them is emptied."""
        with _translated_errors():
            bank_transfers.forget_customer(self._client, customer_id)

    def find_refund(self, intent_id: str, reference: str) -> RefundSnapshot | None:
        """See the port."""
        with _translated_errors():
            for refund in self._client.v1.refunds.list({"payment_intent": intent_id, "limit": 100}).auto_paging_iter():
                if reference_of(refund.metadata) == reference:
                    return refund_snapshot(refund)
        return None

    def read_refund(self, provider_id: str) -> RefundSnapshot:
        """See the port."""
        with _translated_errors():
            return refund_snapshot(self._client.v1.refunds.retrieve(provider_id))

    def disputes(self, intent_id: str) -> Sequence[DisputeSnapshot]:
        """See the port. A warning that was closed without a dispute took no money: it is won."""
        with _translated_errors():
            disputes = self._client.v1.disputes.list({"payment_intent": intent_id, "limit": 100})
            return [_dispute_snapshot(dispute) for dispute in disputes.auto_paging_iter()]

    # -- webhook events ----------------------------------------------------------------------------------------------

    def verify_event(self, body: bytes, signature: str, secrets: Sequence[str]) -> WebhookEvent:
        """See the port. An event of the wrong livemode (test for live, live for test) counts as wrongly signed."""
        if not signature.isascii():  # the library compares digests as ASCII and would raise
            raise InvalidSignature
        if not any(_is_signed(body, signature, secret) for secret in secrets):
            raise InvalidSignature
        if _signed_at(signature) > datetime.now(UTC).timestamp() + stripe.Webhook.DEFAULT_TOLERANCE:
            raise InvalidSignature  # the library only checks that an event is not too old
        event, livemode = parse_event(body)
        if livemode is not self._livemode:
            raise InvalidSignature
        return event

    def undelivered_events(self, since: datetime) -> Iterator[WebhookEvent]:
        """See the port. Stripe keeps events for 30 days."""
        with _translated_errors():
            events = self._client.v1.events.list(
                {
                    "delivery_success": False,
                    "created": {"gte": int(since.timestamp())},
                    "types": list(EVENT_TYPES),
                    "limit": 100,
                }
            )
            for event in events.auto_paging_iter():
                try:
                    yield parse_event(event.to_dict())[0]
                except MalformedEvent:
                    log.warning("skipping an undelivered event that cannot be parsed")

    def register_webhook(self, url: str) -> str:
        """See the port. An endpoint with the same address is replaced, because its secret is shown only when it is created."""
        with _translated_errors():
            for endpoint in self._client.v1.webhook_endpoints.list({"limit": 100}).auto_paging_iter():
                if endpoint.url == url:
                    self._client.v1.webhook_endpoints.delete(endpoint.id)
            created = self._client.v1.webhook_endpoints.create({"url": url, "enabled_events": [*EVENT_TYPES]})
        if created.secret is None:
            raise ProviderRejected("no_secret")
        return created.secret

    def is_webhook_registered(self, url: str) -> bool:
        """See the port. An endpoint that an older version registered lacks the events of what was added since: it counts as none."""
        with _translated_errors():
            endpoints = self._client.v1.webhook_endpoints.list({"limit": 100}).auto_paging_iter()
            return any(
                endpoint.url == url and endpoint.status == "enabled" and _hears_everything(endpoint.enabled_events)
                for endpoint in endpoints
            )

    # -- balance transactions ----------------------------------------------------------------------------------------

    def balance_transactions(self, since: datetime) -> Iterator[BalanceTransaction]:
        """See the port."""
        with _translated_errors():
            transactions = self._client.v1.balance_transactions.list(
                {"created": {"gte": int(since.timestamp())}, "limit": 100}
            )
            for transaction in transactions.auto_paging_iter():
                source = transaction.source
                yield BalanceTransaction(
                    transaction.id,
                    transaction.type,
                    transaction.amount,
                    transaction.fee,
                    transaction.net,
                    source if isinstance(source, str) or source is None else source.id,
                    to_datetime(transaction.created),
                    to_datetime(transaction.available_on),
                )


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Raise the port's errors for Stripe's: no answer, a broken one and "busy" are ProviderUnavailable, a plain no is ProviderRejected.

    Stripe keeps the answer to a request for its idempotency key, a broken one too, and marks it when it is given again.
    """
    try:
        yield
    except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        code = error.code or type(error).__name__
        rejected = UnknownToProvider if code == _RESOURCE_MISSING else ProviderRejected
        raise rejected(code) from error
    except stripe.AuthenticationError as error:
        raise InvalidApiKey from error
    except stripe.StripeError as error:
        is_kept = (error.headers or {}).get("Idempotent-Replayed") == "true"
        raise (AnswerKept if is_kept else ProviderUnavailable) from error


def _hears_everything(enabled_events: Sequence[str]) -> bool:
    return "*" in enabled_events or set(EVENT_TYPES) <= set(enabled_events)


def _signed_at(signature: str) -> float:
    """Return when the event was signed according to its header, in seconds since 1970."""
    times = [part.partition("=")[2] for part in signature.split(",") if part.strip().startswith("t=")]
    return max((float(time) for time in times if time.isdigit()), default=0.0)


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether the signature over the raw bytes was made with that secret, and is not too old."""
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, SIGNATURE_TOLERANCE)
    except (stripe.SignatureVerificationError, ValueError):  # ValueError: the bytes are not UTF-8
        return False
    return True


def _checkout_snapshot(session: stripe.checkout.Session, transfer: TransferSnapshot | None) -> CheckoutSnapshot:
    intent = session.payment_intent if isinstance(session.payment_intent, stripe.PaymentIntent) else None
    charge = intent.latest_charge if intent and isinstance(intent.latest_charge, stripe.Charge) else None
    details = charge.payment_method_details if charge else None
    konbini = getattr(intent.next_action, "konbini_display_details", None) if intent else None
    error = intent.last_payment_error.to_dict() if intent and intent.last_payment_error else {}
    paid = session.payment_status == "paid"
    return CheckoutSnapshot(
        checkout_id=session.id,
        status=_status(session, intent),
        amount=session.amount_total or 0,
        currency=session.currency or "",
        reference=session.client_reference_id,
        expires_at=to_datetime(session.expires_at),
        url=session.url,
        intent_id=intent.id if intent else None,
        charge_id=charge.id if charge and paid else None,
        method=_method(konbini, transfer, details.type if details and paid else ""),
        failure=error.get("decline_code") or error.get("code"),
        voucher=_voucher(konbini) if konbini else None,
        transfer=transfer,
        disputed=bool(charge and charge.disputed),
    )


def _method(konbini: object, transfer: TransferSnapshot | None, charged: str) -> str | None:
    """Return our name for the method by which it was paid, or will be."""
    if konbini:
        return "konbini"
    return BANK_TRANSFER if transfer else charged or None


def _status(session: stripe.checkout.Session, intent: stripe.PaymentIntent | None) -> str:
    if session.payment_status == "paid":
        return "paid"
    if session.status in ("open", "expired"):
        return str(session.status)
    # Complete but unpaid: a voucher or a transfer is awaited, unless its intent went back to the start or was cancelled.
    return "failed" if intent and intent.status in ("requires_payment_method", "canceled") else "pending"


def _voucher(konbini: stripe.PaymentIntent.NextAction.KonbiniDisplayDetails) -> dict[str, Any]:
    stores = {
        name: {"payment_code": codes["payment_code"], "confirmation_number": codes.get("confirmation_number")}
        for name, codes in konbini.stores.to_dict().items()
        if codes
    }
    return {
        "url": konbini.hosted_voucher_url,
        "expires_at": to_datetime(konbini.expires_at).isoformat(),
        "stores": stores,
    }


def _dispute_snapshot(dispute: stripe.Dispute) -> DisputeSnapshot:
    status = {"won": "won", "warning_closed": "won", "lost": "lost"}.get(dispute.status, "open")
    due = dispute.evidence_details.due_by
    return DisputeSnapshot(dispute.id, dispute.amount, dispute.reason, status, to_datetime(due) if due else None)
