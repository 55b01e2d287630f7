"""What staff may do with the procedures of their department, and with the city's first page."""

from portal.core.access import Right, declare_rights

declare_rights(
    {
        "procedure.edit": Right("手続きの下書きをつくる", ("publisher", "admin")),
        "procedure.publish": Right("手続きを公開する", ("publisher",)),
        "windows.edit": Right("住民のはじめの画面の入り口を変える", ("admin",)),
    }
)
