"""What staff may do with the standard texts of their department."""

from portal.core.access import Right, declare_rights

declare_rights({"standard_text.edit": Right("申請した人に送る文例と条件をつくる", ("decider", "publisher", "admin"))})
