"""What is due: the charges whose last day is near or over, what their payers were told of it, and the demands (督促) that name another day.

地方自治法 第231条の3: who has not paid by the last day is urged to, with a day by which to do so.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from common.open_days import open_day_from
from portal.core.clock import now, today
from portal.core.errors import Conflict
from portal.core.events import SYSTEM, Actor
from portal.core.text import _
from portal.payments.case_payments import Payment, payment_of_case, payments_of_case
from portal.payments.history import record_for_case
from portal.payments.models import Charge, Order, OrderLine
from portal.payments.policy import due_days
from portal.payments.queries import lock_order_of_case
from portal.payments.rules import OPEN_CHARGES

BATCH = 500
_ONCE = "この料金には、もう督促状を出しています。"
_NOT_DUE = "この料金は、期限が過ぎていないか、もう支払われています。"


@dataclass(frozen=True)
class Reminder:
    """One word to a payer: what is to be paid, by which day, and whether that day is still to come or over (its event)."""

    payment: Payment
    pay_by: date
    kind: Literal["payment.reminded", "payment.overdue"]


def cases_to_remind(session: Session) -> list[int]:
    """Return the cases whose payer is to be told of a last day that is near or over, the oldest first."""
    query = select(Charge.case_id).where(_to_tell(session)).group_by(Charge.case_id)
    return list(session.scalars(query.order_by(func.min(Charge.pay_by), Charge.case_id).limit(BATCH)))


def take_reminders(session: Session, case_id: int) -> list[Reminder]:
    """Return what the payer of a case is to be told, once: it counts as told from now on. The caller holds the case's lock.

    What was paid, called off or is being decided about meanwhile is left out. Before the day a payer who has a voucher already is
    not told again.
    """
    days, reminders = due_days(session), []
    for payment in reversed(payments_of_case(session, case_id)):
        lock_order_of_case(session, payment.id)
        current = payment_of_case(session, payment.id, case_id)
        pay_by = _last_day(current)
        if pay_by is None or not current.is_payable:
            continue
        if pay_by < today() and any(charge.overdue_told_at is None for charge in current.charges):
            reminders.append(Reminder(current, pay_by, "payment.overdue"))
            for charge in current.charges:
                charge.overdue_told_at = now()
        elif today() <= pay_by <= today() + timedelta(days=days.remind_before) and any(
            charge.reminded_at is None for charge in current.charges
        ):
            if current.status != "pending":
                reminders.append(Reminder(current, pay_by, "payment.reminded"))
            for charge in current.charges:
                charge.reminded_at = now()
    session.flush()
    for reminder in reminders:
        record_for_case(session, reminder.payment, reminder.kind, SYSTEM, pay_by=reminder.pay_by.isoformat())
    return reminders


def overdue_payments() -> Subquery:
    """Return what is not paid although its last day is over, for statements that join it to cases.

    Columns: `id` (the order's), `case_id`, `purpose`, `amount`, `pay_by`, `demanded_at`, `demand_by`.
    """
    return (
        select(
            Order.id,
            Charge.case_id,
            func.min(Charge.purpose).label("purpose"),
            func.sum(Charge.amount - Charge.waived).label("amount"),
            func.min(Charge.pay_by).label("pay_by"),
            func.max(Charge.demanded_at).label("demanded_at"),
            func.max(Charge.demand_by).label("demand_by"),
        )
        .join(OrderLine, (OrderLine.order_id == Order.id) & OrderLine.living)
        .join(Charge, Charge.id == OrderLine.charge_id)
        .where(Charge.status.in_(OPEN_CHARGES), Charge.pay_by < today())
        .group_by(Order.id, Charge.case_id)
        .subquery("overdue")
    )


def demand_payment(session: Session, payment: Payment, number: str, pay_by: date, actor: Actor) -> None:
    """Keep that a demand with this number was issued, and by which day it wants to be paid. Raises Conflict for what cannot be demanded."""
    lock_order_of_case(session, payment.id)
    current = payment_of_case(session, payment.id, payment.case_id)
    refuse_demand(current)
    for charge in current.charges:
        charge.demanded_at, charge.demand_by = now(), pay_by
    session.flush()
    record_for_case(
        session, current, "payment.demanded", actor, amount=current.amount, number=number, pay_by=pay_by.isoformat()
    )


def refuse_demand(payment: Payment) -> None:
    """Raise Conflict unless the payment is overdue and no demand was issued for it: one demand interrupts prescription, a second does not."""
    last_day = _last_day(payment)
    if not payment.is_payable or last_day is None or last_day >= today():
        raise Conflict(_(_NOT_DUE))
    if any(charge.demanded_at is not None for charge in payment.charges):
        raise Conflict(_(_ONCE))


def demand_day(session: Session) -> date:
    """Return the day that a demand issued today names; never a closed one."""
    return open_day_from(today() + timedelta(days=due_days(session).demand_within))


def _last_day(payment: Payment) -> date | None:
    return min((charge.pay_by for charge in payment.charges if charge.pay_by is not None), default=None)


def _to_tell(session: Session) -> ColumnElement[bool]:
    near = today() + timedelta(days=due_days(session).remind_before)
    return and_(
        Charge.status.in_(OPEN_CHARGES),
        or_(
            and_(Charge.pay_by <= near, Charge.pay_by >= today(), Charge.reminded_at.is_(None)),
            and_(Charge.pay_by < today(), Charge.overdue_told_at.is_(None)),
        ),
    )
