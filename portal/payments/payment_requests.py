"""Requesting a payment for a fee: opened with its line items, changed while unpaid, or canceled."""

import secrets
from collections.abc import Sequence

from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import Conflict, Invalid
from portal.core.events import SYSTEM, Actor, record
from portal.core.jobs import enqueue
from portal.payments import queries, task_names
from portal.payments.events import of_payment
from portal.payments.models import Payment
from portal.payments.provider import LineItem, LocalizedText


def open_payment(
    session: Session,
    case_id: int,
    lines: Sequence[LineItem],
    *,
    title: str,
    purpose: str = "application",
    next_path: str | None = None,
    actor: Actor = SYSTEM,
) -> Payment:
    """Open a payment with its amount frozen. `next_path` is the page to show once it is paid.

    A second call for the same case and purpose returns the same payment, so a form sent twice opens one. Raises Invalid if
    there is nothing to pay.
    """
    for payment in queries.payments_of_case(session, case_id):
        if payment.purpose == purpose and payment.status not in ("canceled", "refunded"):
            return payment
    payment = Payment(
        public_id=secrets.token_urlsafe(18),
        case_id=case_id,
        purpose=purpose,
        title=title,
        amount=_total(lines),
        lines=_stored_lines(lines),
        status="open",
        next_path=next_path,
        created_at=now(),
    )
    session.add(payment)
    session.flush()
    record(
        session,
        of_payment(payment.id, case_id),
        "payment.requested",
        actor,
        payment_id=payment.id,
        amount=payment.amount,
    )
    return payment


def change_payment(session: Session, payment_id: int, lines: Sequence[LineItem], actor: Actor = SYSTEM) -> Payment:
    """Set another amount while nothing was paid; a page that is open at the provider expires. Raises Conflict once it is paid."""
    payment = queries.lock_payment(session, payment_id)
    if not payment.is_payable:
        raise Conflict("支払いが済んでいるため、金額を変えられません。")
    before, payment.amount, payment.lines = payment.amount, _total(lines), _stored_lines(lines)
    session.flush()
    if payment.amount != before:
        payment.version += 1
        record(
            session,
            of_payment(payment.id, payment.case_id),
            "payment.requested",
            actor,
            payment_id=payment.id,
            amount=payment.amount,
        )
        enqueue(session, task_names.EXPIRE_CHECKOUTS, lock=f"payment:{payment.id}", payment_id=payment.id)
    return payment


def cancel_payment(session: Session, payment_id: int, *, expected_version: int | None = None) -> Payment:
    """Cancel a payment that is no longer owed (withdrawn, waived). Raises Conflict once it is paid: then it is refunded instead."""
    payment = queries.lock_payment(session, payment_id, expected_version=expected_version)
    if not payment.is_payable and payment.status != "canceled":
        raise Conflict("支払いが済んでいます。取り消すときは、返金してください。")
    if payment.status != "canceled":
        payment.status, payment.canceled_at = "canceled", now()
        payment.version += 1
        session.flush()
        enqueue(session, task_names.EXPIRE_CHECKOUTS, lock=f"payment:{payment.id}", payment_id=payment.id)
    return payment


def _total(lines: Sequence[LineItem]) -> int:
    total = sum(line.amount for line in lines)
    if total <= 0:
        raise Invalid("支払う金額がありません。")
    return total


def _stored_lines(lines: Sequence[LineItem]) -> list[dict[str, object]]:
    return [
        {"id": line.id, "title": _as_json(line.title), "amount": line.amount, "detail": _as_json(line.detail)}
        for line in lines
    ]


def _as_json(text: LocalizedText) -> dict[str, str] | str:
    return text if isinstance(text, str) else dict(text)
