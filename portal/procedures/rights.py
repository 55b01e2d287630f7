"""What staff may do with the procedures of their department, and with the city's first page."""

from portal.core.access import declare_rights

declare_rights(
    {
        "procedure.edit": ("publisher", "admin"),
        "procedure.publish": ("publisher",),
        "windows.edit": ("admin",),
    }
)
