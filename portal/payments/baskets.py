"""One order for charges of several applications: they are taken out of the orders in which they waited, and paid in one go.

A charge is in one living order at a time, so whoever presses twice, on two pages or two devices, always comes to the same one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.errors import Conflict, Unavailable
from portal.core.locking import lock_rows
from portal.core.text import _
from portal.payments import checkout, queries
from portal.payments.models import Charge, Order, OrderLine, PaymentAttempt
from portal.payments.payment_requests import move_charges, new_order
from portal.payments.provider import UNAVAILABLE_MESSAGE, ProviderRejected, ProviderUnavailable
from portal.payments.settlement import charges_of_order

_OVER = "選んだ料金の中に、もう支払いが終わったもの、または取り消されたものがあります。いまの一覧を確かめてください。"
_WAITING = (
    "支払い番号や振込先が出ている料金は、まとめられません。そこで支払うか、その料金のページで別の方法を選んでください。"
)
_MORE_ABOUT = "{first} ほか{count}件"


@dataclass(frozen=True)
class _Ready:
    public_id: str


@dataclass(frozen=True)
class _Waits:
    """An order whose page at the provider must be out of use first."""

    order_id: int
    attempt_id: int
    checkout_id: str | None


def gather_charges(city_key: str, charge_ids: Collection[int], *, next_path: str) -> str:
    """Return the public id of the one order in which exactly these charges are paid; `next_path` is the page to show once it is:
    `{order}` in it stands for that id.

    Works in transactions of its own, none of which is open while the provider is called. Raises Conflict when one of the charges
    is paid, called off, or waits for a voucher to be paid, and Unavailable when the provider does not answer; then nothing changed.
    """
    for _step in range(checkout.MAX_STEPS + len(charge_ids)):
        with city_session(city_key) as session:
            step = _next_step(session, sorted(charge_ids), next_path)
        if isinstance(step, _Ready):
            return step.public_id
        try:
            if step is None:
                continue
            if step.checkout_id is None:
                checkout.create(city_key, step.attempt_id)
            else:
                checkout.expire(city_key, step.order_id, step.checkout_id)
        except ProviderRejected as error:
            raise ProviderUnavailable from error
    raise Unavailable(UNAVAILABLE_MESSAGE)


def _next_step(session: Session, charge_ids: Sequence[int], next_path: str) -> _Ready | _Waits | None:
    """Gather the charges unless a page is still in use; None when they moved while their orders were locked."""
    orders = lock_rows(session, Order, Order.id.in_(_orders_of(session, charge_ids)), order_by=(Order.id.asc(),))
    charges = {order.id: charges_of_order(session, order.id) for order in orders}
    chosen = [charge for order in orders for charge in charges[order.id] if charge.id in charge_ids]
    if len(chosen) != len(charge_ids):
        if _orders_of(session, charge_ids) == [order.id for order in orders]:
            raise Conflict(_(_OVER))
        return None
    if not chosen or not all(charge.is_open for charge in chosen):
        raise Conflict(_(_OVER))
    if len(orders) == 1 and len(charges[orders[0].id]) == len(chosen):
        return _Ready(orders[0].public_id)
    live = [attempt for order in orders if (attempt := queries.live_attempt(session, order.id)) is not None]
    if any(attempt.status == "pending" for attempt in live):
        raise Conflict(_(_WAITING))
    if live:
        return _waits(live[0])
    return _Ready(_gathered(session, orders, charges, chosen, next_path).public_id)


def _waits(attempt: PaymentAttempt) -> _Waits:
    return _Waits(attempt.order_id, attempt.id, attempt.checkout_id)


def _orders_of(session: Session, charge_ids: Sequence[int]) -> list[int]:
    query = select(OrderLine.order_id).where(OrderLine.charge_id.in_(charge_ids), OrderLine.living).distinct()
    return sorted(session.scalars(query))


def _gathered(
    session: Session,
    orders: Sequence[Order],
    charges: dict[int, list[Charge]],
    chosen: Sequence[Charge],
    next_path: str,
) -> Order:
    basket = new_order(session, _title(chosen), sum(charge.due for charge in chosen), next_path)
    basket.next_path = next_path.replace("{order}", basket.public_id)
    for order in orders:
        moved = [charge for charge in charges[order.id] if charge in chosen]
        move_charges(session, moved, order, basket)
        order.version += 1
        if len(moved) == len(charges[order.id]):
            order.status, order.canceled_at, order.replaced_by_id = "canceled", now(), basket.id
        else:
            order.amount -= sum(charge.due for charge in moved)
            order.title = _title([charge for charge in charges[order.id] if charge not in moved])
    for charge in chosen:
        charge.status = "owed"
    session.flush()
    return basket


def _title(charges: Sequence[Charge]) -> str:
    """Return what an order is for, in the city's language; pages name each charge in the reader's."""
    abouts = list(dict.fromkeys(charge.about for charge in charges))
    return abouts[0] if len(abouts) == 1 else _MORE_ABOUT.format(first=abouts[0], count=len(abouts) - 1)


def current_order(session: Session, order: Order) -> Order:
    """Return the order in which the charges of one that was taken into a basket are paid now; otherwise the order itself."""
    while order.replaced_by_id is not None:
        order = session.get_one(Order, order.replaced_by_id)
    return order
