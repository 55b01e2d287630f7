"""Texts of a payment's codes on pages: methods, stores, and why an attempt failed."""

from collections.abc import Sequence
from datetime import datetime

from portal.core.text import _, date_ja

METHODS = {
    "card": "クレジットカード",
    "konbini": "コンビニ",
    "paypay": "PayPay",
    "bank_transfer": "銀行振込",
    "cash": "窓口(現金)",
    "card_reader": "窓口(カード)",
    "slip": "納付書",
}
STORES = {
    "familymart": "ファミリーマート",
    "lawson": "ローソン",
    "ministop": "ミニストップ",
    "seicomart": "セイコーマート",
}

_FAILURES = {
    "insufficient_funds": "カードの残高が足りませんでした。別のカードか、ほかの方法で支払ってください。",
    "expired_card": "カードの有効期限が切れていました。別のカードか、ほかの方法で支払ってください。",
    "payment_intent_payment_attempt_expired": (
        "コンビニの支払い番号の期限が過ぎ、その番号では支払えなくなりました。"
        "支払い方法を選び直してください。コンビニを選ぶと、新しい番号が出ます。"
    ),
    "transfer_ended": "振込の期限が過ぎたか、取りやめになりました。もう一度、支払い方法を選んでください。",
}
_UNKNOWN_FAILURE = "カードでの支払いができませんでした。別のカードか、ほかの方法で支払ってください。"
_EXPIRED = "支払いが終わりませんでした。もう一度、支払い方法を選んでください。"


def failure_text(code: str | None) -> str:
    """Return why an attempt failed and what to do now, for the provider's error code (None: it expired)."""
    return _(_FAILURES.get(code, _UNKNOWN_FAILURE) if code else _EXPIRED)


def method_name(method: str | None) -> str:
    """Return what people call a payment method."""
    return _(METHODS.get(method or "", "オンライン"))


def method_choices(
    methods: Sequence[str], konbini_days: int, last_day: datetime
) -> list[tuple[str, str, dict[str, str]]]:
    """Return (method, label, attributes with a note) for the methods to choose from; `last_day` is when a voucher issued now would expire."""
    notes = {
        "card": _("Visa・Mastercard・JCB。すぐに受付が終わります"),
        "konbini": _("{day}までに支払い。番号は次の画面に出ます", day=date_ja(last_day)) if konbini_days else "",
        "paypay": _("アプリが開きます。すぐに受付が終わります"),
        "bank_transfer": _("この支払いのための口座に振り込みます。届いた日に受付が終わります"),
    }
    return [(method, method_name(method), {"note": notes.get(method, "")}) for method in methods]
