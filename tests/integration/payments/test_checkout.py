"""From the button to the paid fee, and everything that can come between: clicks, crashes, changes, second thoughts."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.core.clock import frozen, now
from portal.core.database import city_session
from portal.core.errors import Conflict, Unavailable
from portal.payments import LineItem, cancel_payment, change_payment, checkout, jobs, open_payment
from portal.payments.models import PaymentAttempt
from portal.payments.sync import sync_payment
from tests.kit.payer import Payer


def test_a_card_pays_the_fee(payer: Payer) -> None:
    payment = payer.open(next_path="/my/1")
    assert "3,550円を支払う" in payer.page(payment)
    answer = payer.press(payment, method="card")
    assert answer.status_code == 303
    assert payer.pay(answer.location) == 303
    back = payer.come_back(payment)
    assert (back.status_code, back.location) == (303, "/my/1")
    assert payer.changes == ["paid"]
    assert payer.history() == ["payment.requested", "payment.started", "payment.paid"]
    assert "3,550円の支払いが終わりました。" in payer.page(payment)
    # Notices of the same payment arrive afterwards and change nothing.
    payer.deliver()
    assert payer.changes == ["paid"]


def test_an_address_alone_pays_nothing(payer: Payer) -> None:
    payment = payer.open()
    payer.start(payment)
    payer.come_back(payment, "?paid=yes&session_id=cs_test_forged&status=complete")
    assert payer.status(payment) == "open"
    assert "まだ支払われていません" in payer.page(payment)
    assert payer.changes == []


def test_the_form_sent_twice_opens_one_payment(payer: Payer) -> None:
    assert payer.open().id == payer.open().id


def test_two_clicks_lead_to_one_page(payer: Payer) -> None:
    payment = payer.open()
    assert payer.start(payment, "card") == payer.start(payment, "card")
    assert len(payer.sessions()) == 1


def test_many_clicks_at_once_lead_to_one_page(payer: Payer) -> None:
    payment, pages = payer.open(), set()
    threads = [threading.Thread(target=lambda: pages.add(payer.start(payment))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pages) == 1
    assert len(payer.sessions()) == 1
    assert len(payer.attempts(payment)) == 1


def test_another_method_replaces_the_page(payer: Payer) -> None:
    payment = payer.open()
    first = payer.start(payment, "card")
    second = payer.start(payment, "konbini")
    assert payer.pay(first) == 410
    assert payer.session_at(second)["payment_method_types"] == ["konbini"]


def test_a_crash_after_the_call_finds_the_same_page(payer: Payer, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = payer.open()
    with monkeypatch.context() as broken:
        broken.setattr(checkout, "apply_snapshot", _crash)
        with pytest.raises(KeyboardInterrupt):
            payer.start(payment)
    assert [attempt.status for attempt in payer.attempts(payment)] == ["prepared"]
    page = payer.start(payment)
    assert len(payer.sessions()) == 1
    assert payer.session_at(page)["client_reference_id"] == payer.attempts(payment)[0].reference


def _crash(*_arguments: object, **_names: object) -> None:
    raise KeyboardInterrupt


def test_a_lost_answer_is_looked_up_before_anything_is_sent_again(payer: Payer) -> None:
    payment = payer.open()
    payer.sandbox.store.set_setting("api_fault", "after")
    with pytest.raises(Unavailable):
        payer.start(payment)
    payer.sandbox.store.set_setting("api_fault", "")
    with frozen(now() + timedelta(minutes=1)):
        page = payer.start(payment)
    assert len(payer.sessions()) == 1
    assert payer.pay(page) == 303
    assert sync_payment(payer.key, payment.id) == "paid"


def test_a_broken_answer_that_keeps_coming_back_is_left_behind(payer: Payer) -> None:
    payment = payer.open()
    payer.sandbox.store.set_setting("api_fault", "before")
    with pytest.raises(Unavailable):
        payer.start(payment)
    payer.sandbox.store.set_setting("api_fault", "")
    with frozen(now() + timedelta(minutes=1)):
        page = payer.start(payment)
    assert [attempt.status for attempt in payer.attempts(payment)] == ["expired", "open"]
    assert payer.pay(page) == 303


def test_when_the_provider_is_away_the_payment_stays_payable(payer: Payer) -> None:
    payment = payer.open()
    page = payer.page(payment)
    assert "3,550円を支払う" in page
    payer.sandbox.store.set_setting("api_fault", "before")
    answer = payer.press(payment)
    assert answer.status_code == 503
    assert "15分後にもう一度お試しください" in answer.text
    assert "3,550円を支払う" in answer.text, "the next try is on the same page"
    assert payer.status(payment) == "open"


def test_a_return_while_the_provider_is_away_claims_nothing(payer: Payer, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = payer.open()
    page = payer.start(payment)
    payer.pay(page)
    with monkeypatch.context() as broken:
        broken.setattr("portal.payments.stripe.adapter.StripeProvider.read_checkout", _away)
        back = payer.come_back(payment)
    assert back.status_code == 200
    assert "支払いを確認しています" in back.text
    assert payer.come_back(payment).status_code == 303
    assert payer.status(payment) == "paid"


def _away(*_arguments: object) -> None:
    from portal.payments.provider import ProviderUnavailable

    raise ProviderUnavailable


def test_a_declined_card_can_be_tried_again(payer: Payer) -> None:
    payment = payer.open()
    page = payer.start(payment, "card")
    assert payer.pay(page, "4000000000009995") == 402
    payer.come_back(payment)
    assert "カードの残高が足りませんでした" in payer.page(payment)
    again = payer.start(payment, "card")
    assert again == page
    assert payer.pay(again) == 303
    payer.come_back(payment)
    assert payer.status(payment) == "paid"
    assert payer.history().count("payment.failed") == 1


def test_a_voucher_is_shown_and_later_paid(payer: Payer) -> None:
    payment = payer.open()
    page = payer.start(payment, "konbini")
    payer.take_voucher(page)
    payer.come_back(payment)
    text = payer.page(payment)
    code = payer.attempts(payment)[0].voucher["stores"]["lawson"]["payment_code"]
    assert code in text
    assert "までに支払ってください" in text
    assert payer.changes == ["pending"]
    assert payer.at_the_store("pay", page) == 303
    payer.deliver()
    assert payer.changes == ["pending", "paid"]
    assert payer.read(payment).method == "konbini"


def test_a_slip_is_not_readable_in_the_database(payer: Payer) -> None:
    payment = payer.open()
    payer.take_voucher(payer.start(payment, "konbini"))
    sync_payment(payer.key, payment.id)
    voucher = payer.attempts(payment)[0].voucher
    assert voucher is not None
    number = next(iter(voucher["stores"].values()))["confirmation_number"]
    with city_session(payer.key) as session:
        stored = session.scalars(text("SELECT CAST(attempt AS text) FROM payment_attempt AS attempt")).all()
    assert number
    assert all(number not in row and voucher["url"] not in row for row in stored)


def test_a_lapsed_voucher_makes_the_fee_payable_again(payer: Payer) -> None:
    payment = payer.open()
    page = payer.start(payment, "konbini")
    payer.take_voucher(page)
    payer.come_back(payment)
    payer.at_the_store("expire", page)
    payer.deliver()
    assert payer.status(payment) == "failed"
    assert "コンビニの支払い番号の期限が過ぎ" in payer.page(payment)
    assert payer.pay(payer.start(payment, "card")) == 303
    payer.come_back(payment)
    assert payer.changes == ["pending", "failed", "paid"]


def test_a_card_in_place_of_a_voucher_makes_the_voucher_worthless(payer: Payer) -> None:
    payment = payer.open()
    voucher = payer.start(payment, "konbini")
    payer.take_voucher(voucher)
    payer.come_back(payment)
    card = payer.press(payment, method="card", restart="yes").location
    assert payer.at_the_store("pay", voucher) == 409
    assert payer.pay(card) == 303
    payer.come_back(payment)
    assert payer.status(payment) == "paid"


def test_a_changed_amount_replaces_the_page(payer: Payer) -> None:
    payment = payer.open()
    old = payer.start(payment)
    with city_session(payer.key) as session:
        change_payment(session, payment, [LineItem("犬の登録", 3000)])
    new = payer.start(payment)
    assert payer.pay(old) == 410
    assert payer.session_at(new)["amount_total"] == 3000
    assert payer.pay(new) == 303
    assert sync_payment(payer.key, payment.id) == "paid"


def test_an_old_amount_that_was_paid_meanwhile_counts_and_what_is_too_much_goes_back(payer: Payer) -> None:
    payment = payer.open()
    old = payer.start(payment)
    payer.pay(old)
    with city_session(payer.key) as session:
        change_payment(session, payment, [LineItem("犬の登録", 3000)])
    payer.work()
    after = payer.read(payment)
    assert (after.status, after.received, after.given_back, after.review_reason) == ("paid", 3550, 550, None)
    assert payer.changes == ["paid", "refunded"]
    with pytest.raises(Conflict):
        payer.start(payment)


def test_what_was_paid_twice_is_refunded_automatically(payer: Payer) -> None:
    payment = payer.open()
    first = payer.start(payment)
    with city_session(payer.key) as session:  # the old page was thought closed, but a tab still had it
        attempt = session.get_one(PaymentAttempt, payer.attempts(payment)[0].id)
        attempt.status = "expired"
    second = payer.start(payment)
    assert payer.pay(second) == 303
    assert payer.pay(first) == 303
    payer.deliver()
    assert payer.status(payment) == "paid"
    assert payer.changes.count("paid") == 1
    assert "paid_twice" in payer.changes
    (refund,) = payer.refunds(payment)
    assert (refund.duplicate, refund.amount, refund.status) == (True, 3550, "succeeded")


def test_a_fee_called_off_closes_its_page(payer: Payer) -> None:
    payment = payer.open()
    page = payer.start(payment)
    with city_session(payer.key) as session:
        cancel_payment(session, payment)
    payer.work()
    assert payer.pay(page) == 410
    assert "支払いは必要ありません" in payer.page(payment)


def test_a_fee_called_off_after_a_crash_opens_no_page(payer: Payer, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = payer.open()
    with monkeypatch.context() as broken:
        broken.setattr(checkout, "apply_snapshot", _crash)
        with pytest.raises(KeyboardInterrupt):
            payer.start(payment)
    with city_session(payer.key) as session:
        cancel_payment(session, payment)
    with frozen(now() + timedelta(minutes=10)):
        jobs.sweep(payer.key)
    assert [attempt.status for attempt in payer.attempts(payment)] == ["expired"]
    assert payer.status(payment) == "canceled"


def test_a_page_left_open_for_too_long_is_replaced(payer: Payer) -> None:
    payment = payer.open()
    page = payer.start(payment)
    payer.sandbox.app.test_client().post(f"/operator/sessions/{payer.session_at(page)['id']}/expire")
    assert sync_payment(payer.key, payment.id) == "open"
    assert "payment.expired" in payer.history()
    assert payer.start(payment) != page


def test_the_sweeper_finds_what_no_event_reported(payer: Payer) -> None:
    payment = payer.open()
    payer.pay(payer.start(payment))
    assert jobs.sweep(payer.key) == 0
    with frozen(now() + jobs.POLL_AFTER + timedelta(seconds=1)):
        assert jobs.sweep(payer.key) == 1
    assert payer.changes == ["paid"]


def test_nothing_can_be_opened_for_nothing(payer: Payer) -> None:
    from portal.core.errors import Invalid

    with city_session(payer.key) as session, pytest.raises(Invalid):
        open_payment(session, payer.case_id, [LineItem("無料", 0)], title="無料")


def test_a_payment_of_another_city_is_not_found(payer: Payer) -> None:
    payment = payer.open()
    answer = payer.browser.get(f"/pay/{payment.public_id}", base_url="http://mitaka.localhost:8000")
    assert answer.status_code == 404
