"""The body of a provider's notice: what has to stand in it before anything is made of it."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from portal.payments.provider import MalformedEvent, WebhookEvent


def _ours(reference: str | None) -> str | None:
    """Other systems of the city may pay into the same account and write their references as they like: none of those is ours."""
    return reference if reference and re.fullmatch(r"[!-~]{1,255}", reference) else None


_Word = Annotated[str, StringConstraints(pattern=r"\A[!-~]{1,255}\z")]
_Reference = Annotated[str | None, AfterValidator(_ours)]
_Moment = Annotated[int, Field(ge=0, lt=2**33)]
"""Seconds since 1970, until the year 2242."""


class _Part(BaseModel):
    """Strict: a number in place of a text is a fault. What is not used is not looked at."""

    model_config = ConfigDict(strict=True, extra="ignore")


class _Metadata(_Part):
    reference: _Reference = None


class _Subject(_Part):
    id: _Word | None = None
    """None for what exists once for an account: its balance."""
    object: _Word
    payment_intent: _Word | None = None
    client_reference_id: _Reference = None
    metadata: _Metadata | None = None


class _Data(_Part):
    object: _Subject


class _Event(_Part):
    id: _Word
    object: Literal["event"]
    type: _Word
    created: _Moment
    livemode: bool
    data: _Data


def read_event(body: bytes | dict[str, Any]) -> tuple[WebhookEvent, bool]:
    """The notice in a body, and whether it tells of real money. Raises MalformedEvent, which does not quote the body."""
    try:
        event = _Event.model_validate_json(body) if isinstance(body, bytes) else _Event.model_validate(body)
    except ValidationError:
        raise MalformedEvent from None
    subject = event.data.object
    intent = subject.id if subject.object == "payment_intent" else subject.payment_intent
    reference = subject.client_reference_id or (subject.metadata.reference if subject.metadata else None)
    moment = datetime.fromtimestamp(event.created, UTC)
    return WebhookEvent(event.id, event.type, subject.id, intent, reference, moment), event.livemode
