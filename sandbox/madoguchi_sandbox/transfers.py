"""Bank transfer to a virtual account: paid in full, in part, or too much, whenever the payer goes to the bank."""

import secrets

from madoguchi_sandbox import customers, events, intents, sessions
from madoguchi_sandbox.store import JsonObject, Store


def await_transfer(store: Store, session: JsonObject, email: str, base_url: str) -> JsonObject:
    """Give the payer an account to transfer to, and complete the session, unpaid."""
    intent = intents.get_or_create(store, session, email)
    instructions = {
        "type": "display_bank_transfer_instructions",
        "display_bank_transfer_instructions": {
            "amount_remaining": intent["amount"],
            "currency": "jpy",
            "financial_addresses": [_virtual_account(session)],
            "hosted_instructions_url": f"{base_url.rstrip('/')}/c/transfer/{intent['id']}",
            "reference": secrets.token_hex(4).upper(),
            "type": "jp_bank_transfer",
        },
    }
    intent = intents.require_action(store, intent, instructions)
    sessions.complete(store, session, paid=False)
    return intent


def _virtual_account(session: JsonObject) -> JsonObject:
    address = {"city": None, "country": "JP", "line1": None, "line2": None, "postal_code": None, "state": None}
    return {
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


def is_awaited(intent: JsonObject) -> bool:
    """Whether the intent waits for a bank transfer."""
    action = intent["next_action"] or {}
    return intent["status"] == "requires_action" and "display_bank_transfer_instructions" in action


def receive(store: Store, intent: JsonObject, amount: int) -> JsonObject:
    """Take in a transfer: what is missing then stays due, what is too much is kept for the customer."""
    instructions = intent["next_action"]["display_bank_transfer_instructions"]
    remaining = instructions["amount_remaining"] - amount
    account = store.account_of(intent["id"])
    if remaining > 0:
        instructions["amount_remaining"] = remaining
        store.save(intent)
        events.emit(store, account, "payment_intent.partially_funded", intent)
        return intent
    if remaining < 0:
        customers.keep_cash(store, intent["customer"], -remaining)
        balance = customers.cash_balance(store, account, intent["customer"])
        events.emit(store, account, "cash_balance.funds_available", balance)
    intents.succeed(store, intent, {"type": "customer_balance", "customer_balance": {}})
    session = store.get(store.private_data(intent["id"])["session"])
    sessions.complete_async_payment(store, session, paid=True)
    return intent
