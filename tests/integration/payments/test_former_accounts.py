"""A city gets another account at the provider: what was opened at the former one is followed there, and nobody meets an error."""

import secrets
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from madoguchi_sandbox.calls import account_of_key
from madoguchi_sandbox.wire import ApiError
from portal.core.clock import frozen, now
from portal.core.crypto import seal
from portal.core.database import city_session
from portal.core.errors import Unavailable
from portal.core.events import SYSTEM
from portal.payments import LineItem, Payment, balance_import, jobs, open_payment, provider_accounts, request_refund
from portal.payments.models import PaymentAccount
from portal.payments.provider_models import ProviderTransaction
from portal.payments.sync import sync_payment
from tests.kit.payer import Payer, account_name

REVOKED = "rk_test_revoked"


@pytest.fixture
def new_key() -> str:
    return f"sk_test_{secrets.token_hex(8)}"


def move(payer: Payer, api_key: str) -> None:
    """The city pays into another account from now on."""
    provider_accounts.connect_account(
        payer.key, display_name="日野市", api_key=api_key, origin=f"http://hino.localhost:{payer.port}"
    )


@pytest.fixture(autouse=True)
def revoked_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox takes every test key; this one it refuses."""

    def account_or_refusal(key: str) -> str:
        if key == REVOKED:
            raise ApiError("Invalid API Key provided.", status=401)
        return account_of_key(key)

    monkeypatch.setattr("madoguchi_sandbox.calls.account_of_key", account_or_refusal)


def revoke(payer: Payer) -> None:
    """The former account's key is not taken any more."""
    with city_session(payer.key) as session:
        sealed = seal(payer.key, REVOKED.encode(), provider_accounts.ENCRYPTION_CONTEXT)
        session.execute(update(PaymentAccount).where(~PaymentAccount.active).values(api_key=sealed))


def refund(payer: Payer, payment: Payment) -> None:
    with city_session(payer.key) as session:
        request_refund(session, payment, None, "申請を取り下げたため", actor=SYSTEM)


def active(payer: Payer) -> list[bool]:
    with city_session(payer.key) as session:
        return list(session.scalars(select(PaymentAccount.active).order_by(PaymentAccount.id)))


def test_a_page_of_the_former_account_is_closed_and_a_new_one_opened(payer: Payer, new_key: str) -> None:
    payment = payer.open()
    old = payer.start(payment, "card")
    move(payer, new_key)
    answer = payer.press(payment, method="card")
    assert answer.status_code == 303
    assert payer.pay(old) == 410, "nobody pays at the former account any more"
    assert payer.pay(answer.location) == 303
    assert payer.come_back(payment).status_code == 303
    assert payer.status(payment) == "paid"
    assert payer.sandbox.store.account_of(answer.location.rsplit("/", 1)[1]) == account_name(new_key)


def test_a_slip_of_the_former_account_still_pays(payer: Payer, new_key: str) -> None:
    payment = payer.open()
    page = payer.start(payment, "konbini")
    payer.take_voucher(page)
    assert sync_payment(payer.key, payment.id) == "pending"
    move(payer, new_key)
    assert payer.press(payment).location.endswith("/return")
    assert payer.at_the_store("pay", page) == 303
    payer.deliver()
    assert payer.status(payment) == "paid", "the former account's notice is taken"


def test_money_goes_back_from_the_account_that_has_it(payer: Payer, new_key: str) -> None:
    payment = payer.open()
    payer.pay(payer.start(payment, "card"))
    sync_payment(payer.key, payment.id)
    move(payer, new_key)
    refund(payer, payment)
    payer.work()
    assert [refund.status for refund in payer.refunds(payment)] == ["succeeded"]


def test_the_books_of_both_accounts_are_read(payer: Payer, new_key: str) -> None:
    for api_key in (new_key, None):
        payment = payer.open()
        payer.pay(payer.start(payment, "card"))
        sync_payment(payer.key, payment.id)
        refund(payer, payment)
        payer.work()
        if api_key:
            move(payer, api_key)
    assert balance_import.import_balance_transactions(payer.key) == 4
    with city_session(payer.key) as session:
        assert sum(session.scalars(select(ProviderTransaction.gross))) == 0


