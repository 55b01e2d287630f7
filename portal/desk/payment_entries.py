"""The money of one day: what was paid and given back for the cases of some departments, line by line and summed by procedure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core.clock import TOKYO
from portal.payments.models import Payment, PaymentAttempt, ProviderTransaction, Refund


@dataclass(frozen=True)
class PaymentEntry:
    """One payment (above zero) or refund (below). `fee` is what the provider keeps, None while its book is not read."""

    at: datetime
    case_id: int
    number: str
    procedure: str
    method: str | None
    amount: int
    fee: int | None
    source: str | None


@dataclass
class ProcedureTotal:
    """What one procedure brought on the day, in yen. `fees_known` is False while a fee is not."""

    procedure: str
    paid: int = 0
    paid_count: int = 0
    back: int = 0
    back_count: int = 0
    fees: int = 0
    fees_known: bool = True

    @property
    def net(self) -> int:
        """What is left for the city."""
        return self.paid - self.back - self.fees


def payment_entries(session: Session, day: date, departments: Collection[int]) -> list[PaymentEntry]:
    """The payments and refunds of a day (Japan Standard Time), in the order they came.

    Money that never counted (a second payment, one given back after a review) is left out on both sides.
    """
    begin = datetime.combine(day, time(), TOKYO)
    end = begin + timedelta(days=1)
    paid = (
        _columns(
            Payment.paid_at, func.coalesce(PaymentAttempt.received, PaymentAttempt.amount), PaymentAttempt.charge_id
        )
        .join(PaymentAttempt, (PaymentAttempt.payment_id == Payment.id) & PaymentAttempt.settles)
        .where(Payment.paid_at >= begin, Payment.paid_at < end)
    )
    back = (
        _columns(Refund.finished_at, -Refund.amount, Refund.provider_id)
        .join(Refund, Refund.payment_id == Payment.id)
        .join(PaymentAttempt, (PaymentAttempt.id == Refund.attempt_id) & PaymentAttempt.settles)
        .where(Refund.finished_at >= begin, Refund.finished_at < end)
        .where(Refund.status == "succeeded")
    )
    rows = [
        row for query in (paid, back) for row in session.execute(query.where(Case.department_id.in_(departments))).all()
    ]
    return sorted((PaymentEntry(*row) for row in rows), key=lambda one: (one.at, one.number))


def totals_by_procedure(lines: Iterable[PaymentEntry]) -> list[ProcedureTotal]:
    """The same by procedure, by name."""
    found: dict[str, ProcedureTotal] = {}
    for one in lines:
        into = found.setdefault(one.procedure, ProcedureTotal(one.procedure))
        if one.amount > 0:
            into.paid += one.amount
            into.paid_count += 1
        else:
            into.back -= one.amount
            into.back_count += 1
        into.fees += one.fee or 0
        into.fees_known = into.fees_known and one.fee is not None
    return [found[name] for name in sorted(found)]


def grand_total(parts: Collection[ProcedureTotal]) -> ProcedureTotal:
    """All procedures together."""
    return ProcedureTotal(
        "",
        sum(one.paid for one in parts),
        sum(one.paid_count for one in parts),
        sum(one.back for one in parts),
        sum(one.back_count for one in parts),
        sum(one.fees for one in parts),
        all(one.fees_known for one in parts),
    )


def _columns(at: Any, amount: Any, source: Any) -> Select[Any]:
    """A `PaymentEntry`'s columns; the fee is what the provider's book says of the same charge or refund."""
    fee = select(func.sum(ProviderTransaction.fee)).where(ProviderTransaction.source_id == source).scalar_subquery()
    return (
        select(at, Case.id, Case.number, Case.title, Payment.method, amount, fee, source)
        .select_from(Payment)
        .join(Case, Case.id == Payment.case_id)
    )
