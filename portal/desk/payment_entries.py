"""The payments and refunds of one day for the cases of some departments, line by line and in total by procedure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.queries import case_labels
from portal.core.clock import TOKYO
from portal.payments import money_moved_between


@dataclass(frozen=True)
class PaymentEntry:
    """One payment (above zero) or refund (below). `fee` is what the provider keeps, None before its balance was imported."""

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
    """The totals of one procedure on the day, in yen. `fees_known` is False while a fee is not."""

    procedure: str
    paid: int = 0
    paid_count: int = 0
    refunded: int = 0
    refund_count: int = 0
    fees: int = 0
    fees_known: bool = True

    @property
    def net(self) -> int:
        """Yen that the city keeps."""
        return self.paid - self.refunded - self.fees


def payment_entries(session: Session, day: date, departments: Collection[int]) -> list[PaymentEntry]:
    """Return the payments and refunds of a day (Japan Standard Time), oldest first.

    Money that never counted (a second payment, one refunded after a review) is left out on both sides.
    """
    begin = datetime.combine(day, time(), TOKYO)
    moved = money_moved_between(begin, begin + timedelta(days=1)).c
    cases = case_labels().c
    query = select(
        moved.at,
        cases.id,
        cases.number,
        cases.title,
        moved.method,
        moved.amount,
        moved.fee,
        moved.source_id,
    ).where(cases.id == moved.case_id, cases.department_id.in_(departments))
    entries = [PaymentEntry(*row) for row in session.execute(query)]
    return sorted(entries, key=lambda entry: (entry.at, entry.number))


def totals_by_procedure(entries: Iterable[PaymentEntry]) -> list[ProcedureTotal]:
    """Return the totals of each procedure, ordered by its name."""
    totals: dict[str, ProcedureTotal] = {}
    for entry in entries:
        total = totals.setdefault(entry.procedure, ProcedureTotal(entry.procedure))
        if entry.amount > 0:
            total.paid += entry.amount
            total.paid_count += 1
        else:
            total.refunded -= entry.amount
            total.refund_count += 1
        total.fees += entry.fee or 0
        total.fees_known = total.fees_known and entry.fee is not None
    return [totals[name] for name in sorted(totals)]


def grand_total(totals: Collection[ProcedureTotal]) -> ProcedureTotal:
    """Return the total of all procedures."""
    return ProcedureTotal(
        "",
        sum(total.paid for total in totals),
        sum(total.paid_count for total in totals),
        sum(total.refunded for total in totals),
        sum(total.refund_count for total in totals),
        sum(total.fees for total in totals),
        all(total.fees_known for total in totals),
    )
