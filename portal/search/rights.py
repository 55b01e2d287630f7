"""What staff may do with the words of the search."""

from portal.core.access import Right, declare_rights

declare_rights({"search.edit": Right("さがす言葉を整える", ("publisher", "admin"))})
