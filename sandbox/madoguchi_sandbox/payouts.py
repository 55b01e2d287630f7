"""Payouts to the account's bank: each holds the balance transactions that were available when it was made."""

from madoguchi_sandbox import balance, events
from madoguchi_sandbox.store import JsonObject, Store, new_id
from madoguchi_sandbox.wire import ApiError, retrieve

ARRIVES_AFTER_DAYS = 1


def balance_of(store: Store, account: str) -> JsonObject:
    """Return the account's balance: what can be paid out, and what comes available later."""
    return {
        "object": "balance",
        "available": [_sum(store, account, "available")],
        "livemode": False,
        "pending": [_sum(store, account, "pending")],
    }


def _sum(store: Store, account: str, status: str) -> JsonObject:
    total = store.execute(
        "SELECT coalesce(sum(json_extract(body, '$.net')), 0) AS total FROM object"
        " WHERE kind = 'balance_transaction' AND json_extract(body, '$.status') = ? AND account = ?",
        status,
        account,
    )[0]["total"]
    return {"amount": total, "currency": "jpy", "source_types": {"card": total}}


def create(store: Store, account: str) -> JsonObject:
    """Pay out everything that is available. Raises ApiError when that is nothing."""
    held = _not_yet_held(store, account)
    amount = sum(transaction["net"] for transaction in held)
    if amount <= 0:
        raise ApiError(
            "You have insufficient funds in your Stripe account for this transfer.", code="balance_insufficient"
        )
    now = store.now()
    payout: JsonObject = {
        "id": new_id("po"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": now + ARRIVES_AFTER_DAYS * 86400,
        "automatic": True,
        "balance_transaction": None,
        "created": now,
        "currency": "jpy",
        "description": "STRIPE PAYOUT",
        "destination": new_id("ba"),
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "reconciliation_status": "completed",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "in_transit",
        "type": "bank_account",
    }
    own = balance.record(store, account, "payout", -amount, payout["id"], available_at=now)
    payout["balance_transaction"] = own["id"]
    store.add(account, payout)
    for transaction in (*held, own):
        store.save(transaction, payout=payout["id"])
    events.emit(store, account, "payout.created", payout)
    return payout


def _not_yet_held(store: Store, account: str) -> list[JsonObject]:
    """Return the available transactions that no payout holds; what a failed payout gave back is among them."""
    return [
        transaction
        for transaction in store.list_objects("balance_transaction", account)
        if transaction["status"] == "available" and "payout" not in store.private_data(transaction["id"])
    ]


def transactions_of(store: Store, account: str, payout_id: str) -> list[JsonObject]:
    """Return the transactions that a payout holds, newest first, its own among them. Raises the 404 for an unknown payout."""
    retrieve(store, account, "payout", payout_id)
    return store.with_private("balance_transaction", account, "payout", payout_id)


def arrive(store: Store, payout: JsonObject) -> JsonObject:
    """Record that the payout reached the bank."""
    payout |= {"status": "paid"}
    store.save(payout)
    events.emit(store, store.account_of(payout["id"]), "payout.paid", payout)
    return payout


def fail(store: Store, payout: JsonObject) -> JsonObject:
    """Record that the bank sent the payout back: its sum is available again, and goes out with the next one."""
    account = store.account_of(payout["id"])
    returned = balance.record(
        store, account, "payout_failure", payout["amount"], payout["id"], available_at=store.now()
    )
    payout |= {
        "status": "failed",
        "failure_balance_transaction": returned["id"],
        "failure_code": "account_closed",
        "failure_message": "The bank account has been closed.",
    }
    store.save(payout)
    events.emit(store, account, "payout.failed", payout)
    return payout
