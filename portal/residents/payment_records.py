"""My page's record of payments: when money was paid, how, how much, for which applications, and where the papers about it are."""

from dataclasses import dataclass, field
from datetime import datetime

from flask import render_template
from sqlalchemy.orm import Session

from portal.cases import Case
from portal.core.access import PUBLIC, allow
from portal.core.web import db
from portal.payments import Payment, method_name, payments_of_cases
from portal.procedures import definition_of
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.definition_texts import words
from portal.residents.money_lines import MoneyLine, charge_lines


@dataclass(frozen=True)
class PaidPart:
    """What one payment was for in one application."""

    case: Case
    title: str
    lines: list[MoneyLine]


@dataclass
class PaymentRecord:
    """One payment, for one application or for several at once; only the visitor's own part of it. Yen."""

    public_id: str
    paid_at: datetime
    method: str
    received: int = 0
    given_back: int = 0
    parts: list[PaidPart] = field(default_factory=list)


@bp.get("/me/payments")
@allow(PUBLIC)
def payment_records() -> str:
    """Everything that was paid for the visitor's applications, the newest first."""
    return render_template("residents/payment_records.html", records=records_of(db(), visitor_access.cases(db())))


def records_of(database: Session, cases: list[Case]) -> list[PaymentRecord]:
    """Return what was paid for these cases, the newest payment first. The number of statements does not grow with the cases."""
    by_id = {case.id: case for case in cases}
    paid = [each for made in payments_of_cases(database, by_id).values() for each in made if each.received]
    lines = charge_lines(database, paid) if paid else []
    records: dict[str, PaymentRecord] = {}
    for payment in sorted(paid, key=lambda each: each.case_id):
        record = records.setdefault(payment.public_id, _record(payment))
        record.received += payment.received
        record.given_back += payment.given_back
        case = by_id[payment.case_id]
        own = [line for line in lines if (line.payment, line.case_id) == (payment.public_id, case.id)]
        record.parts.append(PaidPart(case, words(definition_of(database, case.version_id).title), own))
    return sorted(records.values(), key=lambda record: record.paid_at, reverse=True)


def _record(payment: Payment) -> PaymentRecord:
    return PaymentRecord(payment.public_id, payment.paid_at or payment.created_at, method_name(payment.method))
