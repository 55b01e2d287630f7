"""Waivers of a charge that another takes the place of: they hold for that one, as far as it goes."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.events import SYSTEM
from portal.payments.bookkeeping import book_waived, book_waiver_revoked
from portal.payments.later_models import Waiver
from portal.payments.models import Charge


def lift_waivers(session: Session, charge: Charge) -> list[Waiver]:
    """Take the waivers that hold or wait off a charge that is called off next, and return them."""
    which = Waiver.charge_id == charge.id, Waiver.status.in_(("requested", "granted"))
    waivers = list(session.scalars(select(Waiver).where(*which).order_by(Waiver.id)))
    for waiver in waivers:
        if waiver.status == "granted":
            book_waiver_revoked(session, charge, waiver.id)
    charge.waived = 0
    session.flush()
    return waivers


def carry_waivers(session: Session, waivers: Iterable[Waiver], charge: Charge) -> None:
    """Let waivers hold for another charge; what is more than that charge asks for is cut."""
    for waiver in waivers:
        left = charge.due
        if not left:
            waiver.status = "revoked"
            continue
        waiver.charge_id, waiver.amount = charge.id, min(waiver.amount, left)
        if waiver.status == "granted":
            charge.waived += waiver.amount
            book_waived(session, charge, waiver.id, waiver.amount, SYSTEM)
    session.flush()
