"""What can happen to a payment and to a refund."""

from portal.core.events import EventKind, Subject, declare

EVENTS = declare(
    ("payment", "refund", "payment_policy"),
    {
        "payment.requested": EventKind("支払いを求めました", "料金をお知らせしました", keys=("payment_id", "amount")),
        "payment.started": EventKind("支払いの画面を開きました", keys=("payment_id",)),
        "payment.pending": EventKind(
            "コンビニや銀行振込での支払いを待っています", "支払い方法を選びました", keys=("payment_id", "method")
        ),
        "payment.partly_transferred": EventKind(
            "振込の一部が届きました", "振込の一部が届きました", keys=("payment_id", "amount", "missing")
        ),
        "payment.surplus_transferred": EventKind(
            "余分な振込が届きました", "余分な振込が届きました", keys=("payment_id", "amount")
        ),
        "payment.stopped": EventKind(
            "支払う人が、選んだ支払い方法をやめました",
            "支払いの方法を選び直せるようにしました",
            keys=("payment_id", "method"),
        ),
        "payment.paid": EventKind(
            "支払いを確かめました", "料金を支払いました", keys=("payment_id", "amount", "method")
        ),
        "payment.paid_by_link": EventKind(
            "代理納付のリンクで、ほかの人が支払いました",
            "ほかの人が、リンクで料金を支払いました",
            keys=("payment_id", "amount", "method"),
        ),
        "payment.link_made": EventKind(
            "ほかの人に払ってもらうリンクを作りました", "支払いのリンクを作りました", keys=("payment_id",)
        ),
        "payment.link_ended": EventKind(
            "ほかの人に払ってもらうリンクを止めました", "支払いのリンクを止めました", keys=("payment_id",)
        ),
        "payment.entered": EventKind("入金を記録しました", keys=("payment_id", "amount", "method")),
        "payment.reversed": EventKind(
            "窓口の入金を取り消しました",
            "支払いの記録を取り消しました",
            keys=("payment_id", "amount", "method", "note_id"),
        ),
        "payment.failed": EventKind(
            "支払いできませんでした", "支払いができませんでした", keys=("payment_id", "reason")
        ),
        "payment.expired": EventKind("支払いの期限が切れました", keys=("payment_id",)),
        "payment.needs_review": EventKind("支払いに確認が必要です", keys=("payment_id", "reason")),
        "payment.reviewed": EventKind(
            "支払いの確認を終えました", keys=("payment_id", "reason", "decision", "amount", "note_id")
        ),
        "payment.disputed": EventKind("カードの異議が出ました", keys=("payment_id", "amount", "respond_by")),
        "payment.dispute_won": EventKind(
            "カードの異議が、市の言い分どおりに終わりました", keys=("payment_id", "amount")
        ),
        "payment.dispute_lost": EventKind(
            "カードの異議が認められ、支払いが取り消されました", keys=("payment_id", "amount")
        ),
        "refund.requested": EventKind("返金を求めました", keys=("refund_id", "amount", "note_id")),
        "refund.endorsed": EventKind("返金の1人目が承認しました", keys=("refund_id", "amount")),
        "refund.approved": EventKind("返金を承認しました", keys=("refund_id", "amount")),
        "refund.rejected": EventKind("返金を承認しませんでした", keys=("refund_id", "amount", "note_id")),
        "refund.account_asked": EventKind(
            "返金先の口座をたずねました", "返金先の口座を、メールでおたずねしました", keys=("refund_id", "amount")
        ),
        "refund.succeeded": EventKind("返金しました", "料金をお返ししました", keys=("refund_id", "amount")),
        "refund.failed": EventKind("返金できませんでした", keys=("refund_id", "amount", "reason")),
        "refund.retried": EventKind("返金を、もう一度送りました", keys=("refund_id", "amount")),
        "refund.transfer_chosen": EventKind("銀行振込で返すことにしました", keys=("refund_id", "amount")),
        "payment.reminded": EventKind("お支払いの期限をお知らせしました", keys=("payment_id", "pay_by")),
        "payment.overdue": EventKind("お支払いの期限が過ぎたことをお知らせしました", keys=("payment_id", "pay_by")),
        "payment.demanded": EventKind(
            "督促状を出しました", "督促状が届きました", keys=("payment_id", "amount", "number", "pay_by")
        ),
        "payment.waiver_requested": EventKind(
            "減免の承認を求めました", keys=("payment_id", "waiver_id", "charge_id", "amount")
        ),
        "payment.waived": EventKind(
            "料金を減免しました", "料金が減免されました", keys=("payment_id", "waiver_id", "charge_id", "amount")
        ),
        "payment.waiver_rejected": EventKind(
            "減免を承認しませんでした", keys=("payment_id", "waiver_id", "charge_id", "amount")
        ),
        "payment.waiver_revoked": EventKind(
            "減免を取り消しました",
            "料金の減免が取り消されました",
            keys=("payment_id", "waiver_id", "charge_id", "amount"),
        ),
        "payment_policy.days_set": EventKind(
            "支払いの期限の日数を変えました",
            keys=("pay_within_days", "remind_days_before", "demand_within_days", "transfer_within_days"),
        ),
        "payment_policy.methods_set": EventKind("支払い方法を変えました", keys=("methods", "before")),
        "payment_policy.returns_set": EventKind("自動で返すお金の決まりを変えました", keys=("duplicates", "surplus")),
        "payment_policy.account_tried": EventKind("決済会社のアカウントを試しました", keys=("works",)),
        "payment_policy.second_person_set": EventKind("2人で決める返金の金額を変えました", keys=("amount",)),
    },
)


def of_payment(payment_id: int, case_id: int) -> Subject:
    """A payment as the subject of an event, which is part of the history of its case."""
    return Subject("payment", payment_id, within=Subject("case", case_id))


def of_refund(refund_id: int, case_id: int) -> Subject:
    """A refund as the subject of an event, which is part of the history of its case."""
    return Subject("refund", refund_id, within=Subject("case", case_id))
