"""Charges of cards and at convenience stores, declined ones included."""

from madoguchi_sandbox import balance
from madoguchi_sandbox.cards import Card
from madoguchi_sandbox.store import JsonObject, Store, new_id

FAILURE_CODES = {"card": "card_declined", "paypay": "payment_method_provider_decline"}
"""Stripe's error code of a charge that failed, by method of payment."""


def create(
    store: Store,
    account: str,
    intent: JsonObject,
    details: JsonObject,
    *,
    failure: str = "",
    message: str = "",
    refund: str = "succeeded",
) -> JsonObject:
    """Charge the intent's amount; `failure` is a decline code, `refund` the outcome of later refunds of this charge."""
    paid = not failure
    note = store.private_data(intent["id"])
    charge: JsonObject = {
        "id": new_id("ch" if details["type"] == "card" else "py"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if paid else 0,
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": {
            "address": None,
            "email": note["email"] or None,
            "name": None,
            "phone": None,
            "tax_id": None,
        },
        "captured": paid,
        "created": store.now(),
        "currency": "jpy",
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": FAILURE_CODES[details["type"]] if failure else None,
        "failure_message": message or None,
        "livemode": False,
        "metadata": intent["metadata"],
        "outcome": _outcome(failure),
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"] or new_id("pm"),
        "payment_method_details": details,
        "receipt_email": intent["receipt_email"],
        "receipt_url": None,
        "refunded": False,
        "status": "succeeded" if paid else "failed",
    }
    store.add(account, charge, refund=refund)
    if paid:
        transaction = balance.record(
            store, account, "charge" if details["type"] == "card" else "payment", charge["amount"], charge["id"]
        )
        charge["balance_transaction"] = transaction["id"]
        store.save(charge)
    return charge


def _outcome(failure: str) -> JsonObject:
    if failure:
        return {
            "network_status": "declined_by_network", "reason": failure, "risk_level": "normal",
            "seller_message": "The bank returned a decline.", "type": "issuer_declined",
        }  # fmt: skip
    return {
        "network_status": "approved_by_network", "reason": None, "risk_level": "normal",
        "seller_message": "Payment complete.", "type": "authorized",
    }  # fmt: skip


def card_details(card: Card | None) -> JsonObject:
    """`payment_method_details` of a card, of which only the last digits are kept."""
    brand, last4 = (card.brand, card.last4) if card else ("unknown", "0000")
    return {
        "type": "card",
        "card": {"brand": brand, "country": "JP", "funding": "credit", "last4": last4, "network": brand},
    }


def paypay_details() -> JsonObject:
    """`payment_method_details` of a payment by PayPay."""
    return {"type": "paypay", "paypay": {}}


def konbini_details(chain: str) -> JsonObject:
    """`payment_method_details` of a payment at a convenience store."""
    return {"type": "konbini", "konbini": {"store": {"chain": chain}}}
