"""Balance transactions: every movement of the account's balance, with Stripe's fee."""

from madoguchi_sandbox.store import JsonObject, Store, new_id

CARD_RATE_PERMILLE = 36  # 3.6 %, the published rate for cards and konbini in Japan
KONBINI_MINIMUM_FEE = 120  # yen
DISPUTE_FEE = 1500  # yen, kept also when the dispute is won; what a real account pays is in its contract
AVAILABLE_AFTER_DAYS = 4
REPORTING_CATEGORIES = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_failure",
    "dispute": "dispute",
    "dispute_reversal": "dispute_reversal",
    "payout": "payout",
    "payout_failure": "payout_reversal",
}
WIRE_TYPES = {"dispute": "adjustment", "dispute_reversal": "adjustment"}
"""The `type` on the wire of kinds that Stripe tells apart by their `reporting_category` only."""


def record(
    store: Store, account: str, kind: str, amount: int, source: str, *, available_at: int | None = None
) -> JsonObject:
    """Add a balance transaction; `amount` in yen, negative when money leaves. It counts for payouts from `available_at`, or some days on."""
    fee = fee_for(kind, amount)
    now = store.now()
    available_on = now + AVAILABLE_AFTER_DAYS * 86400 if available_at is None else available_at
    transaction: JsonObject = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": available_on,
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
        "status": "available" if available_on <= now else "pending",
        "type": WIRE_TYPES.get(kind, kind),
    }
    return store.add(account, transaction)


def fee_for(kind: str, amount: int) -> int:
    """Return the fee in yen that Stripe keeps for a transaction of this kind."""
    if kind == "charge":
        return amount * CARD_RATE_PERMILLE // 1000
    if kind == "payment":
        return max(KONBINI_MINIMUM_FEE, amount * CARD_RATE_PERMILLE // 1000)
    return DISPUTE_FEE if kind == "dispute" else 0


def release_due(store: Store) -> None:
    """Make available what has waited long enough."""
    store.execute(
        "UPDATE object SET body = json_set(body, '$.status', 'available') WHERE kind = 'balance_transaction'"
        " AND json_extract(body, '$.status') = 'pending' AND json_extract(body, '$.available_on') <= ?",
        store.now(),
    )
