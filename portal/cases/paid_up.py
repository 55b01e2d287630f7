"""A case that waited for its fee goes on once nothing of it is owed any more, whether it was paid or waived."""

from sqlalchemy.orm import Session

from forms import Definition
from portal import bookings
from portal.cases.capacity import lapse_move
from portal.cases.models import Case
from portal.cases.moves import apply_transition
from portal.cases.scheduled_fees import SCHEDULED
from portal.cases.workflows import workflow_for
from portal.core.events import SYSTEM
from portal.payments import payments_of_case


def go_on_when_paid(session: Session, case: Case, *, paid: int | None = None) -> bool:
    """Make the move of a case that waits to be paid, unless something besides the order `paid` is still to pay; whether it waited.

    Its row must be locked.
    """
    workflow = workflow_for(session, case)
    if all(move.id != "pay" for move in workflow.moves_from(case.state, "system")):
        return False
    if not any(
        payment.is_payable and payment.id != paid and not payment.purpose.startswith(SCHEDULED)
        for payment in payments_of_case(session, case.id)
    ):
        apply_transition(session, case.id, "pay", SYSTEM, roles=("system",))
        bookings.settle(session, case.id)
    return True


def loses_places_unpaid(case: Case, definition: Definition) -> bool:
    """Whether it ends, and others get the places held for it, when its fee is not paid in time."""
    return bool(definition.capacity) and lapse_move(case, definition) is not None
