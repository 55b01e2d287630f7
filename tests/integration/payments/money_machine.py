"""Charges, orders, pages and refunds in any order of events, with a provider in memory: no yen is lost, doubled or unexplained.

Hypothesis chooses who does what; after each step books, orders and pages of residents must agree, and in the end the provider too.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.database import city_session
from portal.core.errors import Conflict
from portal.core.events import Actor
from portal.ledger import CARD_READER, JournalPosting
from portal.payments import (
    LineItem,
    OfflineMoney,
    WaiverRequest,
    approve_refund,
    approve_waiver,
    cancel_payment,
    change_payment,
    decide_review,
    gather_charges,
    open_charges_of_order,
    open_payment,
    pay_refund_at_counter,
    prepare_offline_order,
    reject_refund,
    reject_waiver,
    request_refund,
    request_waiver,
    reverse_at_counter,
    review_of,
    revoke_waiver,
    rules,
    take_at_counter,
    take_from_slip,
)
from portal.payments.disputes import sync_disputes
from portal.payments.later_models import Waiver
from portal.payments.models import Charge, Order, OrderLine, PaymentAttempt, Refund
from portal.payments.refunds import send_refund, sync_refund
from portal.payments.sync import sync_payment
from tests.integration.payments.money_transfers import PICK, Transfers
from tests.kit.city import bare_case
from tests.kit.memory_provider import MemoryProvider
from tests.kit.money import booked_balances, contradictions
from tests.kit.payer import Payer

CASES = 3


class Money(Transfers):
    """Residents, the provider, two members of staff, a bank and the worker, in one city: what was there before does not count."""

    def __init__(self, payer: Payer, people: tuple[Actor, Actor]) -> None:
        super().__init__()
        self.payer, self.key, self.people, self.openings = payer, payer.key, people, 0
        self.provider = MemoryProvider()
        self.told: Counter[tuple[str, int, int]] = Counter()

    @initialize()
    def begin(self) -> None:
        with city_session(self.key) as session:
            self.first_order = session.scalar(select(func.coalesce(func.max(Order.id), 0))) or 0
            numbers = [f"日-1124-{self.first_order}-{number}" for number in range(CASES)]
            self.case_ids = [bare_case(session, "dog-registration", number).id for number in numbers]
            self.before = booked_balances(session)
        CURRENT.machine = self
        self.owe(0, [3_000, 550])

    @rule(case=st.integers(0, CASES - 1), amounts=st.lists(st.integers(50, 5_000), min_size=1, max_size=3))
    def owe(self, case: int, amounts: list[int]) -> None:
        self.openings += 1
        with city_session(self.key) as session:
            lines = [LineItem(f"料金{number}", amount) for number, amount in enumerate(amounts)]
            open_payment(session, self.case_ids[case], lines, title="申請", purpose=f"turn-{self.openings}")

    @rule(pick=PICK, amount=st.integers(50, 5_000))
    def correct(self, pick: int, amount: int) -> None:
        """A correction changes the last line of what is not paid yet."""
        if payment := self.choose([payment for payment in self.payments() if payment.is_payable], pick):
            kept = [LineItem(charge.title, charge.amount) for charge in payment.charges[:-1]]
            self.attempt(change_payment, payment, [*kept, LineItem("直した料金", amount)])

    @rule(pick=PICK, count=st.integers(1, 3))
    def gather(self, pick: int, count: int) -> None:
        charges = self.rows(Charge, Charge.case_id.in_(self.case_ids), Charge.status.in_(rules.OPEN_CHARGES))
        chosen = {charges[(pick + step) % len(charges)].id for step in range(count)} if charges else set()
        if chosen:
            with suppress(Conflict):
                gather_charges(self.key, chosen, next_path="/me")

    @rule(pick=PICK)
    def pay_by_card(self, pick: int) -> None:
        """The usual way: press the button, pay, and the notice arrives."""
        self.start(pick)
        self.pay(-1)
        self.notice(0)

    @precondition(lambda self: self.provider.pages)
    @rule(pick=PICK)
    def pay(self, pick: int) -> None:
        """Somebody pays a page or a voucher, also one that has lapsed; the portal has not heard of it yet."""
        payable = [
            page
            for page in self.provider.pages.values()
            if not page["is_transfer"] and (page["status"] in ("open", "pending") or page["lapsed"])
        ]
        if page := self.choose(payable, pick):
            page["status"], page["lapsed"] = "paid", False

    @precondition(lambda self: self.provider.pages)
    @rule(pick=PICK)
    def take_voucher(self, pick: int) -> None:
        if page := self.choose([page for page in self.provider.pages.values() if page["status"] == "open"], pick):
            page["status"] = "pending"

    @precondition(lambda self: self.provider.pages)
    @rule(pick=PICK)
    def lapse(self, pick: int) -> None:
        waiting = [page for page in self.provider.pages.values() if page["status"] in ("open", "pending")]
        if page := self.choose(waiting, pick):
            page["lapsed"] = page["status"] == "pending" and not page["is_transfer"]
            page["status"] = "failed" if page["lapsed"] else "expired"

    @precondition(lambda self: self.has_received)
    @rule(pick=PICK, outcome=st.sampled_from(["open", "won", "lost"]))
    def dispute(self, pick: int, outcome: str) -> None:
        """A cardholder contests a payment of which nothing went back, or the bank decides."""
        returned = {refund["intent"] for refund in self.provider.refunds.values()}
        paid = [
            (key, page)
            for key, page in self.provider.pages.items()
            if page["status"] == "paid" and not page["is_transfer"] and f"intent:{key}" not in returned
        ]
        now_possible = [page for _key, page in paid if page["dispute"] == ("" if outcome == "open" else "open")]
        if page := self.choose(now_possible, pick):
            page["dispute"] = outcome

    @precondition(lambda self: self.provider.pages)
    @rule(pick=PICK)
    def notice(self, pick: int) -> None:
        """A notice of the provider arrives: of any page, at any time, as often as it likes."""
        if attempt := self.choose([each for each in self.attempts() if each.checkout_id], pick):
            sync_payment(self.key, attempt.order_id, checkout_id=attempt.checkout_id)
            sync_disputes(self.key, attempt.id)

    @rule(pick=PICK, outcome=st.sampled_from(["succeeded", "failed", "requires_action"]))
    def refund_ends(self, pick: int, outcome: str) -> None:
        under_way = [
            each for each in self.provider.refunds.values() if each["status"] in ("pending", "requires_action")
        ]
        if refund := self.choose(under_way, pick):
            refund["status"] = outcome
        for stored in self.refunds("pending", "requires_action"):
            sync_refund(self.key, stored.id)

    @rule()
    def work(self) -> None:
        """The worker does what waits: closes pages, sends refunds."""
        self.payer.work()

    @property
    def has_received(self) -> bool:
        """Whether any money was reported: before, most of what the office does would be refused."""
        return any(change == "paid" for change, _order, _case in self.told)

    @rule(pick=PICK, method=st.sampled_from(rules.COUNTER_METHODS))
    def take_at_counter(self, pick: int, method: str) -> None:
        if order := self.choose(self.orders(*rules.PAYABLE), pick):
            with city_session(self.key) as session:
                charges = open_charges_of_order(session, order.id)
            with suppress(Conflict):
                order_id = prepare_offline_order(self.key, charges, next_path="/")
                self.attempt(take_at_counter, order_id, OfflineMoney(order.amount, method), self.people[0])

    @rule(pick=PICK, off=st.sampled_from([0, 0, 0, -50, 100]))
    def slip_is_paid(self, pick: int, off: int) -> None:
        """A bank reports a slip, whatever became of its order."""
        if (order := self.choose(self.orders(), pick)) and order.amount + off > 0:
            self.attempt(take_from_slip, order.id, OfflineMoney(order.amount + off, "slip"), self.people[0])

    @precondition(lambda self: self.has_received)
    @rule(pick=PICK)
    def reverse(self, pick: int) -> None:
        taken = [each for each in self.attempts() if each.method in rules.COUNTER_METHODS]
        if attempt := self.choose(taken, pick):
            self.attempt(reverse_at_counter, attempt.id, "押し間違い", self.people[0])

    @precondition(lambda self: self.has_received)
    @rule(pick=PICK, amount=st.one_of(st.none(), st.integers(1, 3_000)), by_line=st.booleans())
    def refund(self, pick: int, amount: int | None, by_line: bool) -> None:
        if payment := self.choose([payment for payment in self.payments() if payment.net_received], pick):
            parts = {payment.charges[-1].id: amount} if by_line and amount else None
            self.attempt(request_refund, payment, amount, "返す", actor=self.people[0], parts=parts)

    @precondition(lambda self: self.has_received)
    @rule(pick=PICK, grant=st.booleans())
    def decide_refund(self, pick: int, grant: bool) -> None:
        if refund := self.choose(self.refunds("requested"), pick):
            self.attempt(approve_refund if grant else reject_refund, refund.id, self.people[1])

    @precondition(lambda self: self.has_received)
    @rule(pick=PICK)
    def pay_refund_at_counter(self, pick: int) -> None:
        if refund := self.choose(self.refunds("approved"), pick):
            for method in rules.COUNTER_METHODS:
                self.attempt(pay_refund_at_counter, refund.id, method, self.people[0])

    @rule(pick=PICK, amount=st.integers(1, 5_000))
    def waive(self, pick: int, amount: int) -> None:
        if charge := self.choose(self.rows(Charge, Charge.case_id.in_(self.case_ids)), pick):
            self.attempt(
                request_waiver, WaiverRequest(charge.id, min(amount, charge.amount), "災害", "proof"), self.people[0]
            )

    @rule(pick=PICK, decision=st.sampled_from([approve_waiver, reject_waiver, revoke_waiver]))
    def decide_waiver(self, pick: int, decision: Callable[..., Any]) -> None:
        charges = select(Charge.id).where(Charge.case_id.in_(self.case_ids))
        if waiver := self.choose(self.rows(Waiver, Waiver.charge_id.in_(charges)), pick):
            self.attempt(decision, waiver.id, self.people[1])

    @precondition(lambda self: self.has_received)
    @rule(pick=PICK, which=st.integers(0, 3))
    def decide_review(self, pick: int, which: int) -> None:
        if order := self.choose(self.orders("needs_review"), pick):
            with city_session(self.key) as session:
                review = review_of(session, session.get_one(Order, order.id))
            if review and (decision := self.choose(review.decisions, which)):
                self.attempt(decide_review, order.id, decision, self.people[0], note="確かめた")

    @rule(pick=PICK)
    def withdraw(self, pick: int) -> None:
        if payment := self.choose(self.payments(), pick):
            self.attempt(cancel_payment, payment)

    @invariant()
    def every_charge_is_settled_at_most_once(self) -> None:
        with city_session(self.key) as session:
            living = (
                select(OrderLine.charge_id, func.count())
                .join(Charge, Charge.id == OrderLine.charge_id)
                .where(OrderLine.living, Charge.case_id.in_(self.case_ids))
                .group_by(OrderLine.charge_id)
            )
            homes = dict(iter(session.execute(living)))
            settled = (
                select(OrderLine.charge_id, func.count())
                .join(PaymentAttempt, PaymentAttempt.order_id == OrderLine.order_id)
                .where(OrderLine.living, PaymentAttempt.settles, OrderLine.order_id > self.first_order)
                .group_by(OrderLine.charge_id)
            )
            assert all(times == 1 for _charge, times in session.execute(settled))
            for charge in session.scalars(select(Charge).where(Charge.case_id.in_(self.case_ids))):
                assert homes.get(charge.id, 0) == 1 or charge.canceled_at is not None, "asked for in no order or in two"
                assert 0 <= charge.given_back <= charge.received, charge.id
        for (change, order_id, case_id), times in self.told.items():
            if change == "paid":
                assert times <= 1 + self.told["reversed", order_id, case_id], "confirmed more than once"

    @invariant()
    def orders_are_the_sums_of_their_charges(self) -> None:
        with city_session(self.key) as session:
            sums = select(
                Order, func.sum(Charge.amount - Charge.waived), func.sum(Charge.received), func.sum(Charge.given_back)
            )
            joined = (
                sums.join(OrderLine, (OrderLine.order_id == Order.id) & OrderLine.living)
                .join(Charge, Charge.id == OrderLine.charge_id)
                .where(Order.id > self.first_order)
                .group_by(Order.id)
            )
            for order, amount, received, given_back in session.execute(joined):
                assert (order.received, order.given_back) == (received, given_back), order.status
                assert order.amount == amount or order.status in ("canceled", "paid", "refunded", "needs_review")

    @invariant()
    def books_say_what_payments_say(self) -> None:
        with city_session(self.key) as session:
            balance = self._since_begun(session)
            assert sum(balance.values()) == 0
            attempts = session.scalars(select(PaymentAttempt).where(PaymentAttempt.order_id > self.first_order)).all()
            refunds = session.scalars(select(Refund).where(Refund.order_id > self.first_order)).all()
            money = {each.id: each.received_amount for each in attempts if each.status == "paid"}
            given_back = sum(refund.amount for refund in refunds if refund.status == "succeeded")
            transferred = self.surplus(session, attempts)
            places = ("in_transit", "payer_funds", "cash", "bank", "disputed", "suspense")
            kept = sum(balance[name] for name in places)
            assert kept == sum(money.values()) + transferred - given_back, "money that is there"
            under_way = sum(refund.amount for refund in refunds if refund.status in _PAYABLE)
            assert -balance["refund_payable"] == under_way, "money that goes back"
            settling = {each.id for each in attempts if each.settles}
            held = sum(amount for attempt, amount in money.items() if attempt not in settling)
            counts_not = [each for each in refunds if each.attempt_id not in settling or each.grounds == "transfer"]
            leaving = sum(each.amount for each in counts_not if each.status in _BOOKED)
            assert -balance["deposit"] == held + transferred - leaving, "money that does not count"

    @invariant()
    def residents_read_what_the_books_say(self) -> None:
        """Standing by standing: what is owed is the receivable, and nothing else is."""
        with city_session(self.key) as session:
            assert contradictions(session, self.case_ids) == []

    def teardown(self) -> None:
        """Everybody is told of everything: then the portal, the books and the provider agree."""
        for _round in range(3):
            for attempt in self.attempts():
                if attempt.checkout_id:
                    sync_payment(self.key, attempt.order_id, checkout_id=attempt.checkout_id)
                    sync_disputes(self.key, attempt.id)
            self.payer.work()
            for refund in self.refunds("approved"):
                send_refund(self.key, refund.id)
            for refund in self.provider.refunds.values():
                refund["status"] = "failed" if refund["status"] == "failed" else "succeeded"
            for refund in self.refunds("pending", "requires_action"):
                sync_refund(self.key, refund.id)
        self.books_say_what_payments_say()
        self.residents_read_what_the_books_say()
        with city_session(self.key) as session:
            balance = self._since_begun(session)
            reader = select(func.coalesce(func.sum(JournalPosting.amount), 0)).where(
                JournalPosting.account == "in_transit",
                JournalPosting.provider == CARD_READER,
                JournalPosting.case_id.in_(self.case_ids),
            )
            at_provider = balance["in_transit"] + balance["disputed"] - int(session.scalar(reader) or 0)
            assert at_provider == self.provider.balance
            assert balance["payer_funds"] == self.provider.funds
        CURRENT.received += sum(times for (change, *_), times in self.told.items() if change == "paid")

    def _since_begun(self, session: Session) -> Counter[str]:
        balances = booked_balances(session)
        balances.subtract(self.before)
        return balances


_PAYABLE = ("approved", "pending", "requires_action")
_BOOKED = (*_PAYABLE, "succeeded")


@dataclass
class Current:
    """The machine that runs now; the city's provider and listeners are its own."""

    machine: Money | None = None
    received: int = 0

    def provider(self) -> MemoryProvider:
        """The provider of the machine that runs."""
        assert self.machine is not None
        return self.machine.provider


CURRENT = Current()
