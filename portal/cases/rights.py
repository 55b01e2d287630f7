"""What staff may do with the cases of their department."""

from portal.core.access import Right, declare_rights

declare_rights(
    {
        "case.see": Right("案件の一覧と進みぐあいを見る", ("clerk", "decider", "cashier", "inspector")),
        "case.read_answers": Right("申請の答えとファイルを見る", ("clerk", "decider")),
        "case.read_place": Right("申請の場所を見る", ("clerk", "decider", "inspector")),
        "case.message": Right("申請した人に文を送る", ("clerk", "decider")),
        "case.assign": Right("案件の担当を決める", ("clerk", "decider")),
        "case.hold": Right("案件の消去を止める", ("decider",)),
        "lottery.draw": Right("抽選・選考を行う", ("decider",)),
    }
)
