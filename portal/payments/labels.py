"""What a payment's codes are called on pages: methods, stores, and why a try did not work."""

from collections.abc import Sequence
from datetime import datetime

from portal.core.text import _, date_ja

METHODS = {"card": "クレジットカード", "konbini": "コンビニ", "paypay": "PayPay"}
STORES = {
    "familymart": "ファミリーマート",
    "lawson": "ローソン",
    "ministop": "ミニストップ",
    "seicomart": "セイコーマート",
}

_FAILURES = {
    "insufficient_funds": "カードの残高が足りませんでした。別のカードか、ほかの方法で支払ってください。",
    "expired_card": "カードの有効期限が切れていました。別のカードか、ほかの方法で支払ってください。",
    "payment_intent_payment_attempt_expired": "コンビニでの支払い期限が過ぎました。もう一度、支払い方法を選んでください。",
}
_OTHER_FAILURE = "カードでの支払いができませんでした。別のカードか、ほかの方法で支払ってください。"
_LAPSED = "支払いが終わりませんでした。もう一度、支払い方法を選んでください。"


def failure_text(code: str | None) -> str:
    """Why a try did not work, and what to do, for the provider's code."""
    return _(_FAILURES.get(code, _OTHER_FAILURE) if code else _LAPSED)


def method_name(method: str | None) -> str:
    """A method as people call it."""
    return _(METHODS.get(method or "", "オンライン"))


def method_choices(methods: Sequence[str], konbini_days: int, last_day: datetime) -> list[tuple[str, str, str]]:
    """(method, label, note) for the cards to choose from; `last_day` is when a voucher issued now would end."""
    notes = {
        "card": _("Visa・Mastercard・JCB。すぐに受付が終わります"),
        "konbini": _("{day}までに支払い。番号は次の画面に出ます", day=date_ja(last_day)) if konbini_days else "",
        "paypay": _("アプリが開きます。すぐに受付が終わります"),
    }
    return [(method, method_name(method), notes.get(method, "")) for method in methods]
