"""Slips of convenience stores that wait to be paid: how much, until when, and the numbers to enter in each store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.payments.labels import STORES
from portal.payments.models import PaymentAttempt


@dataclass(frozen=True)
class AwaitedSlip:
    """A slip over `amount` yen. `stores` have a name, payment_code and confirmation_number each. `by_link`: somebody else pays, by a link."""

    amount: int
    stores: Sequence[Mapping[str, str]]
    until: datetime
    by_link: bool


def awaited_slip(session: Session, order_id: int) -> AwaitedSlip | None:
    """Return the slip that an order waits for, if it waits for one."""
    query = select(PaymentAttempt).where(PaymentAttempt.order_id == order_id, PaymentAttempt.status == "pending")
    attempt = session.scalar(query)
    if attempt is None or attempt.voucher is None or attempt.pay_until is None:
        return None
    numbers = attempt.voucher["stores"]
    stores = [{"name": name, **numbers[store]} for store, name in STORES.items() if store in numbers]
    return AwaitedSlip(attempt.amount, stores, attempt.pay_until, attempt.link_id is not None)


def slip_ran_out(session: Session, order_id: int) -> bool:
    """Whether the newest way to pay an order was a slip that nobody paid in time."""
    of_order = (PaymentAttempt.order_id == order_id,)
    newest = select(PaymentAttempt).where(*of_order).order_by(PaymentAttempt.number.desc()).limit(1)
    attempt = session.scalar(newest)
    return attempt is not None and attempt.voucher is not None and attempt.status in ("expired", "failed")
