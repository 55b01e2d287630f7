"""What happens to a till, and to statements of card companies. What a till takes and pays back is in the history of the case that the money is for."""

from portal.core.events import EventKind, Subject, declare

EVENTS = declare(
    ("till", "card_statement"),
    {
        "till.added": EventKind("レジを置きました", keys=("department_id",)),
        "till.changed": EventKind("レジの設定を変えました", keys=("department_id", "in_use", "confirmed_above")),
        "till.opened": EventKind("レジを開けました", keys=("shift_id", "amount")),
        "till.counted": EventKind("レジの現金を数えました", keys=("shift_id", "amount", "expected")),
        "till.recounted": EventKind("レジの現金を数え直すことにしました", keys=("shift_id",)),
        "till.closed": EventKind("レジを締めました", keys=("shift_id", "amount", "difference")),
        "till.cards_settled": EventKind(
            "カード会社の入金を記録しました", keys=("settlement_id", "amount", "difference")
        ),
        "till.card_statement_taken": EventKind(
            "カード会社の明細を取り込みました", keys=("lines", "settlements", "difference")
        ),
        "till.card_difference_explained": EventKind(
            "カード会社の明細とのちがいの理由を書きました", keys=("line_id", "amount")
        ),
        "till.card_difference_assigned": EventKind(
            "カード会社の明細とのちがいを、レジの記録に当てました", keys=("line_id", "entry_id", "amount")
        ),
        "till.banked": EventKind("収納金を払い込みました", keys=("banking_id", "amount", "shifts")),
    },
)


def of_till(till_id: int) -> Subject:
    """A till as the subject of an event."""
    return Subject("till", till_id)


def of_statement(statement_id: int) -> Subject:
    """A card company's file as the subject of an event."""
    return Subject("card_statement", statement_id)
