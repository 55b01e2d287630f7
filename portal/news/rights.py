"""What staff may do with the news of their department."""

from portal.core.access import Right, declare_rights

declare_rights({"news.edit": Right("お知らせを書いて公開する", ("publisher", "admin"))})
