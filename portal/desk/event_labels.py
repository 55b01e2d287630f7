"""The history of a case in words for staff."""

from forms import Definition
from portal.cases import own_state_title
from portal.core.events import Event, event_kinds
from portal.core.text import _, yen

LETTERS = {
    "correction_request": "補正のお願い",
    "correction_received": "補正が届いたお知らせ",
    "payment_request": "お支払いのお願い",
    "case_accepted": "受け付けたことのお知らせ",
    "decision_approved": "結果(許可・完了)のお知らせ",
    "decision_refused": "結果(認められなかったこと)のお知らせ",
    "decision_changed": "前の決定を変えたことのお知らせ",
    "message_from_office": "市役所からのメッセージのお知らせ",
    "refund_started": "返金の手続きを始めたことのお知らせ",
}
"""The letters that a decision sends, by kind."""


def event_label(event: Event, definition: Definition | None = None) -> str:
    """One line of the history, with the amount where money is meant, and the state where it is one of the definition's own."""
    words = _(event_kinds()[event.name].office)
    if definition and (state := own_state_title(definition, event, "ja")):
        words = _("{event}：「{state}」", event=words, state=state)
    amount = event.data.get("amount")
    return f"{words} {yen(amount)}" if isinstance(amount, int) else words
