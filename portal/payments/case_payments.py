"""What an order asks of each of its cases: this is a payment as cases, residents and the desk know it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.payments.models import Charge, Order, OrderLine
from portal.payments.rules import PAYABLE


@dataclass(frozen=True)
class Payment:
    """The charges of one case in one order, and what became of them. `id` and `public_id` are the order's."""

    order: Order
    case_id: int
    charges: tuple[Charge, ...]

    @property
    def id(self) -> int:
        """The order's id."""
        return self.order.id

    @property
    def public_id(self) -> str:
        """The order's id in addresses."""
        return self.order.public_id

    @property
    def version(self) -> int:
        """The order's version, see `Order`."""
        return self.order.version

    @property
    def purpose(self) -> str:
        """When it arose."""
        return self.charges[0].purpose

    @property
    def title(self) -> str:
        """What it is for."""
        return self.charges[0].about

    @property
    def amount(self) -> int:
        """Yen that are asked of this case, without what was waived."""
        return sum(charge.due for charge in self.charges)

    @property
    def received(self) -> int:
        """Yen that arrived for this case and count."""
        return sum(charge.received for charge in self.charges)

    @property
    def given_back(self) -> int:
        """Of those, yen whose refund succeeded."""
        return sum(charge.given_back for charge in self.charges)

    @property
    def net_received(self) -> int:
        """Yen that the city has: received and not refunded."""
        return self.received - self.given_back

    @property
    def status(self) -> str:
        """The order's status (`rules.PAYMENT_STATUSES`); once that is paid, whether all of this case's money went back."""
        if self.order.status not in {"paid", "refunded"}:
            return self.order.status
        return "refunded" if all(charge.status == "refunded" for charge in self.charges) else "paid"

    @property
    def is_payable(self) -> bool:
        """Whether it still waits to be paid."""
        return self.status in PAYABLE

    @property
    def method(self) -> str | None:
        """How it was paid."""
        return self.order.method

    @property
    def by_link(self) -> bool:
        """Whether somebody else paid it, by a link (代理納付)."""
        return self.order.by_link

    @property
    def review_reason(self) -> str | None:
        """Why staff must decide about it."""
        return self.order.review_reason

    @property
    def paid_at(self) -> datetime | None:
        """When it was paid first."""
        return self.order.paid_at

    @property
    def pay_by(self) -> date | None:
        """The last day for it: that of a demand where there is one."""
        days = [charge.demand_by or charge.pay_by for charge in self.charges]
        return min((day for day in days if day is not None), default=None)

    @property
    def is_demanded(self) -> bool:
        """Whether a demand (督促状) was issued for it."""
        return any(charge.demanded_at is not None for charge in self.charges)

    @property
    def created_at(self) -> datetime:
        """Since when the order exists."""
        return self.order.created_at


def payments_of_case(session: Session, case_id: int) -> list[Payment]:
    """Return every payment of a case, newest first."""
    return _payments(session, _rows().where(Charge.case_id == case_id, OrderLine.living))


def payments_of_cases(session: Session, case_ids: Collection[int]) -> dict[int, list[Payment]]:
    """Return the payments of several cases by the case's id, newest first; a case without any is left out."""
    payments: dict[int, list[Payment]] = {}
    for payment in _payments(session, _rows().where(Charge.case_id.in_(case_ids), OrderLine.living)):
        payments.setdefault(payment.case_id, []).append(payment)
    return payments


def payments_of_order(session: Session, order_id: int, *, missing_ok: bool = False) -> list[Payment]:
    """Return what an order asks of each of its cases, in the order of its lines; of one that was replaced, what it asked for.

    Raises NotFound, unless there need not be such an order.
    """
    payments = _payments(session, _rows().where(Order.id == order_id, OrderLine.living))
    if not payments:
        payments = _payments(session, _rows().where(Order.id == order_id))
    if not payments and not missing_ok:
        raise NotFound
    return payments


def payments_with_order(session: Session, public_id: str) -> list[Payment]:
    """Return what the order with this id in its addresses asks of each of its cases; nothing where there is none."""
    return _payments(session, _rows().where(Order.public_id == public_id, OrderLine.living))


def cases_of_orders(session: Session, order_ids: Collection[int]) -> dict[int, int]:
    """Return the first case of each order, by the order's id."""
    query = select(OrderLine.order_id, func.min(Charge.case_id)).join(Charge, Charge.id == OrderLine.charge_id)
    rows = session.execute(query.where(OrderLine.order_id.in_(order_ids)).group_by(OrderLine.order_id))
    return {order_id: int(case_id) for order_id, case_id in rows}


def payments_of_orders(session: Session, order_ids: Collection[int]) -> dict[int, Payment]:
    """Return what each of these orders asked of its first case, by the order's id, also where others took its charges over."""
    payments: dict[int, Payment] = {}
    for payment in _payments(session, _rows().where(Order.id.in_(order_ids))):
        payments.setdefault(payment.id, payment)
    return payments


def payment_of_case(session: Session, order_id: int, case_id: int) -> Payment:
    """Return what an order asks of one case. Raises NotFound."""
    payments = payments_of_order(session, order_id)
    payment = next((payment for payment in payments if payment.case_id == case_id), None)
    if payment is None:
        raise NotFound
    return payment


def _rows() -> Select[Order, Charge]:
    return (
        select(Order, Charge)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Charge, Charge.id == OrderLine.charge_id)
        .order_by(Order.id.desc(), OrderLine.id)
        .execution_options(populate_existing=True)
    )


def _payments(session: Session, rows: Select[Order, Charge]) -> list[Payment]:
    return _grouped((order, charge) for order, charge in session.execute(rows))


def _grouped(rows: Iterable[tuple[Order, Charge]]) -> list[Payment]:
    grouped: dict[tuple[int, int], tuple[Order, list[Charge]]] = {}
    for order, charge in rows:
        grouped.setdefault((order.id, charge.case_id), (order, []))[1].append(charge)
    return [Payment(order, case_id, tuple(charges)) for (_order_id, case_id), (order, charges) in grouped.items()]
