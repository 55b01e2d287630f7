"""What can happen to money that is paid out."""

from portal.core.events import EventKind, Subject, declare

EVENTS = declare(
    ("payout", "payout_batch"),
    {
        "payout.decided": EventKind("交付額を決めました", keys=("payout_id", "requested", "amount")),
        "payout.account_typed": EventKind("振込先の口座を入力しました", keys=("payout_id", "amount")),
        "payout.confirmed": EventKind("交付の決定を確認しました", keys=("payout_id", "amount")),
        "payout.returned": EventKind("交付の決定を確認しませんでした", keys=("payout_id",)),
        "payout.approved": EventKind("交付が決まりました", "交付が決まりました", keys=("payout_id", "amount")),
        "payout.exported": EventKind("振込のファイルに入れました", keys=("payout_id", "batch_id", "amount")),
        "payout.paid": EventKind("振り込みました", "振り込みました", keys=("payout_id", "batch_id", "amount")),
        "payout.failed": EventKind("振込ができませんでした", "振込ができませんでした", keys=("payout_id", "batch_id")),
        "payout.retried": EventKind("もう一度振り込むことにしました", keys=("payout_id",)),
        "payout.withdrawn": EventKind("支払いをやめました", keys=("payout_id",)),
        "payout.batch_made": EventKind("振込のファイルを作りました", keys=("count", "amount")),
        "payout.batch_downloaded": EventKind("振込のファイルを受け取りました"),
    },
)


def of_payout(payout_id: int, case_id: int) -> Subject:
    """A payout as the subject of an event, which is part of the history of its case."""
    return Subject("payout", payout_id, within=Subject("case", case_id))


def of_batch(batch_id: int) -> Subject:
    """A file of transfers as the subject of an event."""
    return Subject("payout_batch", batch_id)
