"""What staff may do with the money that the city pays out."""

from portal.core.access import Right, declare_rights

declare_rights(
    {
        "payout.decide": Right("交付額を決める", ("decider",)),
        "payout.transfer": Right("交付金の振込データをつくる", ("cashier",)),
    }
)
