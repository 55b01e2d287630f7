"""What staff may do with the payments of their department."""

from portal.core.access import declare_rights

declare_rights({"payment.see": ("cashier",), "payment.refund": ("cashier",)})
