"""The encrypted columns of bookings: what each value is bound to."""

from portal.bookings.commitments import ENCRYPTION_CONTEXT
from portal.bookings.models import LotterySeed
from portal.core.sealed_columns import SealedBytes, table_of

SEALED_COLUMNS = (SealedBytes(table_of(LotterySeed).c.seed, lambda _row: ENCRYPTION_CONTEXT),)
