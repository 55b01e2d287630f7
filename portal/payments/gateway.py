"""The payment provider that this installation works with: the only module outside `stripe` that names it."""

from portal.core.config import settings
from portal.payments.provider import PaymentProvider
from portal.payments.stripe import SIGNATURE_HEADER, WEBHOOK_PATH, StripeProvider, is_checkout_event, is_dispute_event

__all__ = [
    "PROVIDER",
    "SIGNATURE_HEADER",
    "WEBHOOK_PATH",
    "is_checkout_event",
    "is_dispute_event",
    "make_provider",
    "webhook_url",
]

PROVIDER = "stripe"
"""As the city's books name it."""


def make_provider(api_key: str) -> PaymentProvider:
    """Return the provider, signed in with a city's key. Raises ValueError for a key that must not be used here."""
    return StripeProvider(api_key, settings().stripe_api_base)


def webhook_url(origin: str) -> str:
    """Return the address to which the provider sends a city's events."""
    return f"{origin}{WEBHOOK_PATH}"
