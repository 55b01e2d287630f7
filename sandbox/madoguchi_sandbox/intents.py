"""Payment intents: the payment of a session, from the first card or voucher until it is paid or canceled."""

from madoguchi_sandbox import charges, customers, events
from madoguchi_sandbox.cards import DECLINE_MESSAGES
from madoguchi_sandbox.store import JsonObject, Store, new_id
from madoguchi_sandbox.wire import ApiError, retrieve

VOUCHER_EXPIRED = "payment_intent_payment_attempt_expired"
CANCELLABLE = ("requires_payment_method", "requires_confirmation", "requires_action", "processing")


def get_or_create(store: Store, session: JsonObject, email: str) -> JsonObject:
    """Return the session's intent, which is created when the payer first submits."""
    if session["payment_intent"]:
        return store.get(session["payment_intent"])
    account = store.account_of(session["id"])
    intent_data = store.private_data(session["id"])["intent"]
    intent: JsonObject = {
        "id": new_id("pi"),
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_received": 0,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": None,
        "confirmation_method": "automatic",
        "created": store.now(),
        "currency": "jpy",
        "customer": session["customer"],
        "description": intent_data.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": intent_data.get("metadata", {}),
        "next_action": None,
        "payment_method": None,
        "payment_method_options": {},
        "payment_method_types": session["payment_method_types"],
        "processing": None,
        "receipt_email": email or None,
        "status": "requires_payment_method",
    }
    store.add(account, intent, session=session["id"], email=email)
    session["payment_intent"] = intent["id"]
    store.save(session)
    events.emit(store, account, "payment_intent.created", intent)
    return intent


def decline(store: Store, intent: JsonObject, details: JsonObject, code: str) -> JsonObject:
    """Decline the card or the wallet for a reason of `DECLINE_MESSAGES`; the session stays open for another attempt."""
    account = store.account_of(intent["id"])
    charge = charges.create(store, account, intent, details, failure=code, message=DECLINE_MESSAGES[code])
    decline_code = code if details["type"] == "card" else None
    intent |= {
        "status": "requires_payment_method",
        "latest_charge": charge["id"],
        "last_payment_error": {
            "charge": charge["id"], "code": charge["failure_code"], "decline_code": decline_code, "message": DECLINE_MESSAGES[code],
            "type": "card_error",
        },
    }  # fmt: skip
    store.save(intent)
    events.emit(store, account, "charge.failed", charge)
    events.emit(store, account, "payment_intent.payment_failed", intent)
    return intent


def succeed(store: Store, intent: JsonObject, details: JsonObject, *, refund: str = "succeeded") -> JsonObject:
    """Charge the payer and complete the intent."""
    account = store.account_of(intent["id"])
    charge = charges.create(store, account, intent, details, refund=refund)
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": charge["id"],
        "last_payment_error": None,
        "next_action": None,
        "payment_method": new_id("pm"),
    }
    store.save(intent)
    events.emit(store, account, "charge.succeeded", charge)
    events.emit(store, account, "payment_intent.succeeded", intent)
    return intent


def require_action(store: Store, intent: JsonObject, next_action: JsonObject) -> JsonObject:
    """Wait for the payer, who has been issued a voucher or an account to transfer to."""
    intent |= {
        "status": "requires_action",
        "next_action": next_action,
        "last_payment_error": None,
        "payment_method": new_id("pm"),
    }
    store.save(intent)
    events.emit(store, store.account_of(intent["id"]), "payment_intent.requires_action", intent)
    return intent


def expire_voucher(store: Store, intent: JsonObject) -> JsonObject:
    """Expire the voucher, unpaid."""
    intent |= {
        "status": "requires_payment_method",
        "next_action": None,
        "last_payment_error": {
            "code": VOUCHER_EXPIRED, "message": "コンビニでの支払い期限が過ぎました。", "type": "invalid_request_error",
        },
    }  # fmt: skip
    store.save(intent)
    events.emit(store, store.account_of(intent["id"]), "payment_intent.payment_failed", intent)
    return intent


def cancel(store: Store, intent: JsonObject, reason: str | None) -> JsonObject:
    """Cancel an intent that has not been paid; its voucher becomes invalid."""
    if intent["status"] not in CANCELLABLE:
        raise ApiError(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state",
        )
    instructions = (intent["next_action"] or {}).get("display_bank_transfer_instructions")
    intent |= {"status": "canceled", "canceled_at": store.now(), "cancellation_reason": reason, "next_action": None}
    store.save(intent)
    if instructions and (applied := intent["amount"] - instructions["amount_remaining"]):
        customers.move(store, intent["customer"], "unapplied_from_payment", applied, payment_intent=intent["id"])
    events.emit(store, store.account_of(intent["id"]), "payment_intent.canceled", intent)
    return intent


def cancel_by_id(store: Store, account: str, intent_id: str, reason: str | None) -> JsonObject:
    """Cancel an intent by the API, which is an error while the session is open."""
    intent = retrieve(store, account, "payment_intent", intent_id)
    session = store.get(store.private_data(intent_id)["session"])
    if session["status"] == "open":
        raise ApiError(
            "You cannot cancel this PaymentIntent because it belongs to an open Checkout Session; expire the session instead.",
            code="payment_intent_unexpected_state",
        )
    return cancel(store, intent, reason)
