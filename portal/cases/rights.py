"""What staff may do with the cases of their department."""

from portal.core.access import Right, declare_rights

declare_rights(
    {
        "case.see": Right("案件の一覧と進みぐあいを見る", ("clerk", "decider", "cashier", "inspector")),
        "case.see_figures": Right(
            "件数や日数などの数字を見る", ("clerk", "decider", "cashier", "inspector", "accountant", "admin")
        ),
        "case.read_answers": Right("申請の答えとファイルを見る", ("clerk", "decider")),
        "case.read_place": Right("申請の場所を見る", ("clerk", "decider", "inspector")),
        "case.propose_place": Right("申請の場所の直し方の案をつくる", ("clerk", "decider")),
        "case.list_neighbours": Right("申請の場所の近くの住所の一覧をつくる", ("clerk", "decider")),
        "case.message": Right("申請した人に文を送る", ("clerk", "decider")),
        "case.assign": Right("案件の担当を決める", ("clerk", "decider")),
        "case.take_in": Right("電話・来庁・紙の申請を、代わりに入力する", ("clerk", "decider")),
        "case.transfer": Right("案件をほかの課に移す", ("clerk", "decider")),
        "case.share_views": Right("課の職員みんなが使う表示を保存する", ("decider",)),
        "case.hold": Right("案件の消去を止める", ("decider",)),
        "lottery.draw": Right("抽選・選考を行う", ("decider",)),
    }
)
