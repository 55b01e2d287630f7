"""A payment provider in memory: pages, refunds and disputes as `portal.payments.provider` describes them, without any network."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.payments.provider import CheckoutRequest, CheckoutSnapshot, DisputeSnapshot, RefundSnapshot


@dataclass
class MemoryProvider:
    """Pages, refunds and disputes as a provider has them; it pays, expires and refunds exactly what it is asked."""

    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)

    def build_payload(self, request: CheckoutRequest) -> dict[str, Any]:
        return {"reference": request.reference, "amount": sum(line.amount for line in request.lines)}

    def open_checkout(self, payload: dict[str, Any], idempotency_key: str) -> CheckoutSnapshot:
        self.pages.setdefault(idempotency_key, {**payload, "status": "open", "dispute": "", "lapsed": False})
        return self.read_checkout(idempotency_key)

    def find_checkout(self, reference: str, since: datetime) -> CheckoutSnapshot | None:
        return self.read_checkout(reference) if reference in self.pages else None

    def read_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        page = self.pages[checkout_id]
        return CheckoutSnapshot(
            checkout_id,
            page["status"],
            page["amount"],
            "jpy",
            checkout_id,
            datetime.now(UTC) + timedelta(hours=1),
            url=f"https://pay.example/{checkout_id}",
            intent_id=f"intent:{checkout_id}",
            charge_id=f"charge:{checkout_id}" if page["status"] == "paid" else None,
            method="card",
            voucher={"number": "1"} if page["status"] == "pending" else None,
            disputed=page["dispute"] == "open",
        )

    def expire_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        page = self.pages[checkout_id]
        page["status"] = {"open": "expired", "pending": "failed"}.get(page["status"], page["status"])
        return self.read_checkout(checkout_id)

    def refund(self, intent_id: str, amount: int, reference: str, reason: str) -> RefundSnapshot:
        self.refunds.setdefault(reference, {"intent": intent_id, "amount": amount, "status": "pending"})
        return self.read_refund(reference)

    def find_refund(self, intent_id: str, reference: str) -> RefundSnapshot | None:
        return self.read_refund(reference) if reference in self.refunds else None

    def read_refund(self, provider_id: str) -> RefundSnapshot:
        refund = self.refunds[provider_id]
        return RefundSnapshot(provider_id, refund["status"], refund["amount"], provider_id)

    def disputes(self, intent_id: str) -> Sequence[DisputeSnapshot]:
        page = self.pages[intent_id.removeprefix("intent:")]
        if not page["dispute"]:
            return []
        return [DisputeSnapshot(f"dispute:{intent_id}", page["amount"], "fraudulent", page["dispute"], None)]

    @property
    def balance(self) -> int:
        """Yen that it took in, and neither gave back nor lost."""
        kept = [page for page in self.pages.values() if page["status"] == "paid" and page["dispute"] != "lost"]
        given_back = [refund for refund in self.refunds.values() if refund["status"] == "succeeded"]
        return sum(int(page["amount"]) for page in kept) - sum(int(refund["amount"]) for refund in given_back)
