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
from tests.integration.payments.town import Town


def test_a_card_pays_the_fee(town: Town) -> None:
    payment = town.open(next_path="/my/1")
    assert "3,550円を支払う" in town.page(payment)
    answer = town.press(payment, method="card")
    assert answer.status_code == 303
    assert town.pay(answer.location) == 303
    back = town.come_back(payment)
    assert (back.status_code, back.location) == (303, "/my/1")
    assert town.changes == ["paid"]
    assert town.history() == ["payment.requested", "payment.started", "payment.paid"]
    assert "3,550円を受け取りました" in town.page(payment)
    # Notices of the same payment arrive afterwards and change nothing.
    town.deliver()
    assert town.changes == ["paid"]


def test_an_address_alone_pays_nothing(town: Town) -> None:
    payment = town.open()
    town.start(payment)
    town.come_back(payment, "?paid=yes&session_id=cs_test_forged&status=complete")
    assert town.status(payment) == "open"
    assert "まだ支払われていません" in town.page(payment)
    assert town.changes == []


def test_the_form_sent_twice_opens_one_payment(town: Town) -> None:
    assert town.open().id == town.open().id


def test_two_clicks_lead_to_one_page(town: Town) -> None:
    payment = town.open()
    assert town.start(payment, "card") == town.start(payment, "card")
    assert len(town.sessions()) == 1


