"""E-mail to people: stored encrypted in the transaction of what it reports, sent by a job after that has committed.

This package's `__all__` is what others may use; its table is read and written here alone. `kinds.KINDS` lists every mail with the
values that its text needs.
"""

from portal.notifications.listeners import NotConnected, connect_undelivered_listener
from portal.notifications.models import MailMessage
from portal.notifications.outbox import delete_mail_of_cases, retry_undelivered, send_mail
from portal.notifications.queries import count_undelivered, latest_status_of_case, status_of_mail, undelivered_mail
from portal.notifications.sealed_columns import SEALED_COLUMNS

__all__ = [
    "SEALED_COLUMNS",
    "MailMessage",
    "NotConnected",
    "connect_undelivered_listener",
    "count_undelivered",
    "delete_mail_of_cases",
    "latest_status_of_case",
    "retry_undelivered",
    "send_mail",
    "status_of_mail",
    "undelivered_mail",
]
