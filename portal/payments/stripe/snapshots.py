"""What several of Stripe's objects have in common, in the port's words."""

from datetime import UTC, datetime
from typing import Any

import stripe

from portal.payments.provider import RefundSnapshot


def to_datetime(timestamp: int) -> datetime:
    """Return the moment that Stripe writes as seconds since 1970."""
    return datetime.fromtimestamp(timestamp, UTC)


def reference_of(metadata: Any) -> str | None:
    """Return our reference, if an object has one."""
    return metadata.to_dict().get("reference") if metadata is not None else None


def refund_snapshot(refund: stripe.Refund) -> RefundSnapshot:
    """Return a refund. One that was canceled there (because the payer named no bank account, or by hand) did not reach its payer: it failed."""
    status, failure = refund.status or "pending", None
    if status == "failed":
        failure = refund.failure_reason
    elif status == "canceled":
        status, failure = "failed", "canceled"
    return RefundSnapshot(refund.id, status, refund.amount, reference_of(refund.metadata), failure)
