"""The encrypted columns of bytes of this capability."""

from portal.core.sealed_columns import SealedBytes, table_of
from portal.identity.models import Staff
from portal.identity.staff_sign_in import totp_context

SEALED_COLUMNS = (SealedBytes(table_of(Staff).c.totp_secret, lambda row: totp_context(row["email"]), ("email",)),)
