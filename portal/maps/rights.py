"""Who gives layers of their department new contents, and who decides what layers there are and who sees them."""

from portal.core.access import Right, declare_rights

declare_rights(
    {
        "layer.edit": Right("地図の層を編集する・取り込む・前の版にもどす", ("clerk", "publisher", "admin")),
        "layer.manage": Right("地図の層をつくる・見る人を決める", ("publisher", "admin")),
    }
)
