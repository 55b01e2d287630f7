"""The accountant says how the city takes money: within what the account has, read once more, and at once for residents and cashiers."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.core.database import city_session
from portal.core.errors import Conflict
from portal.core.events import SYSTEM
from portal.payments import approve_refund, change_methods, method_settings
from portal.payments.counter import OfflineMoney, take_at_counter
from portal.payments.sync import sync_payment
from tests.integration.money.conftest import CITY, RESIDENT, Hall
from tests.kit.browser import Browser
from tests.kit.city import hire

PAGE = "/desk/payments/settings"
STATES = dict.fromkeys(("card", "konbini", "paypay"), "active")


@pytest.fixture(scope="module")
def signed_in(hall: Hall) -> Browser:
    hire(CITY, "accountant@example.jp", {"environment": ("accountant",)})
    return Browser(hall.app, CITY, "192.0.2.90").sign_in_at_desk("accountant@example.jp")


@pytest.fixture
def accountant(signed_in: Browser) -> Iterator[Browser]:
    """Whoever decides about the methods, which are as before afterwards."""
    with city_session(CITY) as session:
        before = method_settings(session)
    yield signed_in
    with city_session(CITY) as session:
        change_methods(session, before, method_settings(session).version, STATES, SYSTEM)


def seen(page: str) -> str:
    return re.search(r'name="seen" value="([^"]*)"', page)[1]  # type: ignore[index] # every form has it


def test_a_change_is_read_once_more_kept_as_an_event_and_holds_for_residents_at_once(
    hall: Hall, accountant: Browser
) -> None:
    assert f'href="{PAGE}"' in accountant.get("/desk/ledger").text
    page = accountant.get(PAGE).text
    assert "使えます" in page
    chosen = {
        "methods": ["card", "paypay", "cash"],
        "duplicates": "decided",
        "surplus": "automatic",
        "seen": seen(page),
    }
    look = accountant.post(PAGE, chosen | {"act": "look"})
    for sentence in ("PayPayを始めます。", "コンビニをやめます。", "納付書をやめます。", "職員が確かめてから返します"):
        assert sentence in look.text
    with city_session(CITY) as session:
        assert "konbini" in method_settings(session).online, "nothing is kept yet"
    assert accountant.post(PAGE, chosen | {"act": "save"}).status_code == 303
    assert "設定を変えました" in accountant.get(f"{PAGE}?saved=1").text
    stale = accountant.post(PAGE, chosen | {"act": "save", "methods": ["card"]})
    assert (stale.status_code, "先にほかの人が変えました" in stale.text) == (409, True)
    payer = hall.apply()
    (payment,) = hall.payments(payer)
    page = payer.page(payment)
    assert 'value="paypay"' in page
    assert 'value="konbini"' not in page
    with city_session(CITY) as session, pytest.raises(Conflict):
        take_at_counter(session, payment.id, OfflineMoney(3000, "card_reader"), hall.actor("cashier"))
    slip = hall.cashier.post(f"/desk/payments/{payment.id}/documents/payment_slip")
    assert slip.status_code == 409


def test_what_the_account_lacks_and_no_method_at_all_are_refused_beside_what_was_chosen(
    hall: Hall, accountant: Browser
) -> None:
    hall.sandbox.store.set_setting("without_paypay", "1")
    try:
        page = accountant.get(PAGE).text
        assert "アカウントで有効になっていません" in page
        chosen = {"methods": ["card", "paypay"], "duplicates": "automatic", "surplus": "automatic", "seen": seen(page)}
        refused = accountant.post(PAGE, chosen | {"act": "look"})
        assert (refused.status_code, "使えない方法です：PayPay" in refused.text) == (422, True)
        assert re.search(r'value="paypay" checked', refused.text)
    finally:
        hall.sandbox.store.set_setting("without_paypay", "")
    nothing = accountant.post(PAGE, chosen | {"act": "look", "methods": []})
    assert (nothing.status_code, "1つ以上選んで" in nothing.text) == (422, True)
    assert hall.cashier.get(PAGE).status_code == 403


def test_each_fee_is_shown_with_its_methods(hall: Hall, accountant: Browser) -> None:
    assert 'href="/desk/payments/methods"' in accountant.get(PAGE).text
    rows = accountant.get("/desk/payments/methods").text.split("<tr>")
    (dog,) = [row for row in rows if "登録手数料" in row]
    assert "クレジットカード・コンビニ" in dog
    assert "市の設定" in dog
    assert hall.cashier.get("/desk/payments/methods").status_code == 403


def test_trying_the_account_opens_a_page_and_closes_it(hall: Hall, accountant: Browser) -> None:
    accountant.get(PAGE)
    answer = accountant.post(f"{PAGE}/trial")
    assert answer.status_code == 200
    assert "支払いの画面：開いて閉じました" in answer.text
    assert "市の口座への振込：できます" in answer.text


def test_what_was_paid_twice_waits_for_a_person_where_the_city_wants_that(hall: Hall, accountant: Browser) -> None:
    with city_session(CITY) as session:
        now = method_settings(session)
        decided = type(now)(now.online, now.offline, returns_duplicates=False, returns_surplus=True)
        change_methods(session, decided, now.version, STATES, SYSTEM)
    payer = hall.apply()
    (payment,) = hall.payments(payer)
    page = payer.start(payment, "konbini")
    payer.take_voucher(page)
    payer.come_back(payment)
    intent = payer.session_at(page)["payment_intent"]
    hall.sandbox.app.test_client().post(f"/operator/vouchers/{intent}/expire")
    payer.come_back(payment)
    hall.pay(payer, payment)
    payer.at_the_store("pay", page)
    sync_payment(CITY, payment.id, checkout_id=payer.session_at(page)["id"])
    payer.work()
    (back,) = payer.refunds(payment)
    assert (back.amount, back.duplicate, back.status) == (3000, True, "requested")
    resident = Browser(hall.app, CITY).sign_in(RESIDENT)
    of_case = f"/me/cases/{hall.case(payer).public_id}"
    assert "同じ料金が2回支払われたため、お返しするものです。" in resident.get(of_case).text
    for name in ("cashier", "second"):
        with city_session(CITY) as session:
            approve_refund(session, back.id, hall.actor(name))
    payer.work()
    for address in (of_case, "/me/basket"):
        assert "返金" in resident.get(address).text.partition("2回目のお支払い")[2]
    assert payer.refunds(payment)[0].status in {"pending", "requires_action", "succeeded"}


def test_a_change_that_was_decided_on_another_account_is_refused(hall: Hall) -> None:
    with city_session(CITY) as session:
        now = method_settings(session)
        seen = replace(now, account=(now.account or 0) + 1).version
        with pytest.raises(Conflict, match="先にほかの人が変えました"):
            change_methods(session, now, seen, STATES, SYSTEM)
