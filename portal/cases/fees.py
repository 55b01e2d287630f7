"""The fee of a case as frozen when it was sent, and the payments it asks for."""

from typing import Any

from sqlalchemy.orm import Session

from forms import Fee
from portal.cases.models import CaseFile
from portal.core.events import SYSTEM, record
from portal.payments import actions as payments
from portal.payments.models import Payment

MOMENTS = ("submission", "approved")


def fee_record(fee: Fee) -> dict[str, Any]:
    """What the case keeps: every line with its explanation, and the sums by moment."""
    return fee.as_dict() | {"due": {moment: fee.due(moment) for moment in MOMENTS}}  # type: ignore[arg-type]


def open_fee(session: Session, case: CaseFile, fee: Fee, moment: str) -> Payment:
    """Ask for what is due at that moment; the lines are frozen with the amount."""
    lines = [
        {"title": line.label, "amount": line.amount, "detail": line.explanation}
        for line in fee.lines
        if line.when == moment and line.amount
    ]
    payment = payments.open_payment(
        session,
        case_id=case.id,
        purpose=moment,
        title=f"{case.title} {case.number}",
        lines=lines,
        next_path=f"/done/{case.public_id}",
    )
    record(session, case.id, "payment.requested", SYSTEM, payment_id=payment.id, amount=payment.amount)
    return payment
