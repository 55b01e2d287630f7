"""Money that somebody chose a way to pay, and that is still to come: by which way, and until when that way works."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.payments.models import PaymentAttempt

Way = Literal["voucher", "transfer", "on_its_way", "by_link"]


@dataclass(frozen=True)
class AwaitedMoney:
    """A number for the convenience store, a bank transfer, another way whose result is awaited, or somebody else who pays by a link.

    `until`: the last moment of a number or a transfer; the payer has that day, whichever the charge names. Afterwards the fee is
    owed as before.
    """

    way: Way
    until: datetime | None


def awaited_of_attempt(attempt: PaymentAttempt) -> AwaitedMoney:
    """Return what is awaited of an attempt that is pending."""
    if attempt.link_id is not None:
        return AwaitedMoney("by_link", attempt.pay_until)
    if attempt.transfer_account:
        return AwaitedMoney("transfer", attempt.pay_until)
    return AwaitedMoney("voucher" if attempt.voucher else "on_its_way", attempt.pay_until)


def money_awaited(session: Session, order_ids: Collection[int]) -> dict[int, AwaitedMoney]:
    """Return what is awaited for each of these orders that waits, by the order's id."""
    pending = (PaymentAttempt.order_id.in_(order_ids), PaymentAttempt.status == "pending")
    attempts = session.scalars(select(PaymentAttempt).where(*pending))
    return {attempt.order_id: awaited_of_attempt(attempt) for attempt in attempts}