def test_a_new_key_of_the_same_account_is_no_other_account(payer: Payer, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = payer.open()
    page = payer.start(payment, "card")
    monkeypatch.setattr("madoguchi_sandbox.calls._authenticate", lambda: account_name(payer.api_key))
    move(payer, f"{payer.api_key}_rolled")
    assert active(payer) == [True]
    assert payer.start(payment, "card") == page, "the page that is open is gone on with"


def test_an_account_that_comes_back_is_the_one_it_was(payer: Payer, new_key: str) -> None:
    payer.start(payer.open(), "card")
    move(payer, new_key)
    assert active(payer) == [False, True]
    move(payer, payer.api_key)
    assert active(payer) == [True, False]


def test_a_page_that_its_account_does_not_know_is_let_go(payer: Payer) -> None:
    payment = payer.open()
    page = payer.start(payment, "card")
    payer.sandbox.store.execute("DELETE FROM object WHERE id = ?", page.rsplit("/", 1)[1])
    back = payer.come_back(payment)
    assert back.status_code == 303
    assert "まだ支払われていません" in payer.page(payment)
    answer = payer.press(payment, method="card")
    assert answer.status_code == 303
    assert payer.pay(answer.location) == 303
    assert payer.history().count("payment.expired") == 1


def test_without_the_former_key_the_page_is_waited_out_with_a_message(payer: Payer, new_key: str) -> None:
    payment = payer.open()
    payer.start(payment, "card")
    move(payer, new_key)
    revoke(payer)
    with pytest.raises(Unavailable, match="15分後"):
        payer.start(payment, "card")
    assert "確認" in payer.come_back(payment).text
    with frozen(now() + timedelta(hours=2, minutes=5)):
        jobs.sweep(payer.key)
        assert [attempt.status for attempt in payer.attempts(payment)] == ["expired"]
    assert payer.start(payment, "card")


def test_a_slip_out_of_reach_ends_with_its_time_and_the_payer_hears_of_it(payer: Payer, new_key: str) -> None:
    payment = payer.open()
    payer.take_voucher(payer.start(payment, "konbini"))
    sync_payment(payer.key, payment.id)
    move(payer, new_key)
    revoke(payer)
    jobs.sweep(payer.key)
    assert payer.status(payment) == "pending"
    with frozen(now() + timedelta(days=5)):
        jobs.sweep(payer.key)
    assert payer.status(payment) == "failed"
    assert payer.changes == ["pending", "failed"]


def test_a_refund_that_the_former_account_cannot_make_has_failed(payer: Payer, new_key: str) -> None:
    payment = payer.open()
    payer.pay(payer.start(payment, "card"))
    sync_payment(payer.key, payment.id)
    move(payer, new_key)
    revoke(payer)
    refund(payer, payment)
    payer.work()
    assert [(refund.status, refund.failure) for refund in payer.refunds(payment)] == [("failed", "key_refused")]
    assert payer.changes[-1] == "refund_failed"


def test_a_former_account_whose_key_is_refused_keeps_no_book_from_being_read(payer: Payer, new_key: str) -> None:
    payer.start(payer.open(), "card")
    move(payer, new_key)
    revoke(payer)
    assert jobs.fetch_undelivered(payer.key) == 0
    assert balance_import.import_balance_transactions(payer.key) == 0


def test_an_attempt_that_was_never_opened_is_not_opened_at_the_former_account(payer: Payer, new_key: str) -> None:
    with city_session(payer.key) as session:
        other = open_payment(session, payer.case_id, [LineItem("許可", 500)], title="許可", purpose="permit")
    payer.start(other, "card")
    payment = payer.open()
    payer.sandbox.store.set_setting("api_fault", "before")
    with pytest.raises(Unavailable):
        payer.start(payment, "card")
    payer.sandbox.store.set_setting("api_fault", "")
    move(payer, new_key)
    assert payer.start(payment, "card")
    assert len(payer.sessions()) == 1, "at the former account nothing but the other page was opened"
    assert [attempt.status for attempt in payer.attempts(payment)] == ["expired", "open"]
