"""Balance transactions: every movement of the account's balance, with Stripe's fee."""

from madoguchi_sandbox.store import JsonObject, Store, new_id

CARD_RATE_PERMILLE = 36  # 3.6 %, the published rate for cards and konbini in Japan
KONBINI_MINIMUM_FEE = 120  # yen
AVAILABLE_AFTER_DAYS = 4
REPORTING_CATEGORIES = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_failure",
}


def record(store: Store, account: str, kind: str, amount: int, source: str) -> JsonObject:
    """Add a balance transaction; `amount` in yen, negative when money leaves."""
    fee = fee_for(kind, amount)
    now = store.now()
    transaction: JsonObject = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now + AVAILABLE_AFTER_DAYS * 86400,
        "balance_type": "payments",
        "created": now,
        "currency": "jpy",
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [
            {
                "amount": fee,
                "application": None,
                "currency": "jpy",
                "description": "Stripe processing fees",
                "type": "stripe_fee",
            }
        ]
        if fee
        else [],
        "net": amount - fee,
        "reporting_category": REPORTING_CATEGORIES[kind],
        "source": source,
        "status": "pending",
        "type": kind,
    }
    return store.add(account, transaction)


def fee_for(kind: str, amount: int) -> int:
    """Return the fee in yen that Stripe keeps for a transaction of this kind."""
    if kind == "charge":
        return amount * CARD_RATE_PERMILLE // 1000
    if kind == "payment":
        return max(KONBINI_MINIMUM_FEE, amount * CARD_RATE_PERMILLE // 1000)
    return 0
