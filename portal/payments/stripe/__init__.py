"""Stripe as a payment provider: everything that knows Stripe's names, addresses and formats.

Only `portal.payments.gateway` imports from here; the rest of payments knows the port, `portal.payments.provider`.
"""

from portal.payments.stripe.adapter import StripeProvider
from portal.payments.stripe.webhook_schema import SIGNATURE_HEADER, WEBHOOK_PATH, is_checkout_event, is_dispute_event

__all__ = ["SIGNATURE_HEADER", "WEBHOOK_PATH", "StripeProvider", "is_checkout_event", "is_dispute_event"]
