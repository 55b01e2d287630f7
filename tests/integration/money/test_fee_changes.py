"""A fee that changes while it is being paid: what was paid on a page of before counts, and the difference is asked for or goes back."""

from dataclasses import replace
from functools import partial

import pytest

from forms import Fee, evaluate
from portal.cases.answers import open_answers
from portal.cases.fee_changes import fee_difference
from portal.cases.fees import recompute_fee
from portal.cases.moves import lock_case
from portal.core.database import city_session
from portal.ledger import balance_of_item
from portal.payments import change_payment, payments_of_case
from portal.payments.provider import LineItem
from portal.payments.sync import sync_payment
from portal.procedures import definition_of
from tests.integration.money.conftest import CITY, Hall
from tests.integration.money.test_races import together
from tests.kit.payer import Payer

ROUNDS = 6


def correct(payer: Payer, amount: int) -> None:
    """A correction makes this of the fee."""
    with city_session(CITY) as session:
        case = lock_case(session, payer.case_id)
        definition = definition_of(session, case.version_id)
        fee = evaluate(definition, open_answers(CITY, case.answers), case.facts, today=case.submitted_on).fee
        lines = tuple(replace(line, amount=amount) if line.amount else line for line in fee.lines)
        recompute_fee(session, case, Fee(lines))


def balance(payer: Payer, account: str) -> int:
    """What is open in an account for every charge there ever was of the case."""
    with city_session(CITY) as session:
        charges = {charge.id for payment in payments_of_case(session, payer.case_id) for charge in payment.charges}
        return sum(balance_of_item(session, account, f"charge:{charge}") for charge in charges)


@pytest.mark.parametrize(("amount", "further", "back"), [(3500, 500, 0), (2000, 0, 1000)])
def test_what_was_paid_on_a_page_of_before_counts_and_the_difference_is_settled(
    hall: Hall, amount: int, further: int, back: int
) -> None:
    payer = hall.apply()
    (payment,) = hall.payments(payer)
    page = payer.start(payment, "card")
    with city_session(CITY) as session:
        change_payment(session, payment, [LineItem("登録", amount, id="registration")])
    assert payer.pay(page) == 303
    sync_payment(CITY, payment.id, checkout_id=payer.session_at(page)["id"])
    payer.work()
    first, *rest = hall.payments(payer)
    assert (first.status, first.received, first.given_back) == ("paid", 3000, back)
    assert [(each.status, each.amount) for each in rest] == ([("open", further)] if further else [])
    assert [(refund.amount, refund.grounds, refund.status) for refund in payer.refunds(payment)] == (
        [(back, "surplus", "succeeded")] if back else []
    )
    assert (balance(payer, "receivable"), balance(payer, "deposit")) == (further, 0)


def test_a_correction_and_a_payment_at_the_same_moment_leave_exactly_what_is_due(hall: Hall) -> None:
    for number in range(ROUNDS):
        payer, due = hall.apply(), 3500 if number % 2 else 2000
        (payment,) = hall.payments(payer)
        page = payer.start(payment, "card")
        assert payer.pay(page) == 303
        paid = partial(sync_payment, CITY, payment.id, checkout_id=payer.session_at(page)["id"])
        together(partial(correct, payer, due), paid)
        payer.work()
        with city_session(CITY) as session:
            assert fee_difference(session, lock_case(session, payer.case_id)) is None
        made = hall.payments(payer)
        waiting = sum(each.amount for each in made if each.is_payable)
        going_back = sum(
            refund.amount
            for each in made
            for refund in payer.refunds(each)
            if refund.status not in {"canceled", "failed"}
        )
        assert sum(each.received for each in made) + waiting - going_back == due
        assert balance(payer, "receivable") == waiting
