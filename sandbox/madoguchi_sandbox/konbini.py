"""Payment at a convenience store: the voucher with its numbers, paid at the counter later or never."""

import secrets
from datetime import UTC, datetime, timedelta, timezone

from madoguchi_sandbox import charges, intents, sessions
from madoguchi_sandbox.store import Object, Store

CHAINS = {
    "familymart": "ファミリーマート",
    "lawson": "ローソン",
    "ministop": "ミニストップ",
    "seicomart": "セイコーマート",
}
JST = timezone(timedelta(hours=9))


def issue(store: Store, session: Object, email: str, base_url: str) -> Object:
    """Issue the voucher and complete the session, unpaid. It lapses at 23:59:59 Japan time after the days allowed."""
    intent = intents.for_session(store, session, email)
    days = session["payment_method_options"]["konbini"]["expires_after_days"]
    last_day = datetime.fromtimestamp(store.now(), UTC).astimezone(JST) + timedelta(days=days)
    codes = {chain: {"confirmation_number": _digits(11), "payment_code": _digits(6)} for chain in CHAINS}
    intent = intents.await_payer(
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


def pay(store: Store, intent: Object, chain: str) -> None:
    """Somebody paid the voucher at the counter of `chain`."""
    intents.succeed(store, intent, charges.konbini_details(chain))
    sessions.settle(store, store.get(store.note(intent["id"])["session"]), paid=True)


def lapse(store: Store, intent: Object) -> None:
    """Nobody paid in time."""
    intents.lapse(store, intent)
    sessions.settle(store, store.get(store.note(intent["id"])["session"]), paid=False)
