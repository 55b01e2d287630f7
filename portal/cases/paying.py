"""What money does to a case: payments tell here, in the transaction that learned of it."""

from sqlalchemy.orm import Session

from forms import workflow_of
from portal.cases.models import CaseFile
from portal.cases.moves import carry_out
from portal.cases.notices import notify
from portal.core.errors import NotFound
from portal.core.events import SYSTEM
from portal.core.locking import lock_row
from portal.payments import hooks
from portal.payments.models import Payment
from portal.procedures.definitions import definition_of


@hooks.on("paid")
def _paid(session: Session, payment: Payment) -> None:
    """The case that waited for this goes on; one that was closed meanwhile is shown to its office again."""
    case = _lock_case(session, payment)
    workflow = workflow_of(definition_of(session, case.version_id))
    if any(move.id == "pay" for move in workflow.moves_from(case.state, "system")):
        carry_out(session, case.id, "pay", SYSTEM, who=("system",))
    else:
        case.unread = True
    notify(session, case, "payment_received", amount=payment.amount)


def _lock_case(session: Session, payment: Payment) -> CaseFile:
    case = lock_row(session, CaseFile, CaseFile.id == payment.case_id)
    if case is None:
        raise NotFound
    return case


@hooks.on("failed")
def _failed(session: Session, payment: Payment) -> None:
    case = session.get_one(CaseFile, payment.case_id)
    notify(session, case, "payment_failed", amount=payment.amount)


@hooks.on("refunded")
def _refunded(session: Session, payment: Payment) -> None:
    case = session.get_one(CaseFile, payment.case_id)
    notify(session, case, "refund_done", amount=payment.amount)


def _show_to_office(session: Session, payment: Payment) -> None:
    """A person must look: an amount that does not match, a second payment, a refund that came back."""
    case = _lock_case(session, payment)
    case.unread = True


for _change in ("needs_review", "paid_twice", "refund_failed"):
    hooks.on(_change)(_show_to_office)
