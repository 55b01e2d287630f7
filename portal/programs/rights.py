"""Who gives keys to programs for a department, and takes them back."""

from portal.core.access import Right, declare_rights

declare_rights({"program_key.manage": Right("外部のプログラムの鍵をつくる・取り消す", ("publisher", "admin"))})
