"""The encrypted column of notifications: address, subject and text of a mail."""

from portal.core.sealed_columns import SealedBytes, table_of
from portal.notifications.encrypted_email import encryption_context
from portal.notifications.models import MailMessage

SEALED_COLUMNS = (SealedBytes(table_of(MailMessage).c.sealed, lambda row: encryption_context(row["kind"]), ("kind",)),)
