"""The format of Stripe's webhook events, checked before anything is made of one."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from portal.payments.provider import MalformedEvent, WebhookEvent

WEBHOOK_PATH = "/webhooks/stripe"
SIGNATURE_HEADER = "Stripe-Signature"

_CHECKOUT_PREFIX = "checkout.session."


def is_checkout_event(event_type: str) -> bool:
    """Whether the object of an event of this type is a payment page."""
    return event_type.startswith(_CHECKOUT_PREFIX)


def is_dispute_event(event_type: str) -> bool:
    """Whether an event is about a dispute."""
    return event_type.startswith("charge.dispute.")


def _own_reference(reference: str | None) -> str | None:
    """Drop a reference that cannot be ours: other systems of the city may use the same account, and write theirs as they like."""
    return reference if reference and re.fullmatch(r"[!-~]{1,255}", reference) else None


_Token = Annotated[str, StringConstraints(pattern=r"\A[!-~]{1,255}\z")]
_Reference = Annotated[str | None, AfterValidator(_own_reference)]
_Timestamp = Annotated[int, Field(ge=0, lt=2**33)]
"""Seconds since 1970, until the year 2242."""


class _Schema(BaseModel):
    """Strict: a number in place of a string is an error. Keys that are not used are ignored."""

    model_config = ConfigDict(strict=True, extra="ignore")


class _Metadata(_Schema):
    reference: _Reference = None


class _Object(_Schema):
    id: _Token | None = None
    """None for an object of which an account has exactly one: its balance."""
    object: _Token
    payment_intent: _Token | None = None
    customer: _Token | None = None
    client_reference_id: _Reference = None
    metadata: _Metadata | None = None


class _Data(_Schema):
    object: _Object


class _Event(_Schema):
    id: _Token
    object: Literal["event"]
    type: _Token
    created: _Timestamp
    livemode: bool
    data: _Data


def parse_event(body: bytes | dict[str, Any]) -> tuple[WebhookEvent, bool]:
    """Return the event in a body and whether it is of live mode. Raises MalformedEvent, which does not quote the body."""
    try:
        event = _Event.model_validate_json(body) if isinstance(body, bytes) else _Event.model_validate(body)
    except ValidationError:
        raise MalformedEvent from None
    subject = event.data.object
    intent_id = subject.id if subject.object == "payment_intent" else subject.payment_intent
    reference = subject.client_reference_id or (subject.metadata.reference if subject.metadata else None)
    created_at = datetime.fromtimestamp(event.created, UTC)
    happened = WebhookEvent(event.id, event.type, subject.id, intent_id, subject.customer, reference, created_at)
    return happened, event.livemode
