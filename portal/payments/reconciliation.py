"""Handing the provider's balance transactions to the books, which compare themselves with them yen by yen."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal import ledger
from portal.core.clock import now
from portal.payments import rules
from portal.payments.models import PaymentAttempt, Refund
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
    transactions = booked.subquery("provider_transactions")
    ledger.reconcile(session, transactions, _payer_funds().subquery("payer_funds"), imported_until=now())


def _payer_funds() -> Select[str | None, int]:
    """Return what the provider holds for each payer who transferred; what it has sent back already, and the city counts until it is there."""
    on_its_way = (
        select(Refund.attempt_id, func.sum(Refund.amount).label("amount"))
        .where(Refund.from_funds, Refund.status.in_(("pending", "requires_action")))
        .group_by(Refund.attempt_id)
        .subquery("on_its_way")
    )
    return (
        select(
            PaymentAttempt.customer_id.label("reference"),
            (PaymentAttempt.unapplied + func.coalesce(on_its_way.c.amount, 0)).label("amount"),
        )
        .outerjoin(on_its_way, on_its_way.c.attempt_id == PaymentAttempt.id)
        .where(PaymentAttempt.customer_id.is_not(None))
    )
