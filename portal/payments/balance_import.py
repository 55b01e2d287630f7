"""Importing the provider's balance transactions, so that every yen can be compared with our records."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from portal.core.clock import now
from portal.core.database import city_session
from portal.payments.models import ProviderTransaction
from portal.payments.provider_accounts import read_from_accounts

IMPORT_OVERLAP = timedelta(days=2)
FIRST_IMPORT_WINDOW = timedelta(days=400)


def import_balance_transactions(city_key: str) -> int:
    """Store the transactions that are new since the last import; return how many. Raises ProviderUnavailable."""
    with city_session(city_key) as session:
        newest = session.scalar(select(func.max(ProviderTransaction.created_at)))
    since = newest - IMPORT_OVERLAP if newest else now() - FIRST_IMPORT_WINDOW
    transactions = read_from_accounts(city_key, lambda provider: provider.balance_transactions(since))
    with city_session(city_key) as session:
        return sum(
            session.scalar(
                insert(ProviderTransaction)
                .values(
                    entry_id=transaction.entry_id,
                    type=transaction.type,
                    gross=transaction.gross,
                    fee=transaction.fee,
                    net=transaction.net,
                    source_id=transaction.source_id,
                    created_at=transaction.created_at,
                    available_at=transaction.available_at,
                )
                .on_conflict_do_nothing()
                .returning(ProviderTransaction.entry_id)
            )
            is not None
            for transaction in transactions
        )
