"""What staff may do with the procedures of their department."""

from portal.core.access import declare_rights

declare_rights({"procedure.edit": ("publisher", "admin"), "procedure.publish": ("publisher",)})
