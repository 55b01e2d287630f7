"""Reading payments, their attempts and their refunds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from portal.core.errors import Conflict, NotFound
from portal.core.locking import lock_row, lock_rows
from portal.core.text import _
from portal.payments import listeners, rules
from portal.payments.models import Charge, Order, OrderLine, PaymentAttempt, Refund, RefundLine

STALE_PAYMENT = "この支払いは、先にほかの人が処理しました。いまの状態を確かめてください。"


def order_by_public_id(session: Session, public_id: str) -> Order:
    """Return the order with this id in its addresses. Raises NotFound."""
    order = session.scalar(select(Order).where(Order.public_id == public_id))
    if order is None:
        raise NotFound
    return order


def lock_order(session: Session, order_id: int, *, expected_version: int | None = None) -> Order:
    """Return the order with its row and those of its cases locked, and every other order of these: a case whose payment ends settles
    what waited for that in its other orders. Everything that changes an order begins here.

    `expected_version`: the version that the decision was made on. Raises NotFound; Conflict when the order has changed since.
    Whoever holds one of its cases already uses `lock_order_of_case`.
    """
    of_order = select(Charge.case_id).join(OrderLine, OrderLine.charge_id == Charge.id)
    cases = of_order.where(OrderLine.order_id == order_id)
    listeners.lock_cases(session, cases)
    _lock_orders(session, or_(Order.id == order_id, Order.id.in_(_orders_of_cases(cases))))
    return lock_order_of_case(session, order_id, expected_version=expected_version)


def lock_order_of_case(session: Session, order_id: int, *, expected_version: int | None = None) -> Order:
    """Return the order with its row locked, for whoever decides about one of its cases, which is locked. Raises what `lock_order` raises."""
    order = lock_row(session, Order, Order.id == order_id)
    if order is None:
        raise NotFound
    if expected_version is not None and expected_version != order.version:
        raise Conflict(_(STALE_PAYMENT))
    return order


def lock_orders_of_cases(session: Session, case_ids: Collection[int]) -> None:
    """Lock every order that asks these cases for something. The cases are locked, and no event was recorded yet: the order in which
    everybody locks is cases, limited places, orders, the chain of events.
    """
    _lock_orders(session, Order.id.in_(_orders_of_cases(case_ids)))


def _orders_of_cases(case_ids: Collection[int] | Select[int]) -> Select[int]:
    query = select(OrderLine.order_id).join(Charge, Charge.id == OrderLine.charge_id)
    return query.where(Charge.case_id.in_(case_ids), OrderLine.living)


def _lock_orders(session: Session, condition: ColumnElement[bool]) -> None:
    locked: set[int] = set()
    chosen = select(Order.id).where(condition)
    while missing := set(session.scalars(chosen)) - locked:  # a basket that took charges over meanwhile is newer
        lock_rows(session, Order, Order.id.in_(missing), order_by=[Order.id.asc()])
        locked |= missing


def attempts_of_order(session: Session, order_id: int) -> list[PaymentAttempt]:
    """Return the attempts of an order, oldest first."""
    return list(session.scalars(_attempts(order_id).order_by(PaymentAttempt.number)))


def attempt_by_checkout_id(session: Session, checkout_id: str) -> PaymentAttempt | None:
    """Return the attempt with this page at the provider."""
    return session.scalar(select(PaymentAttempt).where(PaymentAttempt.checkout_id == checkout_id))


def latest_attempt(session: Session, order_id: int) -> PaymentAttempt | None:
    """Return the newest attempt; None if there is none yet."""
    return session.scalar(_attempts(order_id).order_by(PaymentAttempt.number.desc()).limit(1))


def live_attempt(session: Session, order_id: int) -> PaymentAttempt | None:
    """Return the one attempt that can still be paid, if there is one."""
    return session.scalar(_attempts(order_id).where(PaymentAttempt.status.in_(rules.LIVE)))


def settling_attempt(session: Session, order_id: int) -> PaymentAttempt | None:
    """Return the attempt whose money counts for the order, once it is paid."""
    return session.scalar(_attempts(order_id).where(PaymentAttempt.settles))


def line_of_charge(session: Session, order_id: int, charge_id: int) -> OrderLine:
    """Return the line of an order with this charge."""
    query = select(OrderLine).where(OrderLine.order_id == order_id, OrderLine.charge_id == charge_id)
    return session.scalars(query).one()


def _attempts(order_id: int) -> Select[PaymentAttempt]:
    return select(PaymentAttempt).where(PaymentAttempt.order_id == order_id)


def refunds_of_order(session: Session, order_id: int, attempt_id: int | None = None) -> list[Refund]:
    """Return the refunds of an order (of one of its attempts), oldest first."""
    query = select(Refund).where(Refund.order_id == order_id)
    if attempt_id is not None:
        query = query.where(Refund.attempt_id == attempt_id)
    return list(session.scalars(query.order_by(Refund.id)))


def refunds_of_attempt(session: Session, attempt: PaymentAttempt) -> list[Refund]:
    """Return the refunds of the payment that an attempt is, oldest first: without what was transferred beyond it."""
    refunds = refunds_of_order(session, attempt.order_id, attempt.id)
    return [refund for refund in refunds if refund.grounds != rules.SURPLUS_OF_TRANSFERS]


@dataclass(frozen=True)
class ChargeRefund:
    """What one refund gives back of one charge, in yen, and how far it is (`rules.REFUND_STATUSES`)."""

    refund_id: int
    charge_id: int
    amount: int
    status: str
    grounds: str
    by_transfer: bool
    requested_at: datetime
    finished_at: datetime | None
    handled_at: datetime | None = None
    """Since when somebody took on one that failed."""


def refunds_by_charge(session: Session, case_id: int) -> dict[int, list[ChargeRefund]]:
    """Return the refunds of each charge of a case (by its id), oldest first; charges without one are left out."""
    return _by_charge(session, Charge.case_id == case_id)


def refunds_of_charges(session: Session, charge_ids: Collection[int]) -> dict[int, list[ChargeRefund]]:
    """Return the refunds of each of these charges (by its id), oldest first; charges without one are left out."""
    return _by_charge(session, Charge.id.in_(charge_ids))


def _by_charge(session: Session, condition: ColumnElement[bool]) -> dict[int, list[ChargeRefund]]:
    query = (
        select(
            Refund.id,
            RefundLine.charge_id,
            RefundLine.amount,
            Refund.status,
            Refund.grounds,
            Refund.by_transfer,
            Refund.created_at,
            Refund.finished_at,
            Refund.handled_at,
        )
        .join(RefundLine, RefundLine.refund_id == Refund.id)
        .join(Charge, Charge.id == RefundLine.charge_id)
        .where(condition)
        .order_by(Refund.id)
    )
    by_charge: dict[int, list[ChargeRefund]] = {}
    for row in session.execute(query):
        by_charge.setdefault(row.charge_id, []).append(ChargeRefund(*row))
    return by_charge


def refunds_awaiting_account(session: Session, case_ids: Collection[int]) -> dict[int, int]:
    """Return the yen, by the case's id, that cannot go back before the payer names a bank account to the provider; cases without any are left out."""
    query = select(Charge.case_id, func.sum(RefundLine.amount)).join(RefundLine, RefundLine.charge_id == Charge.id)
    query = query.join(Refund, Refund.id == RefundLine.refund_id)
    waiting = query.where(Charge.case_id.in_(case_ids), Refund.status == "requires_action")
    return {case_id: int(amount) for case_id, amount in session.execute(waiting.group_by(Charge.case_id))}


def refundable_amount_of_attempt(session: Session, attempt: PaymentAttempt) -> int:
    """Return the yen of one paid attempt that can still be refunded."""
    refunds = refunds_of_attempt(session, attempt)
    return rules.refundable(attempt.received_amount, ((refund.amount, refund.status) for refund in refunds))
