"""A payment provider in memory: pages, refunds and disputes as `portal.payments.provider` describes them, without any network."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.payments.provider import (
    Arrival,
    CheckoutRequest,
    CheckoutSnapshot,
    DisputeSnapshot,
    RefundSnapshot,
    TransferSnapshot,
)

ACCOUNT = {"bank_name": "B", "bank_code": "0000", "branch_name": "b", "branch_code": "000", "kind": "ordinary"}
_NEW = {"status": "open", "dispute": "", "lapsed": False}


@dataclass
class MemoryProvider:
    """Pages, refunds and disputes as a provider has them; it pays, expires and refunds exactly what it is asked."""

    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)

    def build_payload(self, request: CheckoutRequest) -> dict[str, Any]:
        methods = list(request.methods)
        return {
            "reference": request.reference,
            "amount": sum(line.amount for line in request.lines),
            "is_transfer": methods == ["bank_transfer"],
        }

    def open_checkout(self, payload: dict[str, Any], idempotency_key: str) -> CheckoutSnapshot:
        self.pages.setdefault(idempotency_key, {**payload, **_NEW, "arrivals": []})
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
            method="bank_transfer" if page["is_transfer"] else "card",
            voucher={"number": "1"} if page["status"] == "pending" and not page["is_transfer"] else None,
            transfer=self._transfer(checkout_id) if page["is_transfer"] and page["status"] != "open" else None,
            disputed=page["dispute"] == "open",
        )

    def _transfer(self, checkout_id: str) -> TransferSnapshot:
        page = self.pages[checkout_id]
        account = {**ACCOUNT, "number": "1", "holder": "C"} if page["status"] == "pending" else None
        arrivals = [
            Arrival(f"{checkout_id}:{number}", amount, datetime.now(UTC))
            for number, amount in enumerate(page["arrivals"])
        ]
        return TransferSnapshot(checkout_id, account, self.funds_of(checkout_id), arrivals)

    def transfer(self, checkout_id: str, amount: int) -> None:
        """Somebody transfers to the account of a page, whatever became of it: it is paid as soon as that makes it whole."""
        page = self.pages[checkout_id]
        page["arrivals"].append(amount)
        if page["status"] == "pending" and sum(page["arrivals"]) >= page["amount"]:
            page["status"] = "paid"

    def funds_of(self, checkout_id: str) -> int:
        """Yen that were transferred for a page, and are neither its payment nor on their way back."""
        page = self.pages[checkout_id]
        used = page["amount"] if page["status"] == "paid" else 0
        gone = [each for each in self.refunds.values() if each["intent"] == checkout_id and each["status"] != "failed"]
        kept = [each for each in self.refunds.values() if each["intent"] == f"intent:{checkout_id}"]
        came_back = sum(each["amount"] for each in kept if each["status"] == "failed")
        return int(sum(page["arrivals"]) - used - sum(each["amount"] for each in gone) + came_back)

    def expire_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        page = self.pages[checkout_id]
        page["status"] = {"open": "expired", "pending": "failed"}.get(page["status"], page["status"])
        return self.read_checkout(checkout_id)

    def refund(self, intent_id: str, amount: int, reference: str, reason: str) -> RefundSnapshot:
        self.refunds.setdefault(reference, {"intent": intent_id, "amount": amount, "status": "pending"})
        return self.read_refund(reference)

    def return_funds(self, customer_id: str, amount: int, reference: str) -> RefundSnapshot:
        assert reference in self.refunds or amount <= self.funds_of(customer_id), "more than the payer has there"
        return self.refund(customer_id, amount, reference, "")

    def find_return(self, reference: str, since: datetime) -> RefundSnapshot | None:
        return self.find_refund("", reference)

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
        gone = [refund for refund in self.refunds.values() if self._is_gone(refund)]
        return sum(int(page["amount"]) for page in kept) - sum(int(refund["amount"]) for refund in gone)

    def _is_gone(self, refund: dict[str, Any]) -> bool:
        """Whether a refund of a payment left the balance: of a transfer also one that failed, which the payer has there again."""
        page = self.pages.get(refund["intent"].removeprefix("intent:"), {})
        is_payment = refund["intent"].startswith("intent:")
        return is_payment and (
            refund["status"] == "succeeded" or (page["is_transfer"] and refund["status"] == "failed")
        )

    @property
    def funds(self) -> int:
        """Yen that it holds for payers who transferred."""
        return sum(self.funds_of(checkout_id) for checkout_id, page in self.pages.items() if page["is_transfer"])
