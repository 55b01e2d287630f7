"""Comparing our records with the provider's balance transactions, yen by yen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import ledger
from portal.core.clock import now
from portal.payments import rules
from portal.payments.models import PaymentAttempt, ProviderTransaction, Refund


@dataclass(frozen=True)
class Discrepancy:
    """A charge or refund on which our records and the provider's do not agree."""

    kind: Literal["not_ours", "not_there", "amount"]
    """`not_ours`: only at the provider; `not_there`: only in our records; `amount`: in both, with different amounts."""
    source_id: str
    ours: int | None
    theirs: int | None


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


def discrepancies(session: Session, imported_until: datetime | None = None) -> list[Discrepancy]:
    """Compare what we recorded as paid and refunded with the provider's balance transactions.

    What began after `imported_until` may be missing from those, which are imported once a night.
    """
    paid = select(PaymentAttempt.charge_id, func.coalesce(PaymentAttempt.received, PaymentAttempt.amount)).where(
        PaymentAttempt.status == "paid", PaymentAttempt.charge_id.is_not(None)
    )
    refunded = select(Refund.provider_id, Refund.amount).where(
        Refund.provider_id.is_not(None), Refund.status.not_in(rules.REFUND_VOID)
    )
    recent = _sources_after(session, imported_until) if imported_until else set()
    ours: dict[str, int] = {str(source): amount for source, amount in session.execute(paid)}
    ours |= {str(source): -amount for source, amount in session.execute(refunded)}
    theirs: dict[str, int] = {}
    for source, gross in session.execute(select(ProviderTransaction.source_id, ProviderTransaction.gross)):
        if source is not None:
            theirs[source] = theirs.get(source, 0) + gross
    only_theirs = [
        Discrepancy("not_ours", source, None, gross) for source, gross in theirs.items() if source not in ours and gross
    ]
    only_ours = [
        Discrepancy("not_there", source, amount, None)
        for source, amount in ours.items()
        if source not in theirs and source not in recent
    ]
    differing = [
        Discrepancy("amount", source, ours[source], theirs[source])
        for source in ours.keys() & theirs.keys()
        if ours[source] != theirs[source]
    ]
    return sorted(only_theirs + only_ours + differing, key=lambda each: (each.kind, each.source_id))


def _sources_after(session: Session, moment: datetime) -> set[str | None]:
    """Return the charges and refunds since then. A konbini attempt may be older than its money, so the time it was last read counts."""
    charges = select(PaymentAttempt.charge_id).where(PaymentAttempt.read_at >= moment)
    refunds = select(Refund.provider_id).where(func.coalesce(Refund.finished_at, Refund.created_at) >= moment)
    return {*session.scalars(charges), *session.scalars(refunds)}
