"""Where each charge stands for the one who owes it, and why: the one source of what pages say of a line of money."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from portal.core.clock import today
from portal.payments.awaited_money import awaited_of_attempt
from portal.payments.awaited_transfers import arrived_by_order
from portal.payments.case_payments import Payment
from portal.payments.models import Charge, PaymentAttempt
from portal.payments.queries import ChargeRefund, refunds_of_charges
from portal.payments.waivers import reasons_of_waivers

State = Literal["owed", "pending", "review", "paid", "given_back", "waived", "called_off"]
Why = Literal[
    "",
    "declined",
    "overdue",
    "demanded",
    "voucher",
    "transfer",
    "on_its_way",
    "by_link",
    "returning",
    "account_needed",
    "not_returned",
]
"""Why it is so, beside the plain case: an attempt failed; its day is over; a demand was issued; a convenience-store slip, or a bank transfer, is waited for;
the result of another way is awaited; somebody else pays, or paid, by a link; money goes back; the payer must name a bank account for
that; it could not go back."""

_RETURNING = {
    "approved": "returning",
    "pending": "returning",
    "requires_action": "account_needed",
    "failed": "not_returned",
}


@dataclass(frozen=True)
class Standing:
    """A charge's state with the reason. `until`: when a slip that waits, or a transfer, ends; `arrived`: the yen that came of
    that so far, for the whole order; `failure`: the provider's code of a failed attempt."""

    charge: Charge
    payment: Payment
    state: State
    why: Why = ""
    until: datetime | None = None
    arrived: int = 0
    failure: str | None = None
    returning: int = 0
    """Yen whose refund is under way."""
    refunds: tuple[ChargeRefund, ...] = ()
    reasons: tuple[str, ...] = ()
    """What the office wrote to the payer about waiving part of it, or all."""


def standing_of(
    charge: Charge, payment: Payment, attempt: PaymentAttempt | None, refunds: Sequence[ChargeRefund]
) -> Standing:
    """Return where a charge stands, given the newest attempt at its order and the refunds of the charge."""
    match charge.status:
        case "owed":
            failure = attempt.failure if attempt is not None else None
            return Standing(
                charge, payment, "owed", _lateness(charge) or ("declined" if failure else ""), failure=failure
            )
        case "pending":
            return _pending(charge, payment, attempt)
        case "review":
            return Standing(charge, payment, "review")
        case "waived":
            return Standing(charge, payment, "waived")
        case "paid" | "refunded":
            return _paid(charge, payment, refunds)
        case _:
            return Standing(charge, payment, "called_off")


def standings(session: Session, payments: Collection[Payment]) -> list[Standing]:
    """Return where every charge of these payments stands, in their order: two statements, however many there are, and one more each where some were waived, or
    a transfer is awaited."""
    charges = [charge for payment in payments for charge in payment.charges]
    attempts = _newest_attempts(session, [payment.id for payment in payments])
    refunds = refunds_of_charges(session, [charge.id for charge in charges])
    awaited = [each.id for each in attempts.values() if each.status == "pending" and each.transfer_account]
    arrived = arrived_by_order(session, awaited) if awaited else {}
    reasons = reasons_of_waivers(session, [charge.id for charge in charges if _is_waived(charge, refunds)])
    return [
        replace(
            standing_of(charge, payment, attempts.get(payment.id), refunds.get(charge.id, ())),
            arrived=arrived.get(payment.id, 0),
            refunds=tuple(refunds.get(charge.id, ())),
            reasons=tuple(reasons.get(charge.id, ())),
        )
        for payment in payments
        for charge in payment.charges
    ]


def _is_waived(charge: Charge, refunds: Mapping[int, Sequence[ChargeRefund]]) -> bool:
    return charge.waived > 0 or any(refund.grounds == "waiver" for refund in refunds.get(charge.id, ()))


def _lateness(charge: Charge) -> Why:
    if charge.demanded_at is not None:
        return "demanded"
    return "overdue" if charge.pay_by is not None and charge.pay_by < today() else ""


def _pending(charge: Charge, payment: Payment, attempt: PaymentAttempt | None) -> Standing:
    if attempt is None:
        return Standing(charge, payment, "pending", "on_its_way")
    awaited = awaited_of_attempt(attempt)
    return Standing(charge, payment, "pending", awaited.way, awaited.until)


def _paid(charge: Charge, payment: Payment, refunds: Sequence[ChargeRefund]) -> Standing:
    under_way = [refund for refund in refunds if refund.status in _RETURNING and refund.handled_at is None]
    why: Why = "by_link" if payment.by_link else ""
    if under_way:
        why = _RETURNING[under_way[-1].status]  # type: ignore[assignment] # the values of the table are reasons
    state: State = "given_back" if charge.status == "refunded" else "paid"
    return Standing(charge, payment, state, why, returning=sum(refund.amount for refund in under_way))


def _newest_attempts(session: Session, order_ids: Collection[int]) -> dict[int, PaymentAttempt]:
    newest = select(PaymentAttempt).ext(distinct_on(PaymentAttempt.order_id))
    query = newest.where(PaymentAttempt.order_id.in_(order_ids))
    attempts = session.scalars(query.order_by(PaymentAttempt.order_id, PaymentAttempt.number.desc()))
    return {attempt.order_id: attempt for attempt in attempts}
