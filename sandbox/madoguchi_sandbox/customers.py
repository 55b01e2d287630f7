"""Customers, to whom a bank transfer is credited. Their cash balance holds what was transferred beyond the amount due."""

from madoguchi_sandbox.store import JsonObject, Store, new_id
from madoguchi_sandbox.wire import Params, reject_unknown_params, retrieve


def create(store: Store, account: str, params: Params) -> JsonObject:
    """Create a customer."""
    reject_unknown_params(params, ("name", "email", "description", "metadata", "preferred_locales"))
    customer: JsonObject = {
        "id": new_id("cus"),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": store.now(),
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": params.get("description"),
        "email": params.get("email"),
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "name": params.get("name"),
        "phone": None,
        "preferred_locales": params.get("preferred_locales", []),
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }
    return store.add(account, customer, cash=0)


def cash_balance(store: Store, account: str, customer_id: str) -> JsonObject:
    """Return what a customer transferred and was not yet used for a payment."""
    retrieve(store, account, "customer", customer_id)
    cash = store.private_data(customer_id)["cash"]
    return {
        "object": "cash_balance",
        "available": {"jpy": cash} if cash else None,
        "customer": customer_id,
        "livemode": False,
        "settings": {"reconciliation_mode": "automatic", "using_merchant_default": True},
    }


def keep_cash(store: Store, customer_id: str, amount: int) -> None:
    """Add yen to the cash balance of a customer."""
    cash = store.private_data(customer_id)["cash"] + amount
    store.save(store.get(customer_id), cash=cash)
