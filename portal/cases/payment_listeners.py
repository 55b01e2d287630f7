"""What money does to a case: payments tell here, in the transaction that learned of it."""

from sqlalchemy.orm import Session

from forms import workflow_of
from portal.cases.models import Case
from portal.cases.moves import apply_transition
from portal.cases.notices import notify
from portal.core.errors import Conflict, NotFound
from portal.core.events import SYSTEM
from portal.core.locking import lock_row
from portal.core.text import _
from portal.payments import hooks
from portal.payments.actions import cancel_payment
from portal.payments.models import Payment, Refund
from portal.payments.queries import payments_of
from portal.payments.rules import PAYABLE
from portal.procedures.definitions import definition_of


@hooks.on("paid")
def _paid(session: Session, payment: Payment) -> None:
    """The case that waited for this goes on once nothing else is owed; one that was closed meanwhile is shown to its office again."""
    case = _lock_case(session, payment)
    workflow = workflow_of(definition_of(session, case.version_id))
    others = [other for other in payments_of(session, case.id) if other.id != payment.id]
    if any(other.status in PAYABLE for other in others):
        pass  # the rest of a sum that fell short is still to come
    elif any(move.id == "pay" for move in workflow.moves_from(case.state, "system")):
        apply_transition(session, case.id, "pay", SYSTEM, roles=("system",))
    else:
        case.unread = True
        case.advance()
    notify(session, case, "payment_received", amount=payment.received)


def _lock_case(session: Session, payment: Payment) -> Case:
    case = lock_row(session, Case, Case.id == payment.case_id)
    if case is None:
        raise NotFound
    return case


@hooks.on("failed")
def _failed(session: Session, payment: Payment) -> None:
    case = session.get_one(Case, payment.case_id)
    notify(session, case, "payment_failed", amount=payment.amount)


@hooks.on("reopened")
def _reopened(session: Session, payment: Payment) -> None:
    """Its money goes back after a review: it is to be paid again, unless the case is over."""
    case = _lock_case(session, payment)
    case.unread = True
    case.advance()
    if case.closed_at is not None:
        cancel_payment(session, payment.id)
    else:
        notify(session, case, "payment_request", amount=payment.amount, until=None)


@hooks.on("rest_requested")
def _rest_requested(session: Session, payment: Payment) -> None:
    """The applicant is asked for what is missing. Raises Conflict when the case is over: nothing is owed for it any more."""
    case = _lock_case(session, payment)
    if case.closed_at is not None:
        raise Conflict(_("この案件は終わっているため、不足分をお願いできません。"))
    notify(session, case, "payment_request", amount=payment.amount, until=None)


@hooks.on_refund("refunded")
def _refunded(session: Session, payment: Payment, refund: Refund) -> None:
    """Each refund is a letter of its own: what went back this time, and what the city keeps."""
    case = _lock_case(session, payment)
    case.advance()
    notify(session, case, "refund_done", amount=refund.amount, kept=payment.net_received)


@hooks.on("needs_review")
@hooks.on("paid_twice")
def _show_to_office(session: Session, payment: Payment) -> None:
    """A person must look: an amount that does not match, a second payment."""
    case = _lock_case(session, payment)
    case.unread = True
    case.advance()


@hooks.on_refund("refund_failed")
def _refund_failed(session: Session, payment: Payment, _refund: Refund) -> None:
    """The money is back at the city and must be transferred by hand."""
    _show_to_office(session, payment)
