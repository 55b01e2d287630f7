"""Refunds: by two people, never more than was paid, and followed until it arrived or came back."""

import pytest

from portal.core.database import city_session
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.events import SYSTEM, Actor
from portal.payments import (
    approve_refund,
    jobs,
    provider_accounts,
    queries,
    reconciliation,
    reject_refund,
    request_refund,
)
from portal.payments.models import Payment
from portal.payments.sync import sync_payment
from tests.integration.payments.town import Town


@pytest.fixture
def clerk(town: Town) -> Actor:
    return Actor("staff", town.staff("中村"), "中村")


@pytest.fixture
def chief(town: Town) -> Actor:
    return Actor("staff", town.staff("木村"), "木村")


def paid(town: Town, card: str = "4242424242424242") -> Payment:
    payment = town.open()
    town.pay(town.start(payment, "card"), card)
    assert sync_payment(town.key, payment.id) == "paid"
    return payment


def ask(town: Town, payment: Payment, amount: int | None, actor: Actor = SYSTEM) -> int:
    with city_session(town.key) as session:
        return request_refund(session, payment.id, amount, "申請を取り下げたため", actor=actor).id


def approve(town: Town, refund_id: int, actor: Actor) -> None:
    with city_session(town.key) as session:
        approve_refund(session, refund_id, actor)


def test_a_refund_needs_a_second_person(town: Town, clerk: Actor, chief: Actor) -> None:
    payment = paid(town)
    refund_id = ask(town, payment, None, clerk)
    assert town.work() == []
    with pytest.raises(Forbidden):
        approve(town, refund_id, clerk)
    approve(town, refund_id, chief)
    town.work()
    assert town.status(payment) == "refunded"
    assert town.changes == ["paid", "refunded"]
    assert "3,550円をお返ししました" in town.page(payment)
    with pytest.raises(Conflict):
        approve(town, refund_id, chief)


def test_a_rejected_refund_leaves_the_money_where_it_is(town: Town, clerk: Actor) -> None:
    payment = paid(town)
    refund_id = ask(town, payment, 500, clerk)
    with city_session(town.key) as session:
        reject_refund(session, refund_id, clerk)
    assert town.work() == []
    with city_session(town.key) as session:
        assert queries.refundable_amount(session, payment) == 3550


def test_a_city_may_do_without_the_second_person(town: Town, clerk: Actor) -> None:
    provider_accounts.connect_account(
        town.key,
        display_name="日野市",
        api_key=town.api_key,
        origin=f"http://hino.localhost:{town.port}",
        four_eyes=False,
    )
    payment = paid(town)
    ask(town, payment, None, clerk)
    town.work()
    assert town.status(payment) == "refunded"


def test_parts_never_add_up_to_more_than_was_paid(town: Town) -> None:
    payment = paid(town)
    ask(town, payment, 3000)
    with pytest.raises(Invalid):
        ask(town, payment, 551)
    with pytest.raises(Invalid):
        ask(town, payment, 0)
    ask(town, payment, 550)
    with pytest.raises(Conflict):
        ask(town, payment, None)
    town.work()
    assert town.status(payment) == "refunded"
    assert [refund.status for refund in town.refunds(payment)] == ["succeeded", "succeeded"]


def test_what_was_not_paid_cannot_be_given_back(town: Town) -> None:
    payment = town.open()
    with pytest.raises(Conflict):
        ask(town, payment, None)


def test_sending_twice_gives_back_once(town: Town) -> None:
    payment = paid(town)
    refund_id = ask(town, payment, 1000)
    town.work()
    jobs.send_refund(city=town.key, refund_id=refund_id)
    intent = town.attempts(payment)[0].intent_id
    made = [refund for refund in town.sandbox.store.list_objects("refund") if refund["payment_intent"] == intent]
    assert [refund["amount"] for refund in made] == [1000]
    assert town.status(payment) == "paid"


def test_a_refund_that_comes_back_is_reported_to_staff(town: Town) -> None:
    payment = paid(town, "4000000000005126")
    ask(town, payment, None)
    town.work()
    town.deliver()
    (refund,) = town.refunds(payment)
    assert refund.status == "failed"
    assert "refund_failed" in town.changes
    assert "refund.failed" in town.history()
    # The money is at the city again, so the fee counts as paid until it is transferred by hand.
    assert town.status(payment) == "paid"


def test_a_konbini_refund_is_followed_to_its_end(town: Town) -> None:
    payment = town.open()
    page = town.start(payment, "konbini")
    town.take_voucher(page)
    town.at_the_store("pay", page)
    town.deliver()
    ask(town, payment, None)
    town.work()
    (refund,) = town.refunds(payment)
    assert refund.status == "requires_action"
    assert "振込先の口座を入力してください" in town.page(payment)
    town.sandbox.app.test_client().post(f"/operator/refunds/{refund.provider_id}/succeeded")
    town.deliver()
    assert town.status(payment) == "refunded"


def test_the_books_agree_after_payments_and_refunds(town: Town) -> None:
    from portal.payments import balance_import

    payment = paid(town)
    ask(town, payment, 1000)
    town.work()
    with city_session(town.key) as session:
        assert {discrepancy.kind for discrepancy in reconciliation.discrepancies(session)} == {"not_there"}
    assert balance_import.import_balance_transactions(town.key) == 2
    assert balance_import.import_balance_transactions(town.key) == 0
    with city_session(town.key) as session:
        assert reconciliation.discrepancies(session) == []


def test_a_payment_that_nobody_here_knows_is_reported(town: Town) -> None:
    from portal.payments import balance_import

    payment = town.open()
    town.pay(town.start(payment))  # paid there, and no event reached us
    balance_import.import_balance_transactions(town.key)
    with city_session(town.key) as session:
        (difference,) = reconciliation.discrepancies(session)
    assert (difference.kind, difference.theirs) == ("not_ours", 3550)
