"""Two people, or one who presses twice, at the very same moment: one of them is first, the other learns so, nothing happens twice."""

import re
import threading
from collections.abc import Callable

import pytest

from portal.cases.moves import lock_case
from portal.core.database import city_session
from portal.core.errors import Conflict, DomainError
from portal.payments import approve_refund, cancel_payment, decide_review, reject_refund, request_refund
from portal.payments.sync import sync_payment
from tests.integration.money.conftest import CITY, Hall
from tests.integration.money.test_reviews import short
from tests.kit.browser import Browser

pytestmark = pytest.mark.slow


def together(*acts: Callable[[], object]) -> list[object]:
    """Do all of it at once, each in a thread of its own; what each returned, or the domain's error that it met."""
    start, outcomes = threading.Barrier(len(acts)), [object()] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait(60)
        try:
            outcomes[place] = act()
        except DomainError as error:
            outcomes[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return outcomes


def refused(outcomes: list[object]) -> int:
    """The number of answers that say that somebody was first."""
    return sum(isinstance(outcome, Conflict) for outcome in outcomes)


def test_two_cashiers_ask_for_the_same_refund(hall: Hall) -> None:
    payer, payment = hall.paid()

    def ask(name: str) -> Callable[[], int]:
        def act() -> int:
            with city_session(CITY) as session:
                return request_refund(
                    session, payment, 1000, "", actor=hall.actor(name), expected_version=payment.version
                ).id

        return act

    outcomes = together(ask("cashier"), ask("second"), ask("cashier"), ask("second"))
    assert refused(outcomes) == 3
    assert len(payer.refunds(payment)) == 1
    assert len(hall.events(payer, "refund.requested")) == 1


def test_a_refund_is_approved_and_rejected_at_once(hall: Hall) -> None:
    payer, payment = hall.paid()
    with city_session(CITY) as session:
        refund_id = request_refund(session, payment, None, "", actor=hall.actor("cashier")).id

    def approve() -> object:
        with city_session(CITY) as session:
            return approve_refund(session, refund_id, hall.actor("second")).status

    def reject() -> object:
        with city_session(CITY) as session:
            return reject_refund(session, refund_id, hall.actor("other")).status

    outcomes = together(approve, reject, approve, reject)
    assert refused(outcomes) == 3
    decided = hall.events(payer, "refund.approved") + hall.events(payer, "refund.rejected")
    assert len(decided) == 1
    payer.work()
    refunds = [
        refund
        for refund in payer.sandbox.store.list_objects("refund")
        if refund["payment_intent"] == payer.attempts(payment)[0].intent_id
    ]
    assert len(refunds) == len(hall.events(payer, "refund.approved"))


def test_an_approval_pressed_twice_at_the_desk(hall: Hall) -> None:
    payer, payment = hall.paid()
    with city_session(CITY) as session:
        refund_id = request_refund(session, payment, None, "", actor=hall.actor("cashier")).id
    hall.second.get(f"/desk/cases/{payer.case_id}")

    def press() -> object:
        client, token = hall.app.test_client(), hall.second.token
        client.set_cookie("madoguchi", hall.second.cookie, domain=hall.second.host)
        form = {"csrf_token": token, "decision": "approve"}
        answer = client.post(f"/desk/refunds/{refund_id}", base_url=f"http://{hall.second.host}", data=form)
        return answer.status_code

    assert sorted(together(press, press, press), key=str) == [303, 409, 409]
    payer.work()
    assert payer.status(payment) == "refunded"
    assert len(hall.letters(payer, "refund_done")) == 1


def test_a_refund_is_pressed_by_two_cashiers_and_twice_by_each(hall: Hall, without_approval: None) -> None:
    payer, payment = hall.paid()
    hall.move(payer, "accept")
    hall.move(payer, "complete")
    address = f"/desk/cases/{payer.case_id}/refund"
    match = re.search(r'name="seen" value="([^"]+)"', hall.cashier.get(address).text)
    assert match is not None
    hall.second.get(address)
    amount = {f"amount-{payment.charges[0].id}": "1000"}

    def press(visitor: Browser) -> Callable[[], object]:
        form = {"csrf_token": visitor.token, "note": "減額のため", "seen": match[1], **amount}
        client = hall.app.test_client()
        client.set_cookie("madoguchi", visitor.cookie, domain=visitor.host)
        return lambda: client.post(address, base_url=f"http://{visitor.host}", data=form).status_code

    outcomes = together(*[press(visitor) for visitor in (hall.cashier, hall.second) * 2])
    assert sorted(outcomes, key=str) == [303, 409, 409, 409]
    payer.work()
    assert [refund.amount for refund in payer.refunds(payment)] == [1000]
    assert len(hall.letters(payer, "refund_done")) == 1


def test_two_cashiers_decide_about_the_same_money(hall: Hall) -> None:
    payer, payment = short(hall)

    def decide(name: str, decision: str) -> Callable[[], str]:
        def act() -> str:
            with city_session(CITY) as session:
                decide_review(
                    session, payment.id, decision, hall.actor(name), note="理由", expected_version=payment.version
                )
            return decision

        return act

    outcomes = together(
        decide("cashier", "accepted"),
        decide("second", "difference"),
        decide("cashier", "given_back"),
        decide("second", "accepted"),
    )
    assert refused(outcomes) == 3
    (done,) = [outcome for outcome in outcomes if isinstance(outcome, str)]
    refunds, payments = payer.refunds(payment), hall.payments(payer)
    assert len(refunds) == (done == "given_back")
    assert len(payments) == 1 + (done == "difference")
    assert len(hall.events(payer, "payment.reviewed")) == (done != "given_back")


def test_a_fee_is_called_off_while_it_is_paid(hall: Hall) -> None:
    payer = hall.apply()
    (payment,) = hall.payments(payer)
    page = payer.start(payment, "card")
    assert payer.pay(page) == 303

    def cancel() -> str:
        with city_session(CITY) as session:
            lock_case(session, payment.case_id)  # as every move of a case does, before what it owes
            return cancel_payment(session, payment).status

    together(cancel, lambda: sync_payment(CITY, payment.id), cancel)
    payer.work()
    after = payer.read(payment)
    # Either it was paid first and stays so, or the money came after the end: then a person must look. Never is it lost.
    assert (after.status, after.review_reason) in {("paid", None), ("needs_review", "canceled")}


def test_the_button_to_pay_is_pressed_many_times(hall: Hall) -> None:
    payer = hall.apply()
    (payment,) = hall.payments(payer)
    addresses = together(*[lambda: payer.start(payment, "card")] * 5)
    assert len(set(addresses)) == 1
    assert len(payer.attempts(payment)) == 1
    opened = [
        checkout_session
        for checkout_session in payer.sessions()
        if checkout_session["client_reference_id"] == payer.attempts(payment)[0].reference
    ]
    assert len(opened) == 1
    assert len(hall.events(payer, "payment.started")) == 1
