"""Who may take money at a till of their department (出納員), and who sets tills up and sees all of them (会計課)."""

from portal.core.access import declare_rights

declare_rights({"till.see": ("cashier", "accountant"), "till.use": ("cashier",), "till.manage": ("accountant",)})
