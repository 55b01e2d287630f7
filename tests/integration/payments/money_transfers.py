"""Bank transfers in any order of events, as rules of the machine of money, and what every rule of it stands on."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.database import city_session
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.events import Actor
from portal.payments import Payment, payments_of_cases, retry_refund, rules
from portal.payments.checkout import CheckoutOptions, start_checkout, stop_transfer
from portal.payments.models import Order, PaymentAttempt, Refund
from portal.payments.transfer_models import TransferArrival
from tests.kit.memory_provider import MemoryProvider
from tests.kit.payer import ORIGIN

Chosen = TypeVar("Chosen")
PICK = st.integers(0, 59)
"""Which of the things that can be chosen from at that moment, counted round."""


class Transfers(RuleBasedStateMachine):
    """Payers who transfer: exactly, in parts, too much, too late, or not after all."""

    key: str
    provider: MemoryProvider
    people: tuple[Actor, Actor]
    case_ids: list[int]
    first_order: int

    def take_voucher(self, pick: int) -> None:
        """Choose on the provider's page to pay later."""
        raise NotImplementedError

    def notice(self, pick: int) -> None:
        """A notice of the provider arrives."""
        raise NotImplementedError

    def work(self) -> None:
        """The worker does what waits."""
        raise NotImplementedError

    def refund_ends(self, pick: int, outcome: str) -> None:
        """A refund that was sent ends."""
        raise NotImplementedError

    @rule(pick=PICK, method=st.sampled_from(["", "bank_transfer"]))
    def start(self, pick: int, method: str = "") -> None:
        if order := self.choose(self.orders(*rules.PAYABLE), pick):
            with suppress(Conflict):
                start_checkout(self.key, order.public_id, CheckoutOptions(ORIGIN, method, restart=pick % 3 == 0))

    @rule(pick=PICK, off=st.sampled_from([0, 0, -40, 60]))
    def pay_by_transfer(self, pick: int, off: int) -> None:
        """The usual way, now and then with a little too much, or too little."""
        self.start(pick, "bank_transfer")
        if key := next(reversed(self.provider.pages), None):
            self.take_voucher(-1)
            if self.provider.pages[key]["is_transfer"]:
                self.provider.transfer(key, self.provider.pages[key]["amount"] + off)
            self.notice(0)

    @precondition(lambda self: self._accounts())
    @rule(pick=PICK, amount=st.integers(1, 4_000))
    def transfer(self, pick: int, amount: int) -> None:
        """Somebody transfers: a part, more than is asked for, or for a page that is over."""
        if key := self.choose(self._accounts(), pick):
            self.provider.transfer(key, amount)

    @rule(pick=PICK, outcome=st.sampled_from(["succeeded", "failed", "requires_action"]))
    def too_much_is_sent_back(self, pick: int, outcome: str) -> None:
        """What was too much is on its way back at once, and arrives, does not, or waits for its payer's word."""
        self.pay_by_transfer(pick, 60)
        self.work()
        self.refund_ends(pick, outcome)

    @rule(pick=PICK)
    def stop_transfer(self, pick: int) -> None:
        if order := self.choose(self.orders("pending"), pick):
            with suppress(Conflict):
                stop_transfer(self.key, order.public_id)

    @rule(pick=PICK)
    def retry(self, pick: int) -> None:
        """Somebody sends a failed refund again."""
        if refund := self.choose(self.refunds("failed"), pick):
            self.attempt(retry_refund, refund.id, self.people[0])

    def surplus(self, session: Session, attempts: Sequence[PaymentAttempt]) -> int:
        """Yen that came by transfer and are no payment."""
        ids = [each.id for each in attempts]
        came = select(func.coalesce(func.sum(TransferArrival.amount), 0)).where(TransferArrival.attempt_id.in_(ids))
        paid = [each for each in attempts if each.status == "paid" and each.method == rules.BANK_TRANSFER]
        return int(session.scalar(came) or 0) - sum(each.received_amount for each in paid)

    def _accounts(self) -> list[str]:
        """The pages for transfers whose payers know where to transfer to."""
        pages = self.provider.pages.items()
        return [key for key, page in pages if page["is_transfer"] and page["status"] not in ("open", "expired")]

    def choose(self, things: Sequence[Chosen], number: int) -> Chosen | None:
        return things[number % len(things)] if things else None

    def rows(self, model: Any, *conditions: Any) -> list[Any]:
        with city_session(self.key) as session:
            return list(session.scalars(select(model).where(*conditions).order_by(model.id.desc())))

    def orders(self, *statuses: str) -> list[Order]:
        return self.rows(Order, Order.id > self.first_order, Order.status.in_(statuses or rules.PAYMENT_STATUSES))

    def attempts(self) -> list[PaymentAttempt]:
        return self.rows(PaymentAttempt, PaymentAttempt.order_id > self.first_order)

    def refunds(self, *statuses: str) -> list[Refund]:
        return self.rows(Refund, Refund.order_id > self.first_order, Refund.status.in_(statuses))

    def payments(self) -> list[Payment]:
        with city_session(self.key) as session:
            by_case = payments_of_cases(session, self.case_ids)
        return [payment for case_id in sorted(by_case) for payment in by_case[case_id]]

    def attempt(self, act: Callable[..., object], *arguments: object, **more: object) -> None:
        """Do something that may be refused: by what happened meanwhile, or as too much."""
        with suppress(Conflict, Invalid, Forbidden, NotFound), city_session(self.key) as session:
            act(session, *arguments, **more)
