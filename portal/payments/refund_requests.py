"""How a refund is asked for at the provider: out of the payment, or out of what the provider holds for the payer who transferred it."""

from dataclasses import dataclass
from datetime import datetime

from portal.payments.models import PaymentAttempt, Refund
from portal.payments.provider import PaymentProvider, RefundReason, RefundSnapshot


@dataclass(frozen=True)
class RefundRequest:
    """A refund as it is sent, and looked for: `source` is the provider's id of the payment, or of the payer (`from_funds`)."""

    source: str
    from_funds: bool
    amount: int
    reference: str
    reason: RefundReason
    since: datetime

    @classmethod
    def of(cls, refund: Refund, attempt: PaymentAttempt) -> "RefundRequest | None":
        """Return the request; None for money that never was at the provider."""
        source = attempt.customer_id if refund.from_funds else attempt.intent_id
        if source is None:
            return None
        reason: RefundReason = "duplicate" if refund.duplicate else "requested_by_customer"
        return cls(source, refund.from_funds, refund.amount, refund.reference, reason, refund.created_at)

    def send(self, provider: PaymentProvider) -> RefundSnapshot:
        """Ask for it. Raises what `PaymentProvider.refund` raises."""
        if self.from_funds:
            return provider.return_funds(self.source, self.amount, self.reference)
        return provider.refund(self.source, self.amount, self.reference, self.reason)

    def find(self, provider: PaymentProvider) -> RefundSnapshot | None:
        """Look for one that was made under its reference."""
        if self.from_funds:
            return provider.find_return(self.reference, self.since)
        return provider.find_refund(self.source, self.reference)
