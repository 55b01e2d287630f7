"""Bank transfers that are awaited: where to, how much, how much of it has come, and until when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.payments.models import PaymentAttempt
from portal.payments.transfer_models import TransferArrival

GRACE: Final = timedelta(days=3)
"""How long a transfer is still taken for the payment after its last day: what a bank took in that evening arrives on its next business day."""


@dataclass(frozen=True)
class AwaitedTransfer:
    """A transfer that somebody chose to make: `amount` yen to `account` (`PaymentAttempt.transfer_account`), of which `arrived` have come.

    `by_link`: somebody else pays, by a link.
    """

    amount: int
    arrived: int
    account: Mapping[str, str]
    until: datetime
    by_link: bool

    @property
    def missing(self) -> int:
        """Yen that have not come yet."""
        return max(0, self.amount - self.arrived)


def awaited_transfer(session: Session, order_id: int) -> AwaitedTransfer | None:
    """Return the transfer that an order waits for, if it waits for one."""
    query = select(PaymentAttempt).where(PaymentAttempt.order_id == order_id, PaymentAttempt.status == "pending")
    attempt = session.scalar(query)
    return transfer_of_attempt(session, attempt) if attempt is not None else None


def transfer_of_attempt(session: Session, attempt: PaymentAttempt) -> AwaitedTransfer | None:
    """Return the transfer that this attempt waits for."""
    if attempt.status != "pending" or attempt.transfer_account is None or attempt.pay_until is None:
        return None
    return AwaitedTransfer(
        attempt.amount,
        arrived_for(session, attempt.id),
        attempt.transfer_account,
        attempt.pay_until,
        attempt.link_id is not None,
    )


def arrived_for(session: Session, attempt_id: int) -> int:
    """Return the yen that came by transfer for an attempt, whatever became of them."""
    query = select(func.coalesce(func.sum(TransferArrival.amount), 0)).where(TransferArrival.attempt_id == attempt_id)
    return int(session.scalar(query) or 0)


def arrived_by_order(session: Session, attempt_ids: Collection[int]) -> dict[int, int]:
    """Return the same for several attempts, by the order's id."""
    query = (
        select(PaymentAttempt.order_id, func.sum(TransferArrival.amount))
        .join(TransferArrival, TransferArrival.attempt_id == PaymentAttempt.id)
        .where(PaymentAttempt.id.in_(attempt_ids))
        .group_by(PaymentAttempt.order_id)
    )
    return {order_id: int(amount) for order_id, amount in session.execute(query)}


def overdue_transfers(session: Session) -> Sequence[PaymentAttempt]:
    """Return the attempts whose transfer did not come in time: their pages are closed."""
    waiting = PaymentAttempt.status == "pending", PaymentAttempt.customer_id.is_not(None)
    attempts = session.scalars(select(PaymentAttempt).where(*waiting).order_by(PaymentAttempt.id))
    return [each for each in attempts if each.pay_until is not None and each.pay_until + GRACE < now()]
