"""Importing the provider's balance transactions, so that every yen can be compared with our records."""

from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.ledger import post
from portal.payments.provider import BalanceTransaction
from portal.payments.provider_accounts import read_from_accounts
from portal.payments.provider_bookkeeping import bookings
from portal.payments.provider_models import ProviderTransaction

IMPORT_OVERLAP = timedelta(days=2)
FIRST_IMPORT_WINDOW = timedelta(days=400)


def import_balance_transactions(city_key: str) -> int:
    """Store and book the transactions that are new since the last import; return how many. Raises ProviderUnavailable."""
    with city_session(city_key) as session:
        newest = session.scalar(select(func.max(ProviderTransaction.created_at)))
    since = newest - IMPORT_OVERLAP if newest else now() - FIRST_IMPORT_WINDOW
    transactions = list(read_from_accounts(city_key, lambda provider: provider.balance_transactions(since)))
    with city_session(city_key) as session:
        new = [transaction for transaction in transactions if _is_new(session, transaction)]
        post(session, *bookings(new))
        return len(new)


def _is_new(session: Session, transaction: BalanceTransaction) -> bool:
    """Store it; whether it was not stored before."""
    values = asdict(transaction)
    statement = insert(ProviderTransaction).values(**values).on_conflict_do_nothing()
    return session.scalar(statement.returning(ProviderTransaction.entry_id)) is not None
