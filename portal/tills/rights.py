"""Who may take money at a till of their department (出納員), and who sets tills up and sees all of them (会計課)."""

from portal.core.access import Right, declare_rights

declare_rights(
    {
        "till.see": Right("窓口のレジを見る", ("cashier", "accountant")),
        "till.use": Right("窓口のレジで受け取る", ("cashier",)),
        "till.manage": Right("窓口のレジを設ける", ("accountant",)),
    }
)
