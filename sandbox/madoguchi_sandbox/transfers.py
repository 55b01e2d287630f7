"""Bank transfer to a virtual account: paid in full, in parts, too much or too late, whenever the payer goes to the bank.

What arrives is funds of the customer; as with Stripe's automatic reconciliation it is used at once for the payment that awaits it.
"""

import secrets

from madoguchi_sandbox import customers, events, intents, sessions
from madoguchi_sandbox.store import JsonObject, Store


def await_transfer(store: Store, session: JsonObject, email: str, base_url: str) -> JsonObject:
    """Give the payer an account to transfer to, and complete the session, unpaid; what the customer has already is used."""
    intent = intents.get_or_create(store, session, email)
    customers.remember_email(store, intent["customer"], email)
    instructions = {
        "type": "display_bank_transfer_instructions",
        "display_bank_transfer_instructions": {
            "amount_remaining": intent["amount"],
            "currency": "jpy",
            "financial_addresses": [_virtual_account(store, session)],
            "hosted_instructions_url": f"{base_url.rstrip('/')}/c/transfer/{intent['id']}",
            "reference": secrets.token_hex(4).upper(),
            "type": "jp_bank_transfer",
        },
    }
    intent = intents.require_action(store, intent, instructions)
    sessions.complete(store, session, paid=False)
    _use_funds(store, intent["customer"])
    return store.get(intent["id"])


def _virtual_account(store: Store, session: JsonObject) -> JsonObject:
    """Return the customer's account, the same one every time."""
    customer = store.get(session["customer"])
    known: JsonObject | None = store.private_data(customer["id"]).get("account")
    if known is not None:
        return known
    address = {"city": None, "country": "JP", "line1": None, "line2": None, "postal_code": None, "state": None}
    account: JsonObject = {
        "supported_networks": ["zengin"],
        "type": "zengin",
        "zengin": {
            "account_holder_address": address,
            "account_holder_name": session["branding_settings"]["display_name"],
            "account_number": f"{secrets.randbelow(10**7):07d}",
            "account_type": "futsu",
            "bank_address": address,
            "bank_code": "0000",
            "bank_name": "テスト銀行",
            "branch_code": "000",
            "branch_name": "テスト支店",
        },
    }
    store.save(customer, account=account)
    return account


def is_awaited(intent: JsonObject) -> bool:
    """Whether the intent waits for a bank transfer."""
    action = intent["next_action"] or {}
    return intent["status"] == "requires_action" and "display_bank_transfer_instructions" in action


def has_account(store: Store, intent: JsonObject) -> bool:
    """Whether its payer was given an account, to which they may transfer at any time, also when the payment is over."""
    return bool(intent["customer"]) and "account" in store.private_data(intent["customer"])


def receive(store: Store, intent: JsonObject, amount: int) -> JsonObject:
    """Take in a transfer to the payer's account: what is missing then stays due, what is too much or too late is kept for them."""
    customers.fund(store, intent["customer"], amount)
    _use_funds(store, intent["customer"])
    return store.get(intent["id"])


def _use_funds(store: Store, customer_id: str) -> None:
    """Use what the customer has for the payment that awaits exactly that, else for the oldest ones."""
    account = store.account_of(customer_id)
    waiting = [each for each in store.list_objects("payment_intent", account, customer=customer_id) if is_awaited(each)]
    funds = customers.funds_of(store, customer_id)
    waiting.sort(key=lambda each: (_missing(each) != funds, each["created"]))
    for intent in waiting:
        part = min(customers.funds_of(store, customer_id), _missing(intent))
        if part:
            customers.move(store, customer_id, "applied_to_payment", -part, payment_intent=intent["id"])
            _apply(store, intent, part)
    if customers.funds_of(store, customer_id):
        balance = customers.cash_balance(store, account, customer_id)
        events.emit(store, account, "cash_balance.funds_available", balance)


def _missing(intent: JsonObject) -> int:
    missing: int = intent["next_action"]["display_bank_transfer_instructions"]["amount_remaining"]
    return missing


def _apply(store: Store, intent: JsonObject, part: int) -> None:
    instructions = intent["next_action"]["display_bank_transfer_instructions"]
    instructions["amount_remaining"] -= part
    store.save(intent)
    if instructions["amount_remaining"]:
        events.emit(store, store.account_of(intent["id"]), "payment_intent.partially_funded", intent)
        return
    intents.succeed(store, intent, {"type": "customer_balance", "customer_balance": {}})
    session = store.get(store.private_data(intent["id"])["session"])
    sessions.complete_async_payment(store, session, paid=True)
