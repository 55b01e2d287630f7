"""Money comes in while somebody decides about a case: whoever is second waits, and nobody waits in a circle.

Each test holds one side still where a circle could close, and goes on once the other side waits for it.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.cases.events import of_case
from portal.cases.moves import apply_transition, lock_case
from portal.core.database import city_session
from portal.core.events import SYSTEM, Actor, record
from portal.payments import Payment, cancel_payment, gather_charges, lock_orders_of_cases
from portal.payments.sync import sync_payment
from tests.integration.money.conftest import CITY, Hall
from tests.integration.money.test_fee_changes import correct
from tests.kit.payer import Payer

pytestmark = pytest.mark.slow
WAITING_FOR_ME = text("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")


@pytest.fixture
def basket(hall: Hall) -> tuple[Payer, Payer]:
    """Two applications whose fees are asked for in one order."""
    first, second = hall.apply(), hall.apply()
    charges = [charge.id for payer in (first, second) for payment in hall.payments(payer) for charge in payment.charges]
    gather_charges(CITY, charges, next_path="/me")
    return first, second


@pytest.fixture
def other_side() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


def payment_of(hall: Hall, payer: Payer) -> Payment:
    (payment,) = hall.payments(payer)
    return payment


def withdraw(session: Session, hall: Hall, payer: Payer) -> None:
    apply_transition(session, payer.case_id, "withdraw", Actor("applicant", hall.account_id), roles=("applicant",))


def run_until_blocked(session: Session, threads: ThreadPoolExecutor, act: Callable[[], object]) -> Future[object]:
    """Begin something, and return once it waits for a lock of this session, or has ended without."""
    begun = threads.submit(act)
    while not session.scalars(WAITING_FOR_ME).one() and not begun.done():
        pass
    return begun


def test_a_payment_that_arrives_during_a_withdrawal_waits_for_it(
    hall: Hall, basket: tuple[Payer, Payer], other_side: ThreadPoolExecutor
) -> None:
    first, second = basket
    order = payment_of(hall, first).order
    assert first.pay(first.start(payment_of(hall, first), "card")) == 303
    with city_session(CITY) as session:
        lock_case(session, first.case_id)
        arriving = run_until_blocked(session, other_side, lambda: sync_payment(CITY, order.id))
        withdraw(session, hall, first)
    arriving.result()
    assert payment_of(hall, first).status == "canceled"
    after = payment_of(hall, second)
    assert (after.status, after.received) == ("paid", 6000)
    (back,) = first.refunds(after)
    assert (back.amount, back.grounds) == (3000, "surplus"), "6,000 yen came for the 3,000 that are left"


def test_two_of_a_basket_are_decided_about_at_once(
    hall: Hall, basket: tuple[Payer, Payer], other_side: ThreadPoolExecutor
) -> None:
    first, second = basket

    def withdraw_first() -> None:
        with city_session(CITY) as session:
            withdraw(session, hall, first)

    with city_session(CITY) as session:
        lock_case(session, second.case_id)
        cancel_payment(session, payment_of(hall, second))  # holds the order of both
        withdrawing = run_until_blocked(session, other_side, withdraw_first)
        withdraw(session, hall, second)  # appends to the city's chain of events
    withdrawing.result()
    assert {payment_of(hall, payer).status for payer in basket} == {"canceled"}


def test_a_change_that_waited_for_a_voucher_is_settled_while_somebody_decides_about_the_basket_of_before(
    hall: Hall, basket: tuple[Payer, Payer], other_side: ThreadPoolExecutor
) -> None:
    first, second = basket
    before = payment_of(hall, first)
    hall.pay(first, before)
    correct(first, 4000)
    (change,) = [payment for payment in hall.payments(first) if payment.is_payable]
    page = first.start(change, "konbini")
    first.take_voucher(page)
    first.come_back(change)
    correct(first, 2500)
    assert first.at_the_store("pay", page) == 303
    with city_session(CITY) as session:
        lock_case(session, second.case_id)
        lock_orders_of_cases(session, [second.case_id])  # the basket's, out of which 500 yen of the first go back
        arriving = run_until_blocked(session, other_side, lambda: sync_payment(CITY, change.id))
        record(session, of_case(second.case_id), "case.viewed", SYSTEM, department_id=1)
    arriving.result()
    proposed = [refund.amount for payment in hall.payments(first) for refund in first.refunds(payment)]
    assert sorted(proposed) == [500, 1000], "2,500 yen are due of the 4,000 that came"
