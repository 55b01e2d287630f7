"""What accountants (会計課) may do. The books are the city's: whoever holds one of these in any department sees all of them."""

from portal.core.access import Right, declare_rights

declare_rights(
    {
        "ledger.see": Right("帳簿を見る", ("accountant",)),
        "ledger.close": Right("帳簿を締める", ("accountant",)),
        "ledger.export": Right("帳簿をファイルに出す", ("accountant",)),
    }
)
