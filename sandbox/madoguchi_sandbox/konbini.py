"""Payment at a convenience store: a voucher with its numbers, paid at the counter later or never."""

import secrets
from datetime import UTC, datetime, timedelta, timezone

from madoguchi_sandbox import charges, intents, sessions
from madoguchi_sandbox.store import JsonObject, Store

CHAINS = {
    "familymart": "ファミリーマート",
    "lawson": "ローソン",
    "ministop": "ミニストップ",
    "seicomart": "セイコーマート",
}
JST = timezone(timedelta(hours=9))


def issue_voucher(store: Store, session: JsonObject, email: str, base_url: str) -> JsonObject:
    """Issue the voucher and complete the session, unpaid. It expires at 23:59:59 Japan time after the days allowed."""
    intent = intents.get_or_create(store, session, email)
    days = session["payment_method_options"]["konbini"]["expires_after_days"]
    last_day = datetime.fromtimestamp(store.now(), UTC).astimezone(JST) + timedelta(days=days)
    codes = {chain: {"confirmation_number": _digits(11), "payment_code": _digits(6)} for chain in CHAINS}
    intent = intents.require_action(
        store,
        intent,
        {
            "type": "konbini_display_details",
            "konbini_display_details": {
                "expires_at": int(last_day.replace(hour=23, minute=59, second=59, microsecond=0).timestamp()),
                "hosted_voucher_url": f"{base_url.rstrip('/')}/c/voucher/{intent['id']}",
                "stores": codes,
            },
        },
    )
    sessions.complete(store, session, paid=False)
    return intent


def _digits(count: int) -> str:
    return "".join(str(secrets.randbelow(10)) for _ in range(count))


def pay_voucher(store: Store, intent: JsonObject, chain: str) -> None:
    """Pay the voucher at the counter of `chain`; a store that reports late does so for an expired one too."""
    intents.succeed(store, intent, charges.konbini_details(chain))
    sessions.complete_async_payment(store, store.get(store.private_data(intent["id"])["session"]), paid=True)


def is_awaited(intent: JsonObject) -> bool:
    """Whether the intent has a voucher that can still be paid."""
    return intent["status"] == "requires_action" and "konbini_display_details" in (intent["next_action"] or {})


def is_expired(intent: JsonObject) -> bool:
    """Whether the intent had a voucher that nobody paid in time."""
    error = intent["last_payment_error"] or {}
    return intent["status"] == "requires_payment_method" and error.get("code") == intents.VOUCHER_EXPIRED


def expire_voucher(store: Store, intent: JsonObject) -> None:
    """Expire the voucher, unpaid."""
    intents.expire_voucher(store, intent)
    sessions.complete_async_payment(store, store.get(store.private_data(intent["id"])["session"]), paid=False)
