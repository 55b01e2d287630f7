"""Handing the provider's balance transactions to the books, which compare themselves with them yen by yen."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import ledger
from portal.core.clock import now
from portal.payments import rules
from portal.payments.models import Refund
from portal.payments.provider_models import ProviderTransaction


def reconcile_books(session: Session) -> None:
    """Compare the city's books with everything that the provider booked, and with the bank's statements.

    The provider books a refund when it is sent, the city when it reached its payer: those under way are left out.
    """
    under_way = select(Refund.provider_id).where(
        Refund.status.in_(rules.UNSETTLED_REFUNDS), Refund.provider_id.is_not(None)
    )
    booked = select(
        ProviderTransaction.entry_id,
        ProviderTransaction.type,
        ProviderTransaction.source_id,
        ProviderTransaction.gross,
        ProviderTransaction.net,
        ProviderTransaction.created_at,
    ).where(func.coalesce(ProviderTransaction.source_id, "").not_in(under_way))
    ledger.reconcile(session, booked.subquery("provider_transactions"), imported_until=now())
