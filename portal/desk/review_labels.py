"""Money under review in a cashier's words: why somebody must look, and what each decision does."""

from dataclasses import dataclass

from portal.core.text import _, yen
from portal.payments import Review

REASONS = {
    "amount": "受け取った金額が、お願いした金額とちがいます",
    "currency": "円ではない通貨で支払われました",
    "reference": "決済会社の記録と市の記録で、支払いの番号がちがいます",
    "canceled": "請求を取り消したあとに、支払われました",
    "dispute": "カードの持ち主から、この支払いに異議(チャージバック)が出ています",
}
NOTES = {
    "refund": "返金の理由",
    "rejection": "返金を承認しない理由",
    "review": "確認のときのメモ",
    "reversal": "窓口の入金を取り消した理由",
}
RECORD = {
    "prepared": "準備中",
    "open": "支払いの画面が開いています",
    "pending": "入金待ち",
    "expired": "期限切れ",
    "failed": "支払えませんでした",
    "paid": "入金済み",
}


@dataclass(frozen=True)
class Way:
    """One decision as a button: what it is called, what it does, and whether a reason must be written."""

    decision: str
    title: str
    effect: str
    danger: bool
    needs_note: bool


def reason_label(reason: str) -> str:
    """Why somebody must look at a payment."""
    return _(REASONS.get(reason, "支払いの内容を確かめてください"))


def ways(review: Review, *, four_eyes: bool, closed: bool) -> list[Way]:
    """The decisions that are open, in the order in which they are usual. `closed`: the case is over."""
    return [
        _way(review, decision, four_eyes=four_eyes, closed=closed)
        for decision in review.decisions
        if not (closed and decision == "difference")
    ]


def _way(review: Review, decision: str, *, four_eyes: bool, closed: bool) -> Way:
    received = yen(review.received or 0)
    asks_again = (
        _("案件は終わっているので、請求は取り消します。")
        if closed
        else _("申請した人には、もう一度{amount}の支払いをお願いします。", amount=yen(review.order.amount))
    )
    after = {
        "canceled": _("請求は、取り消したままです。"),
        "dispute": _("支払い済みとして扱います。"),
    }.get(review.reason, asks_again)
    match decision:
        case "accepted" if review.reason == "dispute":
            title, effect = _("支払い済みにもどす"), _("異議は解決したものとして、支払い済みにもどします。")
        case "accepted":
            title = _("受け取ったままにする")
            effect = _(
                "受け取った{amount}を、この料金の支払いとします。支払いを待っていた案件は、次に進みます。",
                amount=received,
            )
        case "difference":
            title = _("不足分の支払いをお願いする")
            effect = _(
                "受け取った{amount}はそのままにして、足りない{rest}の支払いをお願いします。支払われると、案件は次に進みます。",
                amount=received,
                rest=yen(review.missing),
            )
        case "given_back":
            title = _("返金する")
            second = _("別の人が承認すると、お金が返ります。") if four_eyes else ""
            effect = _("受け取った{amount}を、全額お返しします。", amount=received) + second + after
        case _:
            title = _("解決済みにする")
            effect = _("銀行振込で返したなど、ほかの方法で解決したときに選びます。") + after
    return Way(decision, title, effect, danger=decision == "given_back", needs_note=decision == "resolved")
