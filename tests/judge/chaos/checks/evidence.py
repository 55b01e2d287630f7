"""What both sides have of the payments of a leg: rows of the city, objects of the provider, and letters."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.payments.models import Charge, Order, OrderLine, PaymentAttempt, Refund, RefundLine
from portal.payments.rules import OFFLINE_METHODS
from tests.judge import books
from tests.judge.chaos.town import Town

Row = TypeVar("Row")
Key = TypeVar("Key")


KINDS: Final = (
    "charge",
    "refund",
    "checkout.session",
    "payment_intent",
    "dispute",
    "balance_transaction",
    "customer",
    "customer_cash_balance_transaction",
)
"""Objects of the provider that are looked at."""


@dataclass
class Evidence:
    """Everything that was asked for in a leg, and what became of it on both sides.

    By the order's id: `attempts`, `refunds`, and `living`, the charges that are paid with it. By the charge's id: `lines` in orders, and
    `parts` of refunds. `at_provider`: objects by kind and id.
    """

    town: Town
    session: Session
    orders: dict[int, Order] = field(default_factory=dict)
    attempts: dict[int, list[PaymentAttempt]] = field(default_factory=dict)
    refunds: dict[int, list[Refund]] = field(default_factory=dict)
    lines: dict[int, list[OrderLine]] = field(default_factory=dict)
    living: dict[int, list[int]] = field(default_factory=dict)
    charges: dict[int, Charge] = field(default_factory=dict)
    parts: dict[int, list[RefundLine]] = field(default_factory=dict)
    at_provider: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        since = self.town.begun_at
        self.orders = {order.id: order for order in self._rows(select(Order).where(Order.id > since))}
        attempts = self._rows(select(PaymentAttempt).where(PaymentAttempt.order_id > since).order_by(PaymentAttempt.id))
        self.attempts = _by((each.order_id, each) for each in attempts)
        self.refunds = _by((each.order_id, each) for each in self._rows(select(Refund).where(Refund.order_id > since)))
        lines = self._rows(select(OrderLine).where(OrderLine.order_id > since))
        self.lines = _by((line.charge_id, line) for line in lines)
        self.living = _by((line.order_id, line.charge_id) for line in lines if line.living)
        self.charges = {each.id: each for each in self._rows(select(Charge)) if each.id in self.lines}
        self.parts = _by((part.charge_id, part) for part in self._rows(select(RefundLine)))
        for kind in KINDS:
            objects = books.objects_at_provider(self.town.ground, self.town.key, kind)
            self.at_provider[kind] = {each["id"]: each for each in objects}

    @property
    def online(self) -> list[PaymentAttempt]:
        """The attempts that were made at the provider."""
        return [each for each in self.every_attempt if each.method not in OFFLINE_METHODS]

    @property
    def every_attempt(self) -> list[PaymentAttempt]:
        """All attempts of the leg."""
        return [attempt for of_order in self.attempts.values() for attempt in of_order]

    @property
    def every_refund(self) -> list[Refund]:
        """All refunds of the leg."""
        return [refund for of_order in self.refunds.values() for refund in of_order]

    def charged(self) -> dict[str, list[dict[str, Any]]]:
        """The provider's charges that succeeded, by our reference."""
        charges = self.at_provider["charge"].values()
        return _by((each["metadata"].get("reference", ""), each) for each in charges if each["status"] == "succeeded")

    def _rows(self, query: Any) -> Sequence[Any]:
        return self.session.scalars(query).all()


def _by(pairs: Iterable[tuple[Key, Row]]) -> dict[Key, list[Row]]:
    rows: dict[Key, list[Row]] = defaultdict(list)
    for key, row in pairs:
        rows[key].append(row)
    return rows
