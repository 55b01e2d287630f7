"""Payments that do not match: shown to the cashiers of the department with the reason, and resolved by one of them."""

from typing import Any

import pytest

from portal.core.database import city_session
from portal.payments import Payment, cancel_payment, notes_of_order
from portal.payments.provider import ProviderUnavailable
from portal.payments.sync import sync_payment
from tests.integration.money.conftest import CITY, Hall
from tests.kit.browser import Browser
from tests.kit.payer import Payer


def short(hall: Hall, amount: int = 2500) -> tuple[Payer, Payment]:
    """3,000 yen were asked for, something else arrived."""
    payer = hall.apply()
    (payment,) = hall.payments(payer)
    hall.pay(payer, payment, amount)
    assert payer.status(payment) == "needs_review"
    return payer, payer.read(payment)


def decide(visitor: Browser, payment: Payment, decision: str, note: str = "", version: int | None = None) -> Any:
    form = {"decision": decision, "note": note, "version": str(payment.version if version is None else version)}
    return visitor.post(f"/desk/payments/{payment.id}/review", form)


def test_it_is_shown_where_cashiers_look(hall: Hall) -> None:
    payer, payment = short(hall)
    number = hall.case(payer).number
    assert hall.case(payer).unread
    assert "確認が必要な支払いが、" in hall.cashier.get("/desk/payments").text
    listed = hall.cashier.get("/desk/payments/reviews").text
    assert number in listed
    assert "受け取った金額が、お願いした金額とちがいます" in listed
    assert f'href="/desk/payments/{payment.id}"' in hall.cashier.get(f"/desk/cases/{payer.case_id}").text
    page = hall.cashier.get(f"/desk/payments/{payment.id}").text
    assert "差額 -500円" in page
    assert "入金済み" in page  # the provider's own word, asked for at this moment
    assert hall.case(payer).state == "awaiting_fee"


def test_only_cashiers_of_the_department_may_look_and_decide(hall: Hall) -> None:
    _payer, payment = short(hall)
    other = Browser(hall.app, CITY, "192.0.2.40").sign_in_at_desk("other@example.jp")
    assert hall.clerk.get(f"/desk/payments/{payment.id}").status_code == 403
    assert decide(hall.clerk, payment, "accepted").status_code == 403
    assert other.get(f"/desk/payments/{payment.id}").status_code == 404
    assert decide(other, payment, "accepted").status_code == 404
    assert f"/desk/payments/{payment.id}" not in other.get("/desk/payments/reviews").text


def test_accepting_moves_the_case_on_with_what_arrived(hall: Hall) -> None:
    payer, payment = short(hall)
    assert decide(hall.cashier, payment, "accepted", "窓口で確認済み").status_code == 303
    assert payer.status(payment) == "paid"
    assert hall.case(payer).state == "received"
    (letter,) = hall.letters(payer, "payment_received")
    assert "2,500円" in letter
    (event,) = hall.events(payer, "payment.reviewed")
    assert (event.actor_id, event.data["decision"], event.data["amount"]) == (hall.ids["cashier"], "accepted", 2500)
    assert [event.data["amount"] for event in hall.events(payer, "payment.paid")] == [2500]
    assert "2,500円の支払いが終わりました。" in payer.page(payment)
    with city_session(CITY) as session:
        assert [note.body for note in notes_of_order(session, payment.id)] == ["窓口で確認済み"]
    page = hall.second.get(f"/desk/payments/{payment.id}").text
    assert "窓口で確認済み" in page
    assert "どうするかを決める" not in page


def test_a_missing_sum_is_asked_for_before_the_case_goes_on(hall: Hall) -> None:
    payer, payment = short(hall)
    assert decide(hall.cashier, payment, "difference").status_code == 303
    first, remainder = hall.payments(payer)
    assert (first.status, first.received, remainder.status, remainder.amount) == ("paid", 2500, "open", 500)
    assert hall.case(payer).state == "awaiting_fee"
    (letter,) = hall.letters(payer, "payment_request")
    assert "500円" in letter
    hall.pay(payer, remainder)
    assert hall.case(payer).state == "received"
    assert len(hall.letters(payer, "payment_received")) == 2


def test_too_much_cannot_be_asked_for_again(hall: Hall) -> None:
    payer, payment = short(hall, 3500)
    assert "不足分" not in hall.cashier.get(f"/desk/payments/{payment.id}").text
    assert decide(hall.cashier, payment, "difference").status_code == 409
    assert payer.status(payment) == "needs_review"


def test_giving_back_takes_two_people_and_lets_the_resident_pay_again(hall: Hall) -> None:
    payer, payment = short(hall)
    assert decide(hall.cashier, payment, "given_back", "金額の誤り").status_code == 303
    assert payer.status(payment) == "needs_review"
    page = hall.cashier.get(f"/desk/payments/{payment.id}").text
    assert "2,500円の返金が、承認を待っています" in page
    assert decide(hall.second, payer.read(payment), "accepted").status_code == 409
    (refund,) = payer.refunds(payment)
    assert hall.second.post(f"/desk/refunds/{refund.id}", {"decision": "approve"}).status_code == 303
    payer.work()
    assert payer.status(payment) == "open"
    assert [refund.status for refund in payer.refunds(payment)] == ["succeeded"]
    assert len(hall.letters(payer, "refund_done")) == 1
    (again,) = hall.letters(payer, "payment_request")
    assert "3,000円" in again
    sync_payment(CITY, payment.id, checkout_id=payer.attempts(payment)[0].checkout_id)  # a late notice of the old money
    assert payer.status(payment) == "open"
    hall.pay(payer, payment)
    assert hall.case(payer).state == "received"
    assert len(payer.refunds(payment)) == 1


