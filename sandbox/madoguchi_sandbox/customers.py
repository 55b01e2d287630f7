"""Customers, to whom a bank transfer is credited. Their cash balance holds what was transferred beyond the amount due."""

from typing import Any

from madoguchi_sandbox import events
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


def update(store: Store, account: str, customer_id: str, params: Params) -> JsonObject:
    """Change what is known about a customer; an empty value takes it away."""
    reject_unknown_params(params, ("name", "email", "phone", "address", "description", "metadata", "preferred_locales"))
    customer = retrieve(store, account, "customer", customer_id)
    customer |= {name: value or None for name, value in params.items() if name != "metadata"}
    customer["metadata"] |= params.get("metadata") or {}
    return store.save(customer)


def remember_email(store: Store, customer_id: str, email: str) -> None:
    """Keep the address that was typed on the Checkout page, if none is known yet."""
    customer = store.get(customer_id)
    if email and not customer["email"]:
        store.save(customer | {"email": email})


def funds_of(store: Store, customer_id: str) -> int:
    """Return the yen of the cash balance."""
    cash: int = store.private_data(customer_id)["cash"]
    return cash


def fund(store: Store, customer_id: str, amount: int) -> None:
    """Take in a bank transfer."""
    sender = {"sender_bank": "テスト銀行", "sender_branch": "本店", "sender_name": "フリコミニン"}
    transfer = {"type": "jp_bank_transfer", "jp_bank_transfer": sender, "reference": None}
    move(store, customer_id, "funded", amount, bank_transfer=transfer)


def move(store: Store, customer_id: str, kind: str, amount: int, **details: Any) -> JsonObject:
    """Change the cash balance; `details` stand below the kind, as Stripe has them."""
    funds = funds_of(store, customer_id) + amount
    store.save(store.get(customer_id), cash=funds)
    transaction: JsonObject = {
        "id": new_id("ccsbtxn"),
        "object": "customer_cash_balance_transaction",
        "created": store.now(),
        "currency": "jpy",
        "customer": customer_id,
        "ending_balance": funds,
        "livemode": False,
        "net_amount": amount,
        "type": kind,
    }
    if details:
        transaction[kind] = details
    account = store.account_of(customer_id)
    store.add(account, transaction)
    events.emit(store, account, "customer_cash_balance_transaction.created", transaction)
    return transaction


def movements(store: Store, account: str, customer_id: str) -> list[JsonObject]:
    """Return everything that moved the cash balance of a customer, newest first."""
    retrieve(store, account, "customer", customer_id)
    return store.list_objects("customer_cash_balance_transaction", account, customer=customer_id)
