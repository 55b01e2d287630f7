"""A case that waited for its fee goes on once nothing of it is owed any more, whether it was paid or waived; until when it waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from forms import Definition
from portal import bookings
from portal.cases.capacity import lapse_move
from portal.cases.models import Case
from portal.cases.moves import apply_transition
from portal.cases.scheduled_fees import SCHEDULED
from portal.cases.workflows import workflow_for
from portal.core.clock import local_date
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


@dataclass(frozen=True)
class PayDeadline:
    """Until when a fee is to be paid for which a number for the store or a transfer was taken, as pages and mails tell it.

    `day` is the last day of the fee; `way_until` the last moment of the number or the transfer where another can be taken after it.
    Where the fee has no later day than that, `day` is None and the moment the last one. `loses_places`: the case ends after `day`,
    and others get its places.
    """

    day: date | None
    way_until: datetime | None
    loses_places: bool = False


def pay_deadline(way_until: datetime | None, days: Iterable[date | None], *, loses_places: bool) -> PayDeadline:
    """Bring the last moment of a way to pay and the last days of the fees that it pays together.

    A number can outlive the day of its fee, as the provider takes none for less than a day. The places do not wait for it.
    """
    day = min((day for day in days if day is not None), default=None)
    if day is None or way_until is None:
        return PayDeadline(None, way_until)
    if local_date(way_until) < day:
        return PayDeadline(day, way_until, loses_places)
    return PayDeadline(day, None, loses_places=True) if loses_places else PayDeadline(None, way_until)
