"""A city gets another account at the provider: what was opened at the former one is followed there, and nobody meets an error."""

import secrets
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.core.clock import frozen, now
from portal.core.crypto import seal
from portal.core.database import city_session
from portal.core.errors import Unavailable
from portal.core.events import SYSTEM
from portal.payments import LineItem, balance_import, jobs, open_payment, provider_accounts, request_refund
from portal.payments.models import Payment, PaymentAccount, ProviderTransaction
from portal.payments.sync import sync_payment
from tests.integration.payments.town import Town, account_name


@pytest.fixture
def new_key() -> str:
    return f"sk_test_{secrets.token_hex(8)}"


def move(town: Town, api_key: str) -> None:
    """The city pays into another account from now on."""
    provider_accounts.connect_account(
        town.key, display_name="日野市", api_key=api_key, origin=f"http://hino.localhost:{town.port}", four_eyes=False
    )


def revoke(town: Town) -> None:
    """The former account's key is not taken any more."""
    with city_session(town.key) as session:
        sealed = seal(town.key, b"rk_test_revoked", provider_accounts.ENCRYPTION_CONTEXT)
        session.execute(update(PaymentAccount).where(~PaymentAccount.active).values(api_key=sealed))


def refund(town: Town, payment: Payment) -> None:
    with city_session(town.key) as session:
        request_refund(session, payment.id, None, "申請を取り下げたため", actor=SYSTEM)


def active(town: Town) -> list[bool]:
    with city_session(town.key) as session:
        return list(session.scalars(select(PaymentAccount.active).order_by(PaymentAccount.id)))


def test_a_page_of_the_former_account_is_closed_and_a_new_one_opened(town: Town, new_key: str) -> None:
    payment = town.open()
    old = town.start(payment, "card")
    move(town, new_key)
    answer = town.press(payment, method="card")
    assert answer.status_code == 303
    assert town.pay(old) == 410, "nobody pays at the former account any more"
    assert town.pay(answer.location) == 303
    assert town.come_back(payment).status_code == 303
    assert town.status(payment) == "paid"
    assert town.sandbox.store.account_of(answer.location.rsplit("/", 1)[1]) == account_name(new_key)


def test_a_slip_of_the_former_account_still_pays(town: Town, new_key: str) -> None:
    payment = town.open()
    page = town.start(payment, "konbini")
    town.take_voucher(page)
    assert sync_payment(town.key, payment.id) == "pending"
    move(town, new_key)
    assert town.press(payment).location.endswith("/return")
    assert town.at_the_store("pay", page) == 303
    town.deliver()
    assert town.status(payment) == "paid", "the former account's notice is taken"


def test_money_goes_back_from_the_account_that_has_it(town: Town, new_key: str) -> None:
    payment = town.open()
    town.pay(town.start(payment, "card"))
    sync_payment(town.key, payment.id)
    move(town, new_key)
    refund(town, payment)
    town.work()
    assert [refund.status for refund in town.refunds(payment)] == ["succeeded"]


def test_the_books_of_both_accounts_are_read(town: Town, new_key: str) -> None:
    for api_key in (new_key, None):
        payment = town.open()
        town.pay(town.start(payment, "card"))
        sync_payment(town.key, payment.id)
        refund(town, payment)
        town.work()
        if api_key:
            move(town, api_key)
    assert balance_import.import_balance_transactions(town.key) == 4
    with city_session(town.key) as session:
        assert sum(session.scalars(select(ProviderTransaction.gross))) == 0


def test_a_new_key_of_the_same_account_is_no_other_account(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = town.open()
    page = town.start(payment, "card")
    monkeypatch.setattr("madoguchi_sandbox.api._authenticate", lambda: account_name(town.api_key))
    move(town, f"{town.api_key}_rolled")
    assert active(town) == [True]
    assert town.start(payment, "card") == page, "the page that is open is gone on with"


def test_an_account_that_comes_back_is_the_one_it_was(town: Town, new_key: str) -> None:
    town.start(town.open(), "card")
    move(town, new_key)
    assert active(town) == [False, True]
    move(town, town.api_key)
    assert active(town) == [True, False]


def test_a_page_that_its_account_does_not_know_is_let_go(town: Town) -> None:
    payment = town.open()
    page = town.start(payment, "card")
    town.sandbox.store.execute("DELETE FROM object WHERE id = ?", page.rsplit("/", 1)[1])
    back = town.come_back(payment)
    assert back.status_code == 303
    assert "まだ支払われていません" in town.page(payment)
    answer = town.press(payment, method="card")
    assert answer.status_code == 303
    assert town.pay(answer.location) == 303
    assert town.history().count("payment.expired") == 1


def test_without_the_former_key_the_page_is_waited_out_with_a_message(town: Town, new_key: str) -> None:
    payment = town.open()
    town.start(payment, "card")
    move(town, new_key)
    revoke(town)
    with pytest.raises(Unavailable, match="15分後"):
        town.start(payment, "card")
    assert "確認" in town.come_back(payment).text
    with frozen(now() + timedelta(hours=2, minutes=5)):
        jobs.sweep(town.key)
        assert [attempt.status for attempt in town.attempts(payment)] == ["expired"]
    assert town.start(payment, "card")


def test_a_slip_out_of_reach_ends_with_its_time_and_the_payer_hears_of_it(town: Town, new_key: str) -> None:
    payment = town.open()
    town.take_voucher(town.start(payment, "konbini"))
    sync_payment(town.key, payment.id)
    move(town, new_key)
    revoke(town)
    jobs.sweep(town.key)
    assert town.status(payment) == "pending"
    with frozen(now() + timedelta(days=5)):
        jobs.sweep(town.key)
    assert town.status(payment) == "failed"
    assert town.changes == ["pending", "failed"]


def test_a_refund_that_the_former_account_cannot_make_has_failed(town: Town, new_key: str) -> None:
    payment = town.open()
    town.pay(town.start(payment, "card"))
    sync_payment(town.key, payment.id)
    move(town, new_key)
    revoke(town)
    refund(town, payment)
    town.work()
    assert [(refund.status, refund.failure) for refund in town.refunds(payment)] == [("failed", "key_refused")]
    assert town.changes[-1] == "refund_failed"


def test_a_former_account_whose_key_is_refused_keeps_no_book_from_being_read(town: Town, new_key: str) -> None:
    town.start(town.open(), "card")
    move(town, new_key)
    revoke(town)
    assert jobs.fetch_undelivered(town.key) == 0
    assert balance_import.import_balance_transactions(town.key) == 0


def test_an_attempt_that_was_never_opened_is_not_opened_at_the_former_account(town: Town, new_key: str) -> None:
    with city_session(town.key) as session:
        other = open_payment(session, town.case_id, [LineItem("許可", 500)], title="許可", purpose="permit")
    town.start(other, "card")
    payment = town.open()
    town.sandbox.store.set_setting("api_fault", "before")
    with pytest.raises(Unavailable):
        town.start(payment, "card")
    town.sandbox.store.set_setting("api_fault", "")
    move(town, new_key)
    assert town.start(payment, "card")
    assert len(town.sessions()) == 1, "at the former account nothing but the other page was opened"
    assert [attempt.status for attempt in town.attempts(payment)] == ["expired", "open"]
