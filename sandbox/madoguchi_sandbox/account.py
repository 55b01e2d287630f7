"""The account behind a key: which methods of payment it has, as the operator switched them."""

from madoguchi_sandbox.store import JsonObject, Store

METHODS = {"card": "カード", "konbini": "コンビニ", "paypay": "PayPay", "customer_balance": "銀行振込"}
"""Every method that the sandbox knows, in the order of the Checkout page."""
CAPABILITIES = {
    "card": "card_payments",
    "konbini": "konbini_payments",
    "paypay": "paypay_payments",
    "customer_balance": "jp_bank_transfer_payments",
}


def methods(store: Store) -> list[str]:
    """Return the methods that accounts have; all of them until the operator says otherwise."""
    return [name for name in METHODS if store.setting(f"without_{name}") == ""]


def describe(store: Store, account: str) -> JsonObject:
    """Return the account as the API shows it to its own key."""
    enabled = methods(store)
    return {
        "id": account,
        "object": "account",
        "business_type": "government_entity",
        "capabilities": {
            capability: "active" if name in enabled else "inactive" for name, capability in CAPABILITIES.items()
        },
        "charges_enabled": True,
        "country": "JP",
        "default_currency": "jpy",
        "details_submitted": True,
        "email": None,
        "metadata": {},
        "payouts_enabled": True,
        "type": "standard",
    }


def merchant_names(store: Store) -> dict[str, str]:
    """Return the name that each account last showed to payers, by account."""
    rows = store.execute(
        "SELECT account, json_extract(body, '$.branding_settings.display_name') AS name, max(position) FROM object"
        " WHERE kind = 'checkout.session' GROUP BY account ORDER BY account"
    )
    return {row["account"]: row["name"] for row in rows}
