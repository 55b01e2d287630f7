"""What happens to a till. What it takes and pays back is in the history of the case that the money is for."""

from portal.core.events import EventKind, Subject, declare

EVENTS = declare(
    ("till",),
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
        "till.banked": EventKind("収納金を払い込みました", keys=("banking_id", "amount", "shifts")),
    },
)


def of_till(till_id: int) -> Subject:
    """A till as the subject of an event."""
    return Subject("till", till_id)
