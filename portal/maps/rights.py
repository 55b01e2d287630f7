"""Who brings layers of their department up to date, and who decides what layers there are and who sees them."""

from portal.core.access import Right, declare_rights

declare_rights(
    {
        "layer.edit": Right("地図の層を取り込む", ("clerk", "publisher", "admin")),
        "layer.manage": Right("地図の層をつくる・見る人を決める", ("publisher", "admin")),
    }
)
