"""The encrypted columns of payments: keys of the provider's account, and what staff wrote."""

from portal.core.sealed_columns import SealedBytes, table_of
from portal.payments import payment_notes, provider_accounts
from portal.payments.models import PaymentAccount, PaymentNote

_ACCOUNT = table_of(PaymentAccount).c

SEALED_COLUMNS = (
    SealedBytes(table_of(PaymentNote).c.body, lambda _row: payment_notes.ENCRYPTION_CONTEXT),
    *(
        SealedBytes(column, lambda _row: provider_accounts.ENCRYPTION_CONTEXT)
        for column in (_ACCOUNT.api_key, _ACCOUNT.webhook_secret, _ACCOUNT.previous_webhook_secret)
    ),
)
