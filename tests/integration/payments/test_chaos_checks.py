"""What `scripts/chaos` looks at in the end: a payment in order leaves nothing to say, and each of these faults is seen by the check it belongs to."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from sqlalchemy import text

from portal.core.database import city_session
from portal.payments import Payment, request_refund
from portal.payments.sync import sync_payment
from tests.judge import books
from tests.judge.chaos.checks import CHECKS, accounts, fees, letters, provider, transfers
from tests.judge.chaos.checks.evidence import Evidence
from tests.judge.chaos.town import Town
from tests.kit.payer import Payer, account_name

Look = Callable[[], set[str]]


@pytest.fixture
def town(payer: Payer, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The city of the payer, whose provider is the sandbox of these tests; nobody mails or works here."""
    account = account_name(payer.api_key)
    monkeypatch.setattr(
        books, "objects_at_provider", lambda _ground, _key, kind: payer.sandbox.store.list_objects(kind, account)
    )
    monkeypatch.setattr(books, "mails_delivered", lambda _ground: [])
    monkeypatch.setattr(books, "settle_down", lambda _seconds: {})
    monkeypatch.setattr(books, "failed_jobs", list)
    return Town(cast(Any, None), payer.key, "seed")


@pytest.fixture
def payment(payer: Payer, town: Town) -> Payment:
    """One that was paid by card, and of which 1,000 yen went back."""
    town.begin()
    payment = payer.open()
    payer.pay(payer.start(payment, "card"))
    sync_payment(payer.key, payment.id)
    with city_session(payer.key) as session:
        request_refund(session, payment, 1_000, "減額")
    payer.work()
    return payment


@pytest.fixture
def look(payer: Payer, town: Town) -> Look:
    """The names of the checks that find something. Letters are not written here."""

    def look() -> set[str]:
        with city_session(payer.key) as session:
            evidence = Evidence(town, session)
            others = [check for check in CHECKS if check is not letters.each_confirmation_was_written_once]
            return {check.__name__ for check in others if list(check(evidence))}

    return look


def test_a_payment_in_order_leaves_nothing_to_say(payment: Payment, look: Look) -> None:
    assert look() <= {accounts.the_books_equal_the_providers_book.__name__}, "fees are booked at night"


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE payment_attempt SET received = 9 WHERE order_id = :order", provider.each_payment_stands_as_the_provider_says),
        ("UPDATE payment_attempt SET received = 9 WHERE order_id = :order", fees.orders_say_what_their_attempts_say),
        ("UPDATE payment_attempt SET status = 'failed' WHERE order_id = :order", provider.each_payment_stands_as_the_provider_says),
        ("UPDATE payment_order SET status = 'open' WHERE id = :order", fees.orders_say_what_their_attempts_say),
        ("UPDATE payment_attempt SET settles = false WHERE order_id = :order", fees.what_came_twice_goes_back),
        ("UPDATE order_line SET living = false WHERE order_id = :order", fees.every_fee_is_asked_for_in_one_place),
        ("UPDATE refund SET amount = 900 WHERE order_id = :order", provider.each_refund_stands_as_the_provider_says),
        ("UPDATE charge SET given_back = 0 WHERE id IN (SELECT charge_id FROM order_line WHERE order_id = :order)",
         fees.every_fee_is_settled_at_most_once),
        ("UPDATE charge SET status = 'owed' WHERE id IN (SELECT charge_id FROM order_line WHERE order_id = :order)",
         accounts.payers_read_what_the_books_say),
        ("UPDATE refund SET status = 'approved' WHERE order_id = :order", accounts.the_books_owe_what_is_to_go_back),
        ("UPDATE refund SET status = 'approved' WHERE order_id = :order", letters.nothing_is_left_undone),
    ],
)  # fmt: skip
def test_a_fault_of_the_city_is_seen(
    payer: Payer, payment: Payment, look: Look, statement: str, check: Callable[..., object]
) -> None:
    with city_session(payer.key) as session:
        session.execute(text(statement), {"order": payment.id})
    assert check.__name__ in look()


@pytest.mark.parametrize(
    ("kind", "check"),
    [
        ("charge", provider.each_payment_stands_as_the_provider_says),
        ("charge", provider.no_charge_is_unknown),
        ("refund", provider.each_refund_stands_as_the_provider_says),
        ("balance_transaction", accounts.the_books_equal_the_providers_book),
    ],
)
def test_what_only_the_provider_has_is_seen(
    payer: Payer, payment: Payment, look: Look, kind: str, check: Callable[..., object]
) -> None:
    (newest, *_others) = payer.sandbox.store.list_objects(kind, account_name(payer.api_key))
    payer.sandbox.store.add(account_name(payer.api_key), newest | {"id": f"{newest['id']}again"})
    assert check.__name__ in look()


def test_somebody_who_was_told_that_it_is_paid_and_did_not_pay_is_seen(
    payment: Payment, town: Town, look: Look
) -> None:
    town.told.add("cs_test_nowhere")
    assert provider.no_charge_is_unknown.__name__ in look()


def test_faults_about_transfers_are_seen(payer: Payer, town: Town, look: Look) -> None:
    with city_session(payer.key) as session:
        session.execute(text("UPDATE payment_account SET methods = '[\"bank_transfer\"]'"))
    town.begin()
    payment = payer.open()
    payer.transfer(payer.choose_transfer(payment), payment.amount + 450)
    payer.deliver()
    checks = {each.__name__ for each in CHECKS if each.__module__ == transfers.__name__}
    assert not look() & checks
    for statement, check in (
        ("UPDATE payment_attempt SET unapplied = 9", transfers.the_provider_holds_what_is_known_to_be_there),
        ("UPDATE refund SET amount = 400", transfers.every_transferred_yen_is_paid_or_goes_back),
        ("DELETE FROM transfer_arrival", transfers.every_transfer_is_known_once),
    ):
        with city_session(payer.key) as session:
            session.execute(text(statement))
        assert check.__name__ in look()
