"""Disputes: a cardholder contests a charge, the money leaves the balance at once, and comes back when the dispute is won."""

from madoguchi_sandbox import balance, events
from madoguchi_sandbox.store import JsonObject, Store, new_id
from madoguchi_sandbox.wire import ApiError, retrieve

EVIDENCE_DAYS = 7  # until when the merchant may answer
OPEN = ("needs_response", "under_review")
EVIDENCE_FIELDS = (
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure", "cancellation_rebuttal",
    "customer_communication", "customer_email_address", "customer_name", "customer_purchase_ip", "customer_signature",
    "duplicate_charge_documentation", "duplicate_charge_explanation", "duplicate_charge_id", "product_description", "receipt",
    "refund_policy", "refund_policy_disclosure", "refund_refusal_explanation", "service_date", "service_documentation",
    "shipping_address", "shipping_carrier", "shipping_date", "shipping_documentation", "shipping_tracking_number",
    "uncategorized_file", "uncategorized_text",
)  # fmt: skip


def can_be_disputed(charge: JsonObject) -> bool:
    """Whether a cardholder can contest this charge: a card was charged, and nothing was contested or given back yet."""
    is_card = charge["payment_method_details"]["type"] == "card"
    return bool(is_card and charge["paid"] and not charge["disputed"] and not charge["amount_refunded"])


def create(store: Store, charge: JsonObject, reason: str = "fraudulent") -> JsonObject:
    """Open a dispute of the whole charge."""
    account = store.account_of(charge["id"])
    card = charge["payment_method_details"]["card"]
    dispute: JsonObject = {
        "id": new_id("du"),
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": store.now(),
        "currency": "jpy",
        "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys(EVIDENCE_FIELDS) | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": store.now() + EVIDENCE_DAYS * 86400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "type": "card",
            "card": {
                "brand": card["brand"],
                "case_type": "chargeback",
                "network": card["network"],
                "network_reason_code": "10.4",
            },
        },
        "reason": reason,
        "status": "needs_response",
    }
    withdrawn = balance.record(store, account, "dispute", -charge["amount"], dispute["id"])
    dispute["balance_transactions"] = [withdrawn]
    store.add(account, dispute)
    store.save(charge | {"disputed": True}, dispute=dispute["id"])
    events.emit(store, account, "charge.dispute.created", dispute)
    events.emit(store, account, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def close(store: Store, dispute: JsonObject, *, won: bool) -> JsonObject:
    """Close an open dispute: won, the money comes back; lost, it is gone."""
    account = store.account_of(dispute["id"])
    dispute |= {"status": "won" if won else "lost"}
    if won:
        returned = balance.record(store, account, "dispute_reversal", dispute["amount"], dispute["id"])
        dispute["balance_transactions"].append(returned)
    store.save(dispute)
    events.emit(store, account, "charge.dispute.closed", dispute)
    if won:
        events.emit(store, account, "charge.dispute.funds_reinstated", dispute)
    return dispute


def accept(store: Store, account: str, dispute_id: str) -> JsonObject:
    """Close a dispute by the API, which is to accept that it is lost."""
    dispute = retrieve(store, account, "dispute", dispute_id)
    if dispute["status"] not in OPEN:
        raise ApiError("This dispute is already closed.", code="dispute_already_closed")
    return close(store, dispute, won=False)


def forbids_refund(store: Store, charge: JsonObject) -> bool:
    """Whether a charge cannot be refunded because its money is contested or was lost."""
    dispute_id = store.private_data(charge["id"]).get("dispute")
    return dispute_id is not None and store.get(dispute_id)["status"] != "won"
