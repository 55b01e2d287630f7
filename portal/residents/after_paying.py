"""The page after a payment: each line of it with where it stands, what happens next with each application, and the papers to take along."""

from dataclasses import dataclass
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from portal.cases import PossiblePaper, possible_papers
from portal.core.access import PUBLIC, allow
from portal.core.errors import NotFound
from portal.core.web import db
from portal.documents import title_of
from portal.payments import Payment, payments_with_order
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.money_lines import MoneyLine, charge_lines
from portal.residents.my_page import Card, cards
from portal.residents.progress import from_now_on


@dataclass(frozen=True)
class PaidCase:
    """What a payment was for in one application: its lines, what comes next, and the papers that can be made."""

    card: Card
    lines: list[MoneyLine]
    next: dict[str, Any] | None
    papers: list[PossiblePaper]


@bp.get("/me/payments/<payment>")
@allow(PUBLIC)
def payment_made(payment: str) -> str:
    """The visitor's own part of it. Raises NotFound where none of it is theirs."""
    mine = visitor_access.cases(db())
    payments = [
        payment for payment in payments_with_order(db(), payment) if payment.case_id in {case.id for case in mine}
    ]
    if not payments:
        raise NotFound
    shown = cards(db(), [case for case in mine if case.id in {payment.case_id for payment in payments}])
    return render_template(
        "residents/payment_made.html",
        paid=[_part(db(), card, payments, payment) for card in sorted(shown, key=lambda card: card.case.id)],
        payments=payments,
        status=_status(payments),
        total=sum(payment.received or payment.amount for payment in payments),
        title_of=title_of,
    )


def _status(payments: list[Payment]) -> str:
    """What the page speaks of: that of the order, unless all of the visitor's own part was given back."""
    return payments[0].status if len({payment.status for payment in payments}) == 1 else payments[0].order.status


def _part(database: Session, card: Card, payments: list[Payment], order: str) -> PaidCase:
    of_case = [payment for payment in payments if payment.case_id == card.case.id]
    coming = [entry for entry in from_now_on(card.case, card.definition) if entry["state"] != "done"]
    is_open = card.case.closed_at is None
    papers = [paper for paper in possible_papers(database, card.case) if paper.payment == order]
    return PaidCase(card, charge_lines(database, of_case), coming[0] if coming and is_open else None, papers)
