"""Charges, orders, pages and refunds in any order of events, with a provider in memory: no yen is lost, doubled or below zero."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.core.database import city_session
from portal.core.errors import Conflict, Invalid
from portal.ledger import JournalPosting
from portal.payments import (
    LineItem,
    cancel_payment,
    gather_charges,
    open_payment,
    payments_of_cases,
    request_refund,
    rules,
)
from portal.payments.checkout import CheckoutOptions, expire_outdated, start_checkout
from portal.payments.models import Charge, Order, OrderLine, PaymentAttempt, Refund
from portal.payments.provider import CheckoutRequest, CheckoutSnapshot, RefundSnapshot
from portal.payments.refunds import send_refund, sync_refund
from portal.payments.sync import sync_payment
from tests.kit.city import bare_case
from tests.kit.payer import ORIGIN, Payer

PAGES = ("open", "pending")
STEPS = 40
WITHDRAWN = 0.3
"""How often a turn to withdraw something is taken: otherwise little would be left to pay."""


@dataclass
class MemoryProvider:
    """Pages and refunds as a provider has them; it pays, expires and refunds exactly what it is asked."""

    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)

    def build_payload(self, request: CheckoutRequest) -> dict[str, Any]:
        return {"reference": request.reference, "amount": sum(line.amount for line in request.lines)}

    def open_checkout(self, payload: dict[str, Any], idempotency_key: str) -> CheckoutSnapshot:
        self.pages.setdefault(idempotency_key, {**payload, "status": "open"})
        return self.read_checkout(idempotency_key)

    def find_checkout(self, reference: str, since: datetime) -> CheckoutSnapshot | None:
        return self.read_checkout(reference) if reference in self.pages else None

    def read_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        page = self.pages[checkout_id]
        return CheckoutSnapshot(
            checkout_id,
            page["status"],
            page["amount"],
            "jpy",
            checkout_id,
            datetime.now(UTC) + timedelta(hours=1),
            url=f"https://pay.example/{checkout_id}",
            intent_id=f"intent:{checkout_id}",
            charge_id=f"charge:{checkout_id}" if page["status"] == "paid" else None,
            method="card",
        )

    def expire_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        page = self.pages[checkout_id]
        page["status"] = {"open": "expired", "pending": "failed"}.get(page["status"], page["status"])
        return self.read_checkout(checkout_id)

    def refund(self, intent_id: str, amount: int, reference: str, reason: str) -> RefundSnapshot:
        self.refunds.setdefault(reference, {"intent": intent_id, "amount": amount, "status": "pending"})
        return self.read_refund(reference)

    def find_refund(self, intent_id: str, reference: str) -> RefundSnapshot | None:
        return self.read_refund(reference) if reference in self.refunds else None

    def read_refund(self, provider_id: str) -> RefundSnapshot:
        refund = self.refunds[provider_id]
        return RefundSnapshot(provider_id, refund["status"], refund["amount"], provider_id)

    @property
    def balance(self) -> int:
        """Yen that it took in and did not give back."""
        taken = sum(page["amount"] for page in self.pages.values() if page["status"] == "paid")
        return int(taken) - sum(
            int(refund["amount"]) for refund in self.refunds.values() if refund["status"] == "succeeded"
        )


class Money:
    """Residents, the provider, the office and the worker take turns; a seed says in which order."""

    def __init__(self, key: str, case_ids: list[int], provider: MemoryProvider, seed: int) -> None:
        self.key, self.case_ids, self.provider = key, case_ids, provider
        self.seed, self.chance, self.openings = seed, Random(seed), 0

    def run(self, steps: int) -> None:
        """Take that many steps; the sums agree after each."""
        acts = (self.owe, self.gather, self.start, self.start, self.at_the_provider, self.at_the_provider, self.hear)
        for _step in range(steps):
            self.chance.choice((*acts, self.withdraw, self.give_back, self.send_refunds))()
            self.sums_agree()
        self.finish()

    def owe(self) -> None:
        amounts = [self.chance.randint(50, 5000) for _line in range(self.chance.randint(1, 3))]
        self.charge(self.chance.randrange(3), amounts)

    def charge(self, case: int, amounts: list[int]) -> None:
        self.openings += 1
        lines = [LineItem(f"料金{number}", amount) for number, amount in enumerate(amounts)]
        with city_session(self.key) as session:
            purpose = f"{self.seed}-{self.openings}"
            open_payment(session, self.case_ids[case], lines, title=f"申請{case}", purpose=purpose)

    def gather(self) -> None:
        charges = self._charges("owed", "pending")
        chosen = [charge.id for charge in self.chance.sample(charges, min(3, len(charges)))]
        if chosen:
            self._attempt(lambda: gather_charges(self.key, chosen, next_path="/me"))

    def start(self) -> None:
        with city_session(self.key) as session:
            orders = list(session.scalars(select(Order).where(Order.status.in_(rules.PAYABLE)).order_by(Order.id)))
        if orders:
            public_id = self.chance.choice(orders).public_id
            self._attempt(lambda: start_checkout(self.key, public_id, CheckoutOptions(ORIGIN)))

    def at_the_provider(self) -> None:
        """Somebody pays a page that can be paid, takes a voucher, or lets one lapse; the portal has not heard of it yet."""
        pages = [page for page in self.provider.pages.values() if page["status"] in PAGES]
        if pages:
            page = self.chance.choice(pages)
            page["status"] = self.chance.choice(("paid", "paid", "pending" if page["status"] == "open" else "failed"))

    def hear(self) -> None:
        self._hear_of_pages()

    def withdraw(self) -> None:
        payments = self._payments()
        if payments and self.chance.random() < WITHDRAWN:
            payment = self.chance.choice(payments)
            self._attempt(lambda: self._in_session(cancel_payment, payment))
            self._expire()

    def give_back(self) -> None:
        payments = [payment for payment in self._payments() if payment.net_received]
        if payments:
            payment, amount = self.chance.choice(payments), self.chance.choice((None, self.chance.randint(1, 3000)))
            self._attempt(lambda: self._in_session(request_refund, payment, amount, ""))

    def send_refunds(self) -> None:
        self._send_refunds()
        for refund in self.provider.refunds.values():
            if refund["status"] in {"pending", "requires_action"}:
                refund["status"] = self.chance.choice(("succeeded", "succeeded", "failed", "requires_action"))
        self._hear_of_refunds()

    def sums_agree(self) -> None:
        with city_session(self.key) as session:
            rows = session.execute(
                select(
                    Order,
                    func.sum(Charge.amount),
                    func.sum(Charge.received),
                    func.sum(Charge.given_back),
                )
                .join(OrderLine, (OrderLine.order_id == Order.id) & OrderLine.living)
                .join(Charge, Charge.id == OrderLine.charge_id)
                .group_by(Order.id)
            ).all()
            for order, amount, received, given_back in rows:
                assert (order.amount, order.received, order.given_back) == (amount, received, given_back)
            homeless = select(Charge.id).where(
                Charge.status != "canceled",
                ~select(OrderLine.id).where(OrderLine.charge_id == Charge.id, OrderLine.living).exists(),
            )
            assert session.scalars(homeless).all() == []
            receivable = _booked(session, "receivable")
            owed = session.scalar(
                select(func.coalesce(func.sum(Charge.amount), 0)).where(Charge.status.in_(("owed", "pending")))
            )
            assert receivable == owed, "what the books call receivable is what pages call owed"

    def finish(self) -> None:
        """Everybody is told of everything: then the portal, the books and the provider agree."""
        self._hear_of_pages()
        self._expire()
        self._hear_of_pages()
        self._send_refunds()
        for refund in self.provider.refunds.values():
            refund["status"] = "succeeded" if refund["status"] != "failed" else "failed"
        self._hear_of_refunds()
        self.sums_agree()
        with city_session(self.key) as session:
            assert _booked(session, "in_transit") == self.provider.balance
            held = -_booked(session, "deposit")
            counted = int(session.scalar(select(func.coalesce(func.sum(Order.received - Order.given_back), 0))) or 0)
            assert counted + held == self.provider.balance, "what counts and what is held is what is there"

    def _hear_of_pages(self) -> None:
        with city_session(self.key) as session:
            pages = session.execute(
                select(PaymentAttempt.order_id, PaymentAttempt.checkout_id).where(
                    PaymentAttempt.checkout_id.is_not(None)
                )
            ).all()
        for order_id, checkout_id in pages:
            sync_payment(self.key, order_id, checkout_id=checkout_id)

    def _expire(self) -> None:
        with city_session(self.key) as session:
            orders = list(session.scalars(select(Order.id).where(Order.status.in_(("canceled", "paid")))))
        for order_id in orders:
            expire_outdated(self.key, order_id)

    def _send_refunds(self) -> None:
        for refund_id in self._refunds("approved"):
            send_refund(self.key, refund_id)

    def _hear_of_refunds(self) -> None:
        for refund_id in self._refunds("pending", "requires_action"):
            sync_refund(self.key, refund_id)

    def _refunds(self, *statuses: str) -> list[int]:
        with city_session(self.key) as session:
            return list(session.scalars(select(Refund.id).where(Refund.status.in_(statuses)).order_by(Refund.id)))

    def _charges(self, *statuses: str) -> list[Charge]:
        with city_session(self.key) as session:
            return list(session.scalars(select(Charge).where(Charge.status.in_(statuses)).order_by(Charge.id.desc())))

    def _payments(self) -> list[Any]:
        with city_session(self.key) as session:
            by_case = payments_of_cases(session, self.case_ids)
        return [payment for case_id in sorted(by_case) for payment in by_case[case_id]]

    def _in_session(self, act: Any, *arguments: Any) -> None:
        with city_session(self.key) as session:
            act(session, *arguments)

    def _attempt(self, act: Any) -> None:
        """Do something that may be refused: by what happened meanwhile, or as too much."""
        with suppress(Conflict, Invalid):
            act()


def _booked(session: Session, account: str) -> int:
    query = select(func.coalesce(func.sum(JournalPosting.amount), 0)).where(JournalPosting.account == account)
    return int(session.scalar(query) or 0)


@pytest.mark.parametrize("seed", [1, 2])
def test_no_yen_is_lost_or_doubled_whatever_happens_in_which_order(
    payer: Payer, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    provider = MemoryProvider()
    monkeypatch.setattr("portal.payments.provider_accounts.make_provider", lambda _key: provider)
    case_ids = [payer.case_id]
    for number in (2, 3):
        with city_session(payer.key) as session:
            session.execute(text(f"UPDATE case_file SET number = 'x{number}' WHERE number = '日-1123-00001'"))
            case_ids.append(bare_case(session, "dog-registration").id)
    Money(payer.key, case_ids, provider, seed).run(STEPS)
    assert any(page["status"] == "paid" for page in provider.pages.values())
    assert provider.refunds
