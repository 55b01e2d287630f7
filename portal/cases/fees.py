"""The fee of a case as frozen when it was sent, and what becomes of it: asked for, called off, given back."""

from typing import Any

from sqlalchemy.orm import Session

from forms import Fee
from portal.cases.models import CaseFile
from portal.core.events import SYSTEM, Actor
from portal.payments import actions as payments
from portal.payments.models import Payment
from portal.payments.queries import payments_of, refundable
from portal.payments.rules import PAYABLE


def fee_record(fee: Fee) -> dict[str, Any]:
    """What the case keeps: every line with its explanation, and the yen due at submission and at approval."""
    return {**fee.as_dict(), "due": {"submission": fee.due("submission"), "approved": fee.due("approved")}}


def renewed(before: dict[str, Any], fee: Fee) -> dict[str, Any]:
    """The record after a correction: what was due at submission stays as it was frozen, what is due at approval is anew."""
    after = fee_record(fee)
    kept = [line for line in before["lines"] if line["when"] == "submission"]
    lines = kept + [line for line in after["lines"] if line["when"] == "approved"]
    due = {"submission": before["due"]["submission"], "approved": after["due"]["approved"]}
    return {"lines": lines, "total": sum(due.values()), "due": due}


def open_fee(session: Session, case: CaseFile, moment: str) -> Payment:
    """Ask for what is due at that moment (`submission` or `approved`), line by line."""
    lines = [
        payments.Line(line["label"], line["amount"], line["explanation"])
        for line in case.fee["lines"]
        if line["when"] == moment and line["amount"]
    ]
    title = f"{case.title} {case.number}"
    return payments.open_payment(
        session, case.id, lines, title=title, purpose=moment, next_path=f"/done/{case.public_id}"
    )


def cancel_open_fees(session: Session, case: CaseFile) -> None:
    """Nothing is owed any more for a case that was refused or withdrawn."""
    for payment in payments_of(session, case.id):
        if payment.status in PAYABLE:
            payments.cancel_payment(session, payment.id)


def refund_everything(session: Session, case: CaseFile, actor: Actor, reason: str) -> None:
    """Give back all that was paid. With a refusal the city's own rule asks for it, so no second person is needed."""
    for payment in payments_of(session, case.id):
        if payment.status in {"paid", "needs_review"} and refundable(session, payment) > 0:
            by = actor if case.closed_at is None else SYSTEM
            payments.request_refund(session, payment.id, None, reason, actor=by)
