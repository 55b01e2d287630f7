"""Bank transfer: to an account of its own, in one sum or in parts, too much, too late, called off; nothing is lost or doubled."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.clock import frozen, now
from portal.core.database import city_session
from portal.core.errors import Conflict
from portal.core.events import Actor
from portal.ledger import open_differences
from portal.payments import (
    LineItem,
    Payment,
    approve_refund,
    balance_import,
    begin_transfer,
    change_payment,
    connect_account,
    erase_personal_data,
    jobs,
    method_settings,
    refunds_to_handle,
    request_refund,
    retry_refund,
    standings,
)
from portal.payments.awaited_transfers import GRACE, awaited_transfer
from portal.payments.models import PaymentAccount, PaymentPolicy
from portal.payments.reconciliation import reconcile_books
from tests.kit.money import booked_balances, contradictions
from tests.kit.payer import ORIGIN, Payer, account_name

FEE = 3_550


@pytest.fixture(autouse=True)
def offered(payer: Payer) -> None:
    """The city takes transfers."""
    with city_session(payer.key) as session:
        session.scalars(select(PaymentAccount).where(PaymentAccount.active)).one().methods = [
            "card",
            "konbini",
            "bank_transfer",
        ]


@pytest.fixture
def before(payer: Payer) -> Counter[str]:
    with city_session(payer.key) as session:
        return booked_balances(session)


def booked(payer: Payer, before: Counter[str]) -> dict[str, int]:
    """What the accounts of the books have moved by since then; those that did not are left out."""
    with city_session(payer.key) as session:
        after = booked_balances(session)
        assert contradictions(session, [payer.case_id]) == []
    after.subtract(before)
    after["in_transit"] += after.pop("provider_fee", 0)  # as if the provider took none
    return {name: amount for name, amount in after.items() if amount}


def differences(payer: Payer) -> list[str]:
    """What the night finds to differ."""
    balance_import.import_balance_transactions(payer.key)
    jobs.read_late_transfers(payer.key)
    with city_session(payer.key) as session:
        reconcile_books(session)
        return [f"{each.kind} {each.reference}" for each in open_differences(session)]


def test_where_to_transfer_is_told_at_any_time(payer: Payer, before: Counter[str]) -> None:
    payment = payer.open()
    payer.choose_transfer(payment)
    assert payer.status(payment) == "pending"
    page = payer.page(payment)
    with city_session(payer.key) as session:
        awaited = awaited_transfer(session, payment.id)
    assert awaited is not None
    assert awaited.missing == FEE
    for told in (
        "テスト銀行",
        "テスト支店",
        "普通",
        awaited.account["number"],
        "3,550円",
        "手数料は、振り込む人の負担",
    ):
        assert told in page
    assert awaited.until > now() + timedelta(days=6)
    assert payer.changes[-1] == "pending"
    (customer,) = payer.sandbox.store.list_objects("customer", account_name(payer.api_key))
    assert (customer["name"], customer["metadata"]) == (None, {"reference": payer.attempts(payment)[0].reference})
    assert booked(payer, before) == {"receivable": FEE, "revenue": -FEE}


def test_nobody_who_chose_another_way_becomes_a_customer(payer: Payer) -> None:
    url = payer.start(payer.open())
    assert payer.session_at(url)["payment_method_types"] == ["card", "konbini"]
    assert payer.sandbox.store.list_objects("customer", account_name(payer.api_key)) == []


def test_an_exact_transfer_pays(payer: Payer, before: Counter[str]) -> None:
    payment = payer.open()
    payer.transfer(payer.choose_transfer(payment), FEE)
    paid = payer.read(payment)
    assert (paid.status, paid.method, paid.received) == ("paid", "bank_transfer", FEE)
    assert booked(payer, before) == {"in_transit": FEE, "revenue": -FEE}
    assert payer.refunds(payment) == []
    assert differences(payer) == []


def test_two_parts_pay_and_the_first_is_told_with_what_is_missing(payer: Payer, before: Counter[str]) -> None:
    payment = payer.open()
    url = payer.choose_transfer(payment)
    payer.transfer(url, 1_000)
    assert payer.status(payment) == "pending"
    assert payer.changes[-1] == "partly_transferred"
    page = payer.page(payment)
    assert "1,000円が届いています" in page
    assert "あと2,550円" in page
    assert booked(payer, before) == {"receivable": FEE, "revenue": -FEE, "payer_funds": 1_000, "deposit": -1_000}
    assert differences(payer) == []
    with city_session(payer.key) as session:
        assert {(each.why, each.arrived) for each in standings(session, [payer.read(payment)])} == {("transfer", 1_000)}
    payer.deliver()
    assert payer.changes.count("partly_transferred") == 1, "told once, however often it is read"
    payer.transfer(url, 2_550)
    assert payer.status(payment) == "paid"
    assert booked(payer, before) == {"in_transit": FEE, "revenue": -FEE}
    assert payer.history().count("payment.partly_transferred") == 1


@pytest.mark.parametrize("is_automatic", [True, False])
def test_what_is_too_much_goes_back(payer: Payer, before: Counter[str], is_automatic: bool) -> None:
    with city_session(payer.key) as session:
        session.merge(PaymentPolicy(id=1, returns_surplus=is_automatic))
    payment = payer.open()
    payer.transfer(payer.choose_transfer(payment), FEE + 450)
    assert payer.status(payment) == "paid"
    assert payer.changes[-2:] == ["paid", "surplus_transferred"]
    (refund,) = payer.refunds(payment)
    assert (refund.amount, refund.grounds, refund.from_funds) == (450, "transfer", True)
    if not is_automatic:
        assert refund.status == "requested"
        assert booked(payer, before) == {"in_transit": FEE, "revenue": -FEE, "payer_funds": 450, "deposit": -450}
        with city_session(payer.key) as session:
            session.merge(PaymentPolicy(id=1, second_person_above=10_000))
            approve_refund(session, refund.id, Actor("staff", payer.staff("中村"), "中村"))
        payer.work()
    assert booked(payer, before) == {"in_transit": FEE, "revenue": -FEE, "payer_funds": 450, "refund_payable": -450}
    assert "余分に振り込まれた分の返金" in payer.page(payment)
    assert differences(payer) == []
    payer.returns_end("succeeded")
    assert payer.refunds(payment)[0].status == "succeeded"
    assert payer.read(payment).net_received == FEE
    assert booked(payer, before) == {"in_transit": FEE, "revenue": -FEE}
    assert differences(payer) == []


def test_a_second_transfer_goes_back_too(payer: Payer, before: Counter[str]) -> None:
    payment = payer.open()
    url = payer.choose_transfer(payment)
    payer.transfer(url, FEE)
    payer.transfer(url, FEE)
    payer.transfer(url, 20)
    assert [refund.amount for refund in payer.refunds(payment)] == [FEE, 20]
    payer.returns_end("succeeded")
    assert payer.funds() == 0
    assert booked(payer, before) == {"in_transit": FEE, "revenue": -FEE}


def test_a_transfer_is_called_off_while_nothing_has_come(payer: Payer) -> None:
    payment = payer.open()
    url = payer.choose_transfer(payment)
    stopped = press_stop(payer, payment)
    assert stopped.status_code == 303
    assert payer.status(payment) == "failed"
    assert "振込の期限が過ぎたか、取りやめになりました" in payer.page(payment)
    assert "payment.stopped" in payer.history()
    payer.transfer(url, FEE)
    assert payer.status(payment) == "failed"
    assert [(refund.amount, refund.grounds) for refund in payer.refunds(payment)] == [(FEE, "transfer")]
    payer.returns_end("succeeded")
    assert differences(payer) == []


def test_once_a_part_came_it_is_not_called_off_but_may_be_paid_otherwise(payer: Payer, before: Counter[str]) -> None:
    payment = payer.open()
    url = payer.choose_transfer(payment)
    payer.transfer(url, 1_000)
    refused = press_stop(payer, payment)
    assert refused.status_code == 409
    assert "取りやめられません" in refused.text
    payer.pay(payer.start(payment, "card", restart=True))
    payer.deliver()
    assert (payer.status(payment), payer.read(payment).method) == ("paid", "card")
    assert [refund.amount for refund in payer.refunds(payment)] == [1_000]
    payer.returns_end("succeeded")
    assert booked(payer, before) == {"in_transit": FEE, "revenue": -FEE}
    assert differences(payer) == []


def press_stop(payer: Payer, payment: Payment) -> Any:
    token = re.search(r'name="csrf_token" value="([^"]+)"', payer.page(payment))
    assert token is not None
    return payer.browser.post(f"/pay/{payment.public_id}/stop", base_url=ORIGIN, data={"csrf_token": token[1]})


def test_a_transfer_that_does_not_come_in_time_ends_and_what_came_goes_back(payer: Payer, before: Counter[str]) -> None:
    payment = payer.open()
    url = payer.choose_transfer(payment)
    payer.transfer(url, 50)
    with city_session(payer.key) as session:
        awaited = awaited_transfer(session, payment.id)
    assert awaited is not None
    with frozen(awaited.until + GRACE - timedelta(hours=1)):
        jobs.sweep(payer.key)
    assert payer.status(payment) == "pending"
    with frozen(awaited.until + GRACE + timedelta(hours=1)):
        jobs.sweep(payer.key)
    assert payer.status(payment) == "failed"
    assert payer.changes[-2:] == ["failed", "surplus_transferred"]
    payer.work()
    payer.returns_end("succeeded")
    assert booked(payer, before) == {"receivable": FEE, "revenue": -FEE}


def test_a_late_transfer_of_which_no_event_came_is_found_at_night(payer: Payer) -> None:
    payment = payer.open()
    url = payer.choose_transfer(payment)
    press_stop(payer, payment)
    intent = payer.session_at(url)["payment_intent"]
    payer.sandbox.app.test_client().post(f"/operator/transfers/{intent}/receive", data={"amount": 700})
    assert payer.refunds(payment) == []
    jobs.read_late_transfers(payer.key)
    jobs.read_late_transfers(payer.key)
    assert [refund.amount for refund in payer.refunds(payment)] == [700]


def test_a_refund_reaches_the_payers_bank(payer: Payer, before: Counter[str]) -> None:
    payment = payer.open()
    payer.transfer(payer.choose_transfer(payment), FEE)
    with city_session(payer.key) as session:
        request_refund(session, payer.read(payment), 550, "取り下げ")
    payer.work()
    payer.returns_end("succeeded")
    assert payer.read(payment).net_received == FEE - 550
    assert booked(payer, before) == {"in_transit": FEE - 550, "revenue": 550 - FEE}
    assert differences(payer) == []


def test_a_refund_that_nobody_takes_is_a_task_and_is_sent_out_of_what_the_provider_holds(
    payer: Payer, before: Counter[str]
) -> None:
    payment = payer.open()
    payer.transfer(payer.choose_transfer(payment), FEE)
    with city_session(payer.key) as session:
        request_refund(session, payer.read(payment), None, "取り下げ")
    payer.work()
    payer.returns_end("canceled")
    (failed,) = payer.refunds(payment)
    assert (failed.status, failed.failure) == ("failed", "canceled")
    assert payer.changes[-1] == "refund_failed"
    assert booked(payer, before) == {"payer_funds": FEE, "revenue": -FEE}
    assert payer.funds() == FEE
    assert differences(payer) == []
    actor = Actor("staff", payer.staff("中村"), "中村")
    with city_session(payer.key) as session:
        tasks = session.execute(select(refunds_to_handle())).all()
        assert [(task.id, task.with_provider) for task in tasks if task.order_id == payment.id] == [(failed.id, True)]
        with pytest.raises(Conflict, match="預かって"):
            begin_transfer(session, failed.id, actor)
    with city_session(payer.key) as session:
        retry_refund(session, failed.id, actor)
    payer.work()
    payer.returns_end("succeeded")
    assert payer.status(payment) == "refunded"
    assert booked(payer, before) == {}
    assert payer.funds() == 0
    assert differences(payer) == []


@pytest.mark.parametrize("outcome", ["failed", "canceled"])
def test_a_return_that_fails_is_a_task_and_not_begun_again_by_itself(
    payer: Payer, before: Counter[str], outcome: str
) -> None:
    payment = payer.open()
    url = payer.choose_transfer(payment)
    payer.transfer(url, FEE + 100)
    payer.returns_end(outcome)
    jobs.read_late_transfers(payer.key)
    (failed,) = payer.refunds(payment)
    assert failed.status == "failed"
    assert booked(payer, before) == {"in_transit": FEE, "revenue": -FEE, "payer_funds": 100, "deposit": -100}
    with city_session(payer.key) as session:
        retry_refund(session, failed.id, Actor("staff", payer.staff("中村"), "中村"))
    payer.work()
    payer.returns_end("succeeded")
    assert booked(payer, before) == {"in_transit": FEE, "revenue": -FEE}
    assert payer.read(payment).status == "paid"
    assert differences(payer) == []


def test_an_amount_that_changed_gives_back_what_came_for_the_former(payer: Payer) -> None:
    payment = payer.open()
    payer.transfer(payer.choose_transfer(payment), 1_000)
    with city_session(payer.key) as session:
        change_payment(session, payer.read(payment), [LineItem("犬の登録", 2_000)])
    payer.work()
    assert [refund.amount for refund in payer.refunds(payment)] == [1_000]
    url = payer.choose_transfer(payment)
    payer.transfer(url, 2_000)
    assert (payer.status(payment), payer.read(payment).received) == ("paid", 2_000)


def test_a_return_whose_answer_was_lost_is_made_once(payer: Payer) -> None:
    payment = payer.open()
    url = payer.choose_transfer(payment)
    payer.sandbox.store.set_setting("api_fault", "after")
    payer.sandbox.store.set_setting("api_fault_endpoints", "POST /refunds")
    payer.transfer(url, FEE + 100)
    payer.sandbox.store.set_setting("api_fault", "")
    with frozen(now() + timedelta(minutes=5)):
        jobs.sweep(payer.key)
    (refund,) = payer.refunds(payment)
    assert refund.status == "pending"
    assert len(payer.sandbox.store.list_objects("refund", account_name(payer.api_key))) == 1


def test_the_provider_forgets_the_payer_when_the_case_has_had_its_time(payer: Payer) -> None:
    payment = payer.open()
    payer.transfer(payer.choose_transfer(payment), FEE)
    customers = lambda: payer.sandbox.store.list_objects("customer", account_name(payer.api_key))  # noqa: E731 - read twice
    assert [each["email"] for each in customers()] == ["misaki@example.jp"]
    with city_session(payer.key) as session:
        erase_personal_data(session, [payer.case_id])
    payer.work()
    assert [each["email"] for each in customers()] == [None]
    (attempt,) = payer.attempts(payment)
    assert (attempt.transfer_account, attempt.customer_id) == (None, None)


def test_a_key_that_is_renewed_leaves_the_methods_as_they_are(payer: Payer) -> None:
    connect_account(payer.key, display_name="日野市", api_key=payer.api_key, origin=ORIGIN)
    with city_session(payer.key) as session:
        assert method_settings(session).online == ("card", "konbini", "bank_transfer")