def test_a_refund_of_money_under_review_that_is_not_approved_leaves_every_way_open(hall: Hall) -> None:
    payer, payment = short(hall)
    decide(hall.cashier, payment, "given_back")
    (refund,) = payer.refunds(payment)
    hall.second.post(f"/desk/refunds/{refund.id}", {"decision": "reject", "note": "受け取ってよい"})
    assert payer.status(payment) == "needs_review"
    assert decide(hall.cashier, payer.read(payment), "accepted").status_code == 303
    assert payer.status(payment) == "paid"


def test_money_that_came_after_the_fee_was_called_off_goes_back(hall: Hall, without_approval: None) -> None:
    payer = hall.apply()
    (payment,) = hall.payments(payer)
    page = payer.start(payment, "card")
    with city_session(CITY) as session:
        cancel_payment(session, payment)
    assert payer.pay(page) == 303
    sync_payment(CITY, payment.id)
    payment = payer.read(payment)
    assert payment.review_reason == "canceled"
    assert "請求を取り消したあとに、支払われました" in hall.cashier.get(f"/desk/payments/{payment.id}").text
    assert decide(hall.cashier, payment, "given_back").status_code == 303
    payer.work()
    assert [refund.status for refund in payer.refunds(payment)] == ["succeeded"]
    assert payer.status(payment) == "canceled"
    assert hall.letters(payer, "payment_request") == []


def test_a_closed_case_is_not_asked_to_pay_again(hall: Hall, without_approval: None) -> None:
    from portal.cases.moves import apply_transition
    from portal.core.events import Actor

    payer, payment = short(hall)
    with city_session(CITY) as session:
        apply_transition(session, payer.case_id, "withdraw", Actor("applicant", hall.account_id), roles=("applicant",))
    page = hall.cashier.get(f"/desk/payments/{payment.id}").text
    assert "案件は終わっているので、請求は取り消します。" in page
    assert "もう一度3,000円の支払いをお願いします" not in page
    assert "不足分" not in page
    assert decide(hall.cashier, payer.read(payment), "difference").status_code == 409
    assert len(hall.payments(payer)) == 1
    assert decide(hall.cashier, payer.read(payment), "given_back").status_code == 303
    assert payer.status(payment) == "canceled"
    assert hall.letters(payer, "payment_request") == []


def test_a_dispute_that_is_over_is_not_opened_again_and_nothing_is_reported_twice(hall: Hall) -> None:
    payer, payment = hall.paid()
    (attempt,) = payer.attempts(payment)
    store = payer.sandbox.store
    store.save(store.get(str(attempt.charge_id)) | {"disputed": True})
    sync_payment(CITY, payment.id, checkout_id=attempt.checkout_id)
    payment = payer.read(payment)
    assert (payment.status, payment.review_reason) == ("needs_review", "dispute")
    page = hall.cashier.get(f"/desk/payments/{payment.id}").text
    assert "異議あり" in page
    assert decide(hall.cashier, payment, "accepted").status_code == 303
    sync_payment(CITY, payment.id, checkout_id=attempt.checkout_id)
    assert payer.status(payment) == "paid"
    assert len(hall.events(payer, "payment.paid")) == 1
    assert len(hall.letters(payer, "payment_received")) == 1


def test_what_was_solved_elsewhere_needs_its_reason(hall: Hall) -> None:
    payer, payment = short(hall)
    answer = decide(hall.cashier, payment, "resolved", "  ")
    assert answer.status_code == 422
    assert "どのように解決したかを書いてください。" in answer.text
    assert decide(hall.cashier, payment, "resolved", "銀行振込で返しました。").status_code == 303
    assert payer.status(payment) == "open"
    assert hall.cashier.get(f"/desk/payments/{payment.id}").text.count("銀行振込で返しました。") == 1


def test_the_second_cashier_reads_what_happened_and_keeps_what_they_wrote(hall: Hall) -> None:
    payer, payment = short(hall)
    assert decide(hall.cashier, payment, "accepted").status_code == 303
    late = decide(hall.second, payment, "given_back", "金額がちがうので返します。")
    assert late.status_code == 409
    assert "この支払いは、先にほかの人が処理しました。" in late.text
    assert "金額がちがうので返します。" in late.text
    assert "支払いを確かめました" in late.text
    assert payer.refunds(payment) == []


@pytest.mark.parametrize(("decision", "version"), [("", "1"), ("paid", "x"), ("accepted", ""), ("accepted", "9" * 30)])
def test_a_form_that_says_nothing_sensible_changes_nothing(hall: Hall, decision: str, version: str) -> None:
    payer, payment = short(hall)
    form = {"decision": decision, "version": version}
    answer = hall.cashier.post(f"/desk/payments/{payment.id}/review", form)
    assert answer.status_code in {409, 422}
    assert payer.status(payment) == "needs_review"


def test_the_page_works_while_the_provider_is_away(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise ProviderUnavailable

    payer, payment = short(hall)
    monkeypatch.setattr("portal.desk.reviews.read_provider_record", away)
    page = hall.cashier.get(f"/desk/payments/{payment.id}")
    assert page.status_code == 200
    assert "いま、決済会社に問い合わせできません。" in page.text
    assert payer.status(payment) == "needs_review"
