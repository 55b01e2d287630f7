"""Refunds: by two people, never more than was paid, and followed until it arrived or came back."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.database import city_session
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.events import SYSTEM, Actor
from portal.ledger import LedgerDifference, open_differences
from portal.payments import (
    Payment,
    approve_refund,
    balance_import,
    begin_transfer,
    jobs,
    reconciliation,
    refundable_amount,
    refunds,
    refunds_to_handle,
    reject_refund,
    request_refund,
    retry_refund,
    set_second_person_above,
)
from portal.payments.provider import ProviderUnavailable
from portal.payments.sync import sync_payment
from tests.kit.payer import Payer, account_name


@pytest.fixture
def clerk(payer: Payer) -> Actor:
    return Actor("staff", payer.staff("中村"), "中村")


@pytest.fixture
def chief(payer: Payer) -> Actor:
    return Actor("staff", payer.staff("木村"), "木村")


def paid(payer: Payer, card: str = "4242424242424242") -> Payment:
    payment = payer.open()
    payer.pay(payer.start(payment, "card"), card)
    assert sync_payment(payer.key, payment.id) == "paid"
    return payment


def ask(payer: Payer, payment: Payment, amount: int | None, actor: Actor = SYSTEM) -> int:
    with city_session(payer.key) as session:
        return request_refund(session, payment, amount, "申請を取り下げたため", actor=actor).id


def approve(payer: Payer, refund_id: int, actor: Actor) -> None:
    with city_session(payer.key) as session:
        approve_refund(session, refund_id, actor)


def test_a_refund_needs_a_second_person(payer: Payer, clerk: Actor, chief: Actor) -> None:
    payment = paid(payer)
    refund_id = ask(payer, payment, None, clerk)
    assert payer.work() == []
    with pytest.raises(Forbidden):
        approve(payer, refund_id, clerk)
    approve(payer, refund_id, chief)
    payer.work()
    assert payer.status(payment) == "refunded"
    assert payer.changes == ["paid", "refund_approved", "refunded"]
    assert "3,550円をお返ししました" in payer.page(payment)
    with pytest.raises(Conflict):
        approve(payer, refund_id, chief)


def test_a_rejected_refund_leaves_the_money_where_it_is(payer: Payer, clerk: Actor) -> None:
    payment = paid(payer)
    refund_id = ask(payer, payment, 500, clerk)
    with city_session(payer.key) as session:
        reject_refund(session, refund_id, clerk)
    assert payer.work() == []
    with city_session(payer.key) as session:
        assert refundable_amount(session, payment) == 3550


def test_a_city_may_do_without_the_second_person(payer: Payer, clerk: Actor) -> None:
    with city_session(payer.key) as session:
        set_second_person_above(session, None, SYSTEM)
    payment = paid(payer)
    ask(payer, payment, None, clerk)
    payer.work()
    assert payer.status(payment) == "refunded"


def test_parts_never_add_up_to_more_than_was_paid(payer: Payer) -> None:
    payment = paid(payer)
    ask(payer, payment, 3000)
    with pytest.raises(Invalid):
        ask(payer, payment, 551)
    with pytest.raises(Invalid):
        ask(payer, payment, 0)
    ask(payer, payment, 550)
    with pytest.raises(Conflict):
        ask(payer, payment, None)
    payer.work()
    assert payer.status(payment) == "refunded"
    assert [refund.status for refund in payer.refunds(payment)] == ["succeeded", "succeeded"]


def test_what_was_not_paid_cannot_be_given_back(payer: Payer) -> None:
    payment = payer.open()
    with pytest.raises(Conflict):
        ask(payer, payment, None)


def test_sending_twice_gives_back_once(payer: Payer) -> None:
    payment = paid(payer)
    refund_id = ask(payer, payment, 1000)
    payer.work()
    jobs.send_refund(city=payer.key, refund_id=refund_id)
    intent = payer.attempts(payment)[0].intent_id
    made = [refund for refund in payer.sandbox.store.list_objects("refund") if refund["payment_intent"] == intent]
    assert [refund["amount"] for refund in made] == [1000]
    assert payer.status(payment) == "paid"


@pytest.mark.parametrize("trouble", ["before", "after"])
def test_a_refund_whose_broken_answer_is_kept_goes_back_once(
    payer: Payer, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider gives the same 500 for the same key all day, whether the refund was made or not."""
    monkeypatch.setattr(refunds, "KEPT_ANSWER_GRACE", timedelta(0))
    payment = paid(payer)
    refund_id = ask(payer, payment, 1_000)
    payer.sandbox.store.set_setting("api_fault", trouble)
    payer.sandbox.store.set_setting("api_fault_endpoints", "POST /refunds")
    with suppress(ProviderUnavailable):  # the list says at once what was made
        refunds.send_refund(payer.key, refund_id)
    payer.sandbox.store.set_setting("api_fault", "")
    payer.work()
    assert [(refund.amount, refund.status) for refund in payer.refunds(payment)] == [(1_000, "succeeded")]
    made = payer.sandbox.store.list_objects("refund", account_name(payer.api_key))
    assert [refund["amount"] for refund in made] == [1_000]


