"""What staff may do with the payments of their department."""

from portal.core.access import Right, declare_rights

declare_rights(
    {
        "payment.see": Right("入金と返金を見る", ("cashier",)),
        "payment.refund": Right("返金を行う", ("cashier",)),
        "payment.waive": Right("料金を減免する", ("decider", "cashier")),
        "payment.settings": Right("支払い方法と、自動で返すお金を決める", ("accountant",)),
        "payment.demand": Right("期限が過ぎた料金の督促状を出す", ("cashier",)),
    }
)
