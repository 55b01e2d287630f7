"""Taking over the provider's book, so that every yen can be compared with what we hold."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from portal.core.clock import now
from portal.core.database import city_session
from portal.payments.accounts import read_accounts
from portal.payments.models import LedgerEntry

OVERLAP = timedelta(days=2)
FIRST_TIME = timedelta(days=400)


def read_book(city_key: str) -> int:
    """Add the lines that are new since the last time; returns how many. Raises ProviderAway."""
    with city_session(city_key) as session:
        newest = session.scalar(select(func.max(LedgerEntry.created_at)))
    since = newest - OVERLAP if newest else now() - FIRST_TIME
    lines = read_accounts(city_key, lambda provider: provider.book(since))
    with city_session(city_key) as session:
        return sum(
            session.scalar(
                insert(LedgerEntry)
                .values(
                    entry_id=line.entry_id,
                    type=line.type,
                    gross=line.gross,
                    fee=line.fee,
                    net=line.net,
                    source_id=line.source_id,
                    created_at=line.created_at,
                    available_at=line.available_at,
                )
                .on_conflict_do_nothing()
                .returning(LedgerEntry.entry_id)
            )
            is not None
            for line in lines
        )