def test_a_refund_that_comes_back_is_reported_to_staff(payer: Payer) -> None:
    payment = paid(payer, "4000000000005126")
    ask(payer, payment, None)
    payer.work()
    payer.deliver()
    (refund,) = payer.refunds(payment)
    assert refund.status == "failed"
    assert "refund_failed" in payer.changes
    assert "refund.failed" in payer.history()
    # The money is at the city again, so the fee counts as paid until it is transferred by hand.
    assert payer.status(payment) == "paid"


def test_a_failed_refund_whose_money_went_back_otherwise_is_not_given_back_again(payer: Payer, clerk: Actor) -> None:
    payment = paid(payer)
    failed = ask(payer, payment, 3_000)
    payer.sandbox.store.set_setting("next_refund", "failed")
    payer.work()
    payer.deliver()
    payer.sandbox.store.set_setting("next_refund", "")
    assert to_handle(payer) == [failed]
    ask(payer, payment, 1_000)
    payer.work()
    assert to_handle(payer) == []
    for take_on in (retry_refund, begin_transfer):
        with pytest.raises(Conflict, match="別の返金"), city_session(payer.key) as session:
            take_on(session, failed, clerk)
    assert payer.read(payment).given_back == 1_000


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_a_failed_refund_of_a_disputed_payment_waits_for_the_bank(payer: Payer, clerk: Actor, outcome: str) -> None:
    payment = paid(payer)
    charge = payer.attempts(payment)[0].charge_id
    operator = payer.sandbox.app.test_client()
    operator.post(f"/operator/charges/{charge}/dispute")
    failed = ask(payer, payment, None)
    payer.work()
    payer.deliver()
    with pytest.raises(Conflict, match="異議"), city_session(payer.key) as session:
        begin_transfer(session, failed, clerk)
    (dispute,) = payer.sandbox.store.list_objects("dispute", account_name(payer.api_key))
    operator.post(f"/operator/disputes/{dispute['id']}/{outcome}")
    payer.deliver()
    assert to_handle(payer) == ([failed] if outcome == "won" else [])
    assert payer.read(payment).given_back == (0 if outcome == "won" else payment.amount)


def to_handle(payer: Payer) -> list[int]:
    """The refunds that somebody must take on."""
    with city_session(payer.key) as session:
        waiting = refunds_to_handle().c
        return list(session.scalars(select(waiting.id)))


def test_a_konbini_refund_is_followed_to_its_end(payer: Payer) -> None:
    payment = payer.open()
    page = payer.start(payment, "konbini")
    payer.take_voucher(page)
    payer.at_the_store("pay", page)
    payer.deliver()
    ask(payer, payment, None)
    payer.work()
    (refund,) = payer.refunds(payment)
    assert refund.status == "requires_action"
    assert "振込先の口座を入力してください" in payer.page(payment)
    payer.sandbox.app.test_client().post(f"/operator/refunds/{refund.provider_id}/succeeded")
    payer.deliver()
    assert payer.status(payment) == "refunded"


def compared(payer: Payer) -> list[LedgerDifference]:
    """What differs once the provider's transactions are here."""
    balance_import.import_balance_transactions(payer.key)
    with city_session(payer.key) as session:
        reconciliation.reconcile_books(session)
        differences = open_differences(session)
        session.expunge_all()
    return differences


def test_the_books_agree_after_payments_and_refunds(payer: Payer) -> None:
    payment = paid(payer)
    ask(payer, payment, 1000)
    payer.work()
    assert compared(payer) == []
    assert balance_import.import_balance_transactions(payer.key) == 0


def test_a_payment_that_nobody_here_knows_is_reported(payer: Payer) -> None:
    payment = payer.open()
    payer.pay(payer.start(payment))  # paid there, and no event reached us
    (difference,) = compared(payer)
    assert (difference.kind, difference.theirs) == ("not_ours", 3550)
