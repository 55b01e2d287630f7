"""What staff may do with the money that the city pays out."""

from portal.core.access import declare_rights

declare_rights({"payout.decide": ("decider",), "payout.transfer": ("cashier",)})
