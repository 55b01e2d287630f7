"""What accountants (会計課) may do. The books are the city's: whoever holds one of these in any department sees all of them."""

from portal.core.access import declare_rights

declare_rights({"ledger.see": ("accountant",), "ledger.close": ("accountant",), "ledger.export": ("accountant",)})