def test_many_clicks_at_once_lead_to_one_page(town: Town) -> None:
    payment, pages = town.open(), set()
    threads = [threading.Thread(target=lambda: pages.add(town.start(payment))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pages) == 1
    assert len(town.sessions()) == 1
    assert len(town.attempts(payment)) == 1


def test_another_method_replaces_the_page(town: Town) -> None:
    payment = town.open()
    first = town.start(payment, "card")
    second = town.start(payment, "konbini")
    assert town.pay(first) == 410
    assert town.session_at(second)["payment_method_types"] == ["konbini"]


def test_a_crash_after_the_call_finds_the_same_page(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = town.open()
    with monkeypatch.context() as broken:
        broken.setattr(checkout, "apply_snapshot", _crash)
        with pytest.raises(KeyboardInterrupt):
            town.start(payment)
    assert [attempt.status for attempt in town.attempts(payment)] == ["prepared"]
    page = town.start(payment)
    assert len(town.sessions()) == 1
    assert town.session_at(page)["client_reference_id"] == town.attempts(payment)[0].reference


def _crash(*_arguments: object, **_names: object) -> None:
    raise KeyboardInterrupt


def test_a_lost_answer_is_looked_up_before_anything_is_sent_again(town: Town) -> None:
    payment = town.open()
    town.sandbox.store.set_setting("api_fault", "after")
    with pytest.raises(Unavailable):
        town.start(payment)
    town.sandbox.store.set_setting("api_fault", "")
    with frozen(now() + timedelta(minutes=1)):
        page = town.start(payment)
    assert len(town.sessions()) == 1
    assert town.pay(page) == 303
    assert sync_payment(town.key, payment.id) == "paid"


def test_a_broken_answer_that_keeps_coming_back_is_left_behind(town: Town) -> None:
    payment = town.open()
    town.sandbox.store.set_setting("api_fault", "before")
    with pytest.raises(Unavailable):
        town.start(payment)
    town.sandbox.store.set_setting("api_fault", "")
    with frozen(now() + timedelta(minutes=1)):
        page = town.start(payment)
    assert [attempt.status for attempt in town.attempts(payment)] == ["expired", "open"]
    assert town.pay(page) == 303


def test_when_the_provider_is_away_the_payment_stays_payable(town: Town) -> None:
    payment = town.open()
    page = town.page(payment)
    assert "3,550円を支払う" in page
    town.sandbox.store.set_setting("api_fault", "before")
    answer = town.press(payment)
    assert answer.status_code == 503
    assert "15分後にもう一度お試しください" in answer.text
    assert town.status(payment) == "open"


def test_a_return_while_the_provider_is_away_claims_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = town.open()
    page = town.start(payment)
    town.pay(page)
    with monkeypatch.context() as broken:
        broken.setattr("portal.payments.stripe.adapter.StripeProvider.read_checkout", _away)
        back = town.come_back(payment)
    assert back.status_code == 200
    assert "支払いを確認しています" in back.text
    assert town.come_back(payment).status_code == 303
    assert town.status(payment) == "paid"


def _away(*_arguments: object) -> None:
    from portal.payments.provider import ProviderUnavailable

    raise ProviderUnavailable


def test_a_declined_card_can_be_tried_again(town: Town) -> None:
    payment = town.open()
    page = town.start(payment, "card")
    assert town.pay(page, "4000000000009995") == 402
    town.come_back(payment)
    assert "カードの残高が足りませんでした" in town.page(payment)
    again = town.start(payment, "card")
    assert again == page
    assert town.pay(again) == 303
    town.come_back(payment)
    assert town.status(payment) == "paid"
    assert town.history().count("payment.failed") == 1


def test_a_voucher_is_shown_and_later_paid(town: Town) -> None:
    payment = town.open()
    page = town.start(payment, "konbini")
    town.take_voucher(page)
    town.come_back(payment)
    text = town.page(payment)
    code = town.attempts(payment)[0].voucher["stores"]["lawson"]["payment_code"]
    assert code in text
    assert "までに支払ってください" in text
    assert town.changes == ["pending"]
    assert town.at_the_store("pay", page) == 303
    town.deliver()
    assert town.changes == ["pending", "paid"]
    assert town.read(payment).method == "konbini"


def test_a_slip_is_not_readable_in_the_database(town: Town) -> None:
    payment = town.open()
    town.take_voucher(town.start(payment, "konbini"))
    sync_payment(town.key, payment.id)
    voucher = town.attempts(payment)[0].voucher
    assert voucher is not None
    number = next(iter(voucher["stores"].values()))["confirmation_number"]
    with city_session(town.key) as session:
        stored = session.scalars(text("SELECT CAST(attempt AS text) FROM payment_attempt AS attempt")).all()
    assert number
    assert all(number not in row and voucher["url"] not in row for row in stored)


def test_a_lapsed_voucher_makes_the_fee_payable_again(town: Town) -> None:
    payment = town.open()
    page = town.start(payment, "konbini")
    town.take_voucher(page)
    town.come_back(payment)
    town.at_the_store("expire", page)
    town.deliver()
    assert town.status(payment) == "failed"
    assert "コンビニでの支払い期限が過ぎました" in town.page(payment)
    assert town.pay(town.start(payment, "card")) == 303
    town.come_back(payment)
    assert town.changes == ["pending", "failed", "paid"]


def test_a_card_in_place_of_a_voucher_makes_the_voucher_worthless(town: Town) -> None:
    payment = town.open()
    voucher = town.start(payment, "konbini")
    town.take_voucher(voucher)
    town.come_back(payment)
    card = town.press(payment, method="card", restart="yes").location
    assert town.at_the_store("pay", voucher) == 409
    assert town.pay(card) == 303
    town.come_back(payment)
    assert town.status(payment) == "paid"


def test_a_changed_amount_replaces_the_page(town: Town) -> None:
    payment = town.open()
    old = town.start(payment)
    with city_session(town.key) as session:
        change_payment(session, payment.id, [LineItem("犬の登録", 3000)])
    new = town.start(payment)
    assert town.pay(old) == 410
    assert town.session_at(new)["amount_total"] == 3000
    assert town.pay(new) == 303
    assert sync_payment(town.key, payment.id) == "paid"


def test_an_old_amount_that_was_paid_meanwhile_is_looked_at_by_staff(town: Town) -> None:
    payment = town.open()
    old = town.start(payment)
    town.pay(old)
    with city_session(town.key) as session:
        change_payment(session, payment.id, [LineItem("犬の登録", 3000)])
    town.work()
    assert town.read(payment).review_reason == "amount"
    assert town.changes == ["needs_review"]
    assert "もう一度支払わないでください" in town.page(payment)
    with pytest.raises(Conflict):
        town.start(payment)


def test_what_was_paid_twice_is_refunded_automatically(town: Town) -> None:
    payment = town.open()
    first = town.start(payment)
    with city_session(town.key) as session:  # the old page was thought closed, but a tab still had it
        attempt = session.get_one(PaymentAttempt, town.attempts(payment)[0].id)
        attempt.status = "expired"
    second = town.start(payment)
    assert town.pay(second) == 303
    assert town.pay(first) == 303
    town.deliver()
    assert town.status(payment) == "paid"
    assert town.changes.count("paid") == 1
    assert "paid_twice" in town.changes
    (refund,) = town.refunds(payment)
    assert (refund.duplicate, refund.amount, refund.status) == (True, 3550, "succeeded")


def test_a_fee_called_off_closes_its_page(town: Town) -> None:
    payment = town.open()
    page = town.start(payment)
    with city_session(town.key) as session:
        cancel_payment(session, payment.id)
    town.work()
    assert town.pay(page) == 410
    assert "支払いは必要ありません" in town.page(payment)


def test_a_fee_called_off_after_a_crash_opens_no_page(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = town.open()
    with monkeypatch.context() as broken:
        broken.setattr(checkout, "apply_snapshot", _crash)
        with pytest.raises(KeyboardInterrupt):
            town.start(payment)
    with city_session(town.key) as session:
        cancel_payment(session, payment.id)
    with frozen(now() + timedelta(minutes=10)):
        jobs.sweep(town.key)
    assert [attempt.status for attempt in town.attempts(payment)] == ["expired"]
    assert town.status(payment) == "canceled"


def test_a_page_left_open_for_too_long_is_replaced(town: Town) -> None:
    payment = town.open()
    page = town.start(payment)
    town.sandbox.app.test_client().post(f"/operator/sessions/{town.session_at(page)['id']}/expire")
    assert sync_payment(town.key, payment.id) == "open"
    assert "payment.expired" in town.history()
    assert town.start(payment) != page


def test_the_sweeper_finds_what_no_event_reported(town: Town) -> None:
    payment = town.open()
    town.pay(town.start(payment))
    assert jobs.sweep(town.key) == 0
    with frozen(now() + jobs.POLL_AFTER + timedelta(seconds=1)):
        assert jobs.sweep(town.key) == 1
    assert town.changes == ["paid"]


def test_nothing_can_be_opened_for_nothing(town: Town) -> None:
    from portal.core.errors import Invalid

    with city_session(town.key) as session, pytest.raises(Invalid):
        open_payment(session, town.case_id, [LineItem("無料", 0)], title="無料")


def test_a_payment_of_another_city_is_not_found(town: Town) -> None:
    payment = town.open()
    answer = town.browser.get(f"/pay/{payment.public_id}", base_url="http://mitaka.localhost:8000")
    assert answer.status_code == 404
