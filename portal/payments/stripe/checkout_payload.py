"""The request that opens a Checkout Session: checked when it is stored, and again before it is sent, so that both are the same."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from stripe.params.checkout import (
    SessionCreateParams,
    SessionCreateParamsLineItem,
    SessionCreateParamsLineItemPriceDataProductData,
    SessionCreateParamsPaymentMethodOptions,
)

from portal.payments.provider import CheckoutLine, CheckoutRequest, ProviderRejected

BANK_TRANSFER: Final = "bank_transfer"
STRIPE_METHODS: Final[Mapping[str, str]] = {BANK_TRANSFER: "customer_balance"}
"""Stripe's name of a method, where it is not ours."""


class _Schema(BaseModel):
    """Strict: what is stored has these keys and no others, because every one of them is sent."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Metadata(_Schema):
    reference: str


class _ProductData(_Schema):
    name: str
    description: str | None = None
    metadata: _Metadata | None = None


class _PriceData(_Schema):
    currency: Literal["jpy"] = "jpy"
    unit_amount: Annotated[int, Field(gt=0)]
    product_data: _ProductData


class _LineItem(_Schema):
    quantity: Literal[1] = 1
    price_data: _PriceData


class _Konbini(_Schema):
    expires_after_days: int


class _BankTransfer(_Schema):
    type: Literal["jp_bank_transfer"] = "jp_bank_transfer"


class _CustomerBalance(_Schema):
    funding_type: Literal["bank_transfer"] = "bank_transfer"
    bank_transfer: _BankTransfer = _BankTransfer()


class _MethodOptions(_Schema):
    konbini: _Konbini
    customer_balance: _CustomerBalance | None = None


class _IntentData(_Schema):
    metadata: _Metadata


_LOCALES: Mapping[str, Literal["ja", "en", "zh", "ko"]] = {"en": "en", "zh": "zh", "ko": "ko"}
"""Stripe's name for a language other than Japanese."""


class _Branding(_Schema):
    display_name: str


class CheckoutPayload(_Schema):
    """The parameters of one Checkout Session, in Stripe's names. Amounts are whole yen: the yen has no smaller unit."""

    mode: Literal["payment"] = "payment"
    line_items: list[_LineItem]
    allowed_payment_method_types: list[str]
    payment_method_options: _MethodOptions
    client_reference_id: str
    metadata: _Metadata
    payment_intent_data: _IntentData
    success_url: str
    cancel_url: str
    expires_at: int
    locale: Literal["ja", "en", "zh", "ko"]
    branding_settings: _Branding

    @classmethod
    def of_request(cls, request: CheckoutRequest) -> "CheckoutPayload":
        """Return the parameters for a request."""
        items = [item for item in request.lines if item.amount]
        if any(item.amount < 0 for item in items):
            # Stripe takes no line item below zero: what a reduction leaves is shown as one line.
            items = [CheckoutLine(request.title, sum(item.amount for item in items))]
        metadata = _Metadata(reference=request.reference)
        transfer = _CustomerBalance() if BANK_TRANSFER in request.methods else None
        konbini = _Konbini(expires_after_days=request.konbini_days)
        return cls(
            line_items=[_line_item(item) for item in items],
            allowed_payment_method_types=[STRIPE_METHODS.get(name, name) for name in request.methods],
            payment_method_options=_MethodOptions(konbini=konbini, customer_balance=transfer),
            client_reference_id=request.reference,
            metadata=metadata,
            payment_intent_data=_IntentData(metadata=metadata),
            success_url=request.return_url,
            cancel_url=request.return_url,
            expires_at=int(request.expires_at.timestamp()),
            locale=_LOCALES.get(request.language, "ja"),
            branding_settings=_Branding(display_name=request.payee),
        )

    @classmethod
    def from_stored(cls, payload: dict[str, Any]) -> "CheckoutPayload":
        """Read what `as_stored` returned. Raises ProviderRejected for anything else: another attempt then makes it afresh."""
        try:
            return cls.model_validate(payload)
        except ValidationError as error:
            raise ProviderRejected("invalid_payload") from error

    def as_stored(self) -> dict[str, Any]:
        """Return the parameters as JSON values, without those that are not set."""
        return self.model_dump(exclude_none=True)

    @property
    def needs_customer(self) -> bool:
        """Whether the session must name a customer, whom Stripe keeps a bank account for."""
        return self.payment_method_options.customer_balance is not None

    def as_params(self) -> SessionCreateParams:
        """Return the parameters in the types of Stripe's library."""
        metadata = {"reference": self.metadata.reference}
        options: SessionCreateParamsPaymentMethodOptions = {
            "konbini": {"expires_after_days": self.payment_method_options.konbini.expires_after_days}
        }
        if self.needs_customer:
            options["customer_balance"] = {
                "funding_type": "bank_transfer",
                "bank_transfer": {"type": "jp_bank_transfer"},
            }
        return {
            "mode": self.mode,
            "line_items": [_line_item_params(item) for item in self.line_items],
            "allowed_payment_method_types": list(self.allowed_payment_method_types),
            "payment_method_options": options,
            "client_reference_id": self.client_reference_id,
            "metadata": metadata,
            "payment_intent_data": {"metadata": {"reference": self.payment_intent_data.metadata.reference}},
            "success_url": self.success_url,
            "cancel_url": self.cancel_url,
            "expires_at": self.expires_at,
            "locale": self.locale,
            "branding_settings": {"display_name": self.branding_settings.display_name},
        }


def _line_item(item: CheckoutLine) -> _LineItem:
    metadata = _Metadata(reference=item.reference) if item.reference else None
    product = _ProductData(name=item.title, description=item.detail or None, metadata=metadata)
    return _LineItem(price_data=_PriceData(unit_amount=item.amount, product_data=product))


def _line_item_params(item: _LineItem) -> SessionCreateParamsLineItem:
    price = item.price_data
    product: SessionCreateParamsLineItemPriceDataProductData = {"name": price.product_data.name}
    if price.product_data.description is not None:
        product["description"] = price.product_data.description
    if price.product_data.metadata is not None:
        product["metadata"] = {"reference": price.product_data.metadata.reference}
    return {
        "quantity": item.quantity,
        "price_data": {"currency": price.currency, "unit_amount": price.unit_amount, "product_data": product},
    }
