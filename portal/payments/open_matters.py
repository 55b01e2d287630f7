"""How much of a city's money somebody must still decide about, for those who close its books."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.payments.failed_refunds import refunds_to_handle
from portal.payments.later_models import Waiver
from portal.payments.models import Order, Refund


@dataclass(frozen=True)
class OpenMatters:
    """How many refunds and waivers wait for a word, refunds for somebody to carry them out, payments for a review, and disputes for their end."""

    undecided: int
    to_carry_out: int
    under_review: int
    disputed: int


def open_matters(session: Session) -> OpenMatters:
    """Count them, in one statement."""
    orders = select(func.count()).select_from(Order).where(Order.status == "needs_review")
    disputed = Order.review_reason == "dispute"
    refunds = select(func.count()).select_from(Refund).where(Refund.status == "requested")
    waivers = select(func.count()).select_from(Waiver).where(Waiver.status == "requested")
    to_handle = select(func.count()).select_from(refunds_to_handle())
    row = session.execute(
        select(
            refunds.scalar_subquery() + waivers.scalar_subquery(),
            to_handle.scalar_subquery(),
            orders.where(or_(Order.review_reason.is_(None), ~disputed)).scalar_subquery(),
            orders.where(disputed).scalar_subquery(),
        )
    ).one()
    return OpenMatters(*row)
