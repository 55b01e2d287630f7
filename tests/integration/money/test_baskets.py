"""Fees of several applications are chosen, paid in one go, and each application goes on as if its own had been paid alone."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from portal.cases.moves import apply_transition
from portal.core.database import city_session
from portal.core.events import Actor
from portal.payments import Charge, Payment, cancel_payment, gather_charges, request_refund
from portal.payments.sync import sync_payment
from tests.integration.money.conftest import CITY, RESIDENT, Hall
from tests.integration.money.test_races import refused, together
from tests.kit.browser import Browser
from tests.kit.payer import Payer


@pytest.fixture
def resident(hall: Hall) -> Iterator[Browser]:
    yield Browser(hall.app, CITY).sign_in(RESIDENT)
    with city_session(CITY) as session:
        for payer in hall.payers:
            for payment in hall.payments(payer):
                if payment.is_payable:
                    cancel_payment(session, payment)
    hall.payers.clear()


def owed(hall: Hall, count: int = 2) -> list[tuple[Payer, Payment]]:
    """Applications with a fee of 3,000 yen each, the only ones that this resident has to pay."""
    made = []
    for _number in range(count):
        payer = hall.apply()
        hall.payers.append(payer)
        made.append((payer, hall.payments(payer)[0]))
    return made


def choice(*payments: Payment) -> list[str]:
    return [str(payment.charges[0].id) for payment in payments]


def press(resident: Browser, *payments: Payment, total: int | None = None) -> Any:
    """Press the button of the basket for these."""
    shown_total = sum(payment.amount for payment in payments) if total is None else total
    resident.get("/me/basket")
    return resident.post("/me/basket", {"charge": choice(*payments), "total": str(shown_total), "method": "card"})


def gathered(*payments: Payment) -> str:
    return gather_charges(CITY, [charge.id for payment in payments for charge in payment.charges], next_path="/me")


def test_two_applications_are_paid_in_one_go(hall: Hall, resident: Browser) -> None:
    (first, fee), (second, second_fee) = owed(hall)
    page = resident.get("/me/basket").text
    assert fee.title in page
    assert second_fee.title in page
    assert resident.get("/me").text.count('href="/me/basket"') == 2, "in the navigation, and where two are to pay"
    answer = press(resident, fee, second_fee)
    assert answer.status_code == 307
    start = answer.headers["Location"]
    page_at_provider = resident.post(start, {"method": "card"}).headers["Location"]
    checkout = first.session_at(page_at_provider)
    assert checkout["amount_total"] == 6000
    assert first.pay(page_at_provider) == 303
    public_id = re.search(r"/pay/([\w-]+)/start", start)[1]  # type: ignore[index] # the address was just made
    after = resident.get(f"/pay/{public_id}/return").headers["Location"]
    assert after == f"/me/payments/{public_id}"
    page = resident.get(after).text
    assert "6,000円の支払いが終わりました。" in page
    assert page.count("支払い済み") == 2
    assert page.count("納付確認書を作る") == 2
    for payer in (first, second):
        assert hall.case(payer).number in page
    record = re.search(r'(?s)<section[^>]*aria-labelledby="payment-1".*?</section>', resident.get("/me/payments").text)[
        0
    ]  # type: ignore[index] # it was just paid
    assert "<b>6,000円</b>" in record, "both fees in one payment"
    for payer in (first, second):
        assert hall.case(payer).number in record
        assert f"/me/cases/{hall.case(payer).public_id}#documents" in record
    stranger = Browser(hall.app, CITY).sign_in("other.payer@example.jp")
    assert stranger.get(after).status_code == 404
    assert "まだ支払いの記録はありません" in stranger.get("/me/payments").text
    assert (hall.case(first).state, hall.case(second).state) == ("received", "received")
    for payer in (first, second):
        (payment,) = hall.payments(payer)
        assert (payment.status, payment.amount, payment.received) == ("paid", 3000, 3000)
        assert [event.data["amount"] for event in hall.events(payer, "payment.paid")] == [3000]
        assert hall.letters(payer, "payment_received") == []
    (letter,) = hall.letters(first, "payments_received")
    assert "2件の手続きの料金、合わせて6,000円のお支払いを確認しました。" in letter
    assert f"/me/payments/{public_id}" in letter
    assert all(f"3,000円(受付番号 {hall.case(payer).number})" in letter for payer in (first, second))
    assert hall.letters(second, "payments_received") == [], "one payment, one mail"


def test_each_line_at_the_provider_names_its_charge(hall: Hall, resident: Browser) -> None:
    (_first, fee), (_second, second_fee) = owed(hall)
    public_id = gathered(fee, second_fee)
    payer = hall.payers[0]
    (payment, other) = (hall.payments(payer)[0], hall.payments(hall.payers[1])[0])
    assert payment.public_id == other.public_id == public_id
    payer.start(payment, "card")
    attempt = payer.attempts(payment)[-1]
    names = [item["price_data"]["product_data"]["metadata"]["reference"] for item in attempt.request["line_items"]]
    assert names == [f"charge:{charge.id}" for each in (payment, other) for charge in each.charges]
    about = [item["price_data"]["product_data"]["description"] for item in attempt.request["line_items"]]
    assert fee.title in about[0]
    assert second_fee.title in about[1]


def test_the_old_page_leads_to_the_basket_and_its_page_at_the_provider_is_closed(hall: Hall, resident: Browser) -> None:
    (first, fee), (_second, second_fee) = owed(hall)
    old_page = first.start(fee, "card")
    public_id = gathered(fee, second_fee)
    assert resident.get(f"/pay/{fee.public_id}").headers["Location"] == f"/pay/{public_id}"
    assert first.session_at(old_page)["status"] == "expired"


def test_what_was_paid_meanwhile_is_not_asked_again(hall: Hall, resident: Browser) -> None:
    (first, fee), (second, second_fee) = owed(hall)
    page = first.start(fee, "card")
    assert first.pay(page) == 303  # on another device; nobody here has heard of it
    answer = press(resident, fee, second_fee)
    assert answer.status_code == 409
    assert "もう支払いが終わったもの" in answer.text
    assert (hall.payments(first)[0].status, hall.payments(second)[0].status) == ("paid", "open")


def test_a_voucher_is_paid_on_its_own(hall: Hall, resident: Browser) -> None:
    (first, fee), (second, second_fee) = owed(hall)
    first.take_voucher(first.start(fee, "konbini"))
    sync_payment(CITY, fee.id)
    page = resident.get("/me/basket").text
    assert f'value="{choice(fee)[0]}"' not in page
    assert f'href="/pay/{fee.public_id}"' in page
    assert "無料" not in resident.get("/me/basket?charge=0").text, "nothing chosen is no fee of nothing"
    second.take_voucher(second.start(second_fee, "konbini"))
    sync_payment(CITY, second_fee.id)
    assert "合計" not in resident.get("/me/basket").text, "nothing can be chosen"
    assert "まとめて支払う" not in resident.get("/me").text.split("<main", 1)[1].split('class="application', 1)[0]
    with pytest.raises(Exception, match="支払い番号や振込先"):
        gathered(fee, second_fee)


def test_another_total_is_shown_before_anything_is_paid(hall: Hall, resident: Browser) -> None:
    (_first, fee), (_second, second_fee) = owed(hall)
    answer = press(resident, fee, second_fee, total=3000)
    assert answer.status_code == 409
    assert "合計は6,000円です" in answer.text
    recounted = resident.post("/me/basket", {"charge": choice(second_fee), "recount": "yes"})
    assert recounted.headers["Location"] == f"/me/basket?charge={choice(second_fee)[0]}"
    assert 'name="total" value="3000"' in resident.get(recounted.headers["Location"]).text
    assert press(resident).status_code == 422
    assert [payment.public_id for payment in hall.payments(hall.payers[0])] == [fee.public_id], "nothing was gathered"


def test_charges_of_others_cannot_be_chosen(hall: Hall, resident: Browser) -> None:
    ((_payer, fee),) = owed(hall, 1)
    stranger = Browser(hall.app, CITY).sign_in("stranger@example.jp")
    stranger.get("/me/basket")
    answer = stranger.post("/me/basket", {"charge": choice(fee), "total": "3000", "method": "card"})
    assert answer.status_code == 422


def test_an_application_that_is_withdrawn_leaves_the_basket(hall: Hall, resident: Browser) -> None:
    (first, fee), (second, second_fee) = owed(hall)
    public_id = gathered(fee, second_fee)
    with city_session(CITY) as session:
        apply_transition(session, first.case_id, "withdraw", Actor("applicant", hall.account_id), roles=("applicant",))
    (left,) = hall.payments(first)
    (stays,) = hall.payments(second)
    assert (left.status, left.amount) == ("canceled", 3000)
    assert (stays.status, stays.public_id, stays.order.amount) == ("open", public_id, 3000)
    hall.pay(second, stays)
    assert hall.case(second).state == "received"
    assert hall.payments(first)[0].status == "canceled"


def test_a_refund_for_one_application_leaves_the_other_as_it_is(
    hall: Hall, resident: Browser, without_approval: None
) -> None:
    (first, fee), (second, second_fee) = owed(hall)
    gathered(fee, second_fee)
    hall.pay(first, hall.payments(first)[0])
    with city_session(CITY) as session:
        (payment,) = hall.payments(second)
        request_refund(session, payment, None, "", actor=hall.actor("cashier"))
    first.work()
    assert [hall.payments(payer)[0].status for payer in (first, second)] == ["paid", "refunded"]
    assert hall.payments(second)[0].order.given_back == 3000
    assert (hall.letters(first, "refund_done"), len(hall.letters(second, "refund_done"))) == ([], 1)
    assert [event.data["amount"] for event in hall.events(second, "refund.succeeded")] == [3000]
    assert hall.events(first, "refund.succeeded") == []


def test_pressing_on_many_devices_at_once_comes_to_one_order(hall: Hall, resident: Browser) -> None:
    (first, fee), (second, second_fee) = owed(hall)
    outcomes = together(*[lambda: gathered(fee, second_fee)] * 4)
    assert len(set(outcomes)) == 1
    assert hall.payments(first)[0].id == hall.payments(second)[0].id


def test_overlapping_baskets_share_no_charge(hall: Hall, resident: Browser) -> None:
    (_a, fee), (_b, second_fee), (_c, third_fee) = owed(hall, 3)
    outcomes = together(*[lambda: gathered(fee, second_fee), lambda: gathered(second_fee, third_fee)] * 2)
    assert refused(outcomes) == 0
    orders = [hall.payments(payer)[0].order for payer in hall.payers]
    amounts = {order.id: order.amount for order in orders}
    assert sum(amounts.values()) == 9000, "each charge is asked for once"


def test_paying_and_gathering_at_once_settles_each_charge_once(hall: Hall, resident: Browser) -> None:
    (first, fee), (second, second_fee) = owed(hall)
    page = first.start(fee, "card")

    def pay() -> object:
        return first.pay(page), sync_payment(CITY, fee.id)

    together(pay, lambda: gathered(fee, second_fee))
    sync_payment(CITY, fee.id)
    first.work()
    (mine,), (other,) = hall.payments(first), hall.payments(second)
    if mine.status == "paid":
        assert (mine.id, other.status) == (fee.id, "open")
    else:
        assert (mine.id, mine.order.amount) == (other.id, 6000)
        assert first.session_at(page)["payment_status"] == "unpaid"


def test_a_fee_that_is_paid_by_card_alone_takes_other_methods_out_of_the_basket(hall: Hall, resident: Browser) -> None:
    (_first, fee), (second, second_fee) = owed(hall)
    with city_session(CITY) as session:
        session.get_one(Charge, fee.charges[0].id).methods = ["card"]
    page = resident.get("/me/basket").text
    assert f"コンビニ：「{fee.title}」は、この方法で支払えません。" in page
    assert 'value="konbini"' not in page
    assert 'value="konbini"' in resident.get(f"/me/basket?charge={choice(second_fee)[0]}").text
    start = press(resident, fee, second_fee).headers["Location"]
    at_provider = resident.post(start, {"method": "konbini"}).headers["Location"]
    assert second.session_at(at_provider)["payment_method_types"] == ["card"], "whatever the form says"


def test_withdrawing_speaks_of_giving_back_only_where_something_was_paid(hall: Hall, resident: Browser) -> None:
    ((payer, payment),) = owed(hall, 1)
    address = f"/me/cases/{hall.case(payer).public_id}/withdraw"
    assert "もとにもどせません。" in resident.get(address).text
    assert "お返しします" not in resident.get(address).text
    hall.pay(payer, payment)
    payer.work()
    assert "支払った3,000円は、お返しします。" in resident.get(address).text
    assert "口座をおたずねするメール" not in resident.get(address).text, "a card gets it back by itself"


def test_who_paid_at_a_store_reads_before_withdrawing_that_an_account_is_asked_for(
    hall: Hall, resident: Browser
) -> None:
    ((payer, payment),) = owed(hall, 1)
    page = payer.start(payment, "konbini")
    payer.take_voucher(page)
    assert payer.at_the_store("pay", page) == 303
    sync_payment(CITY, payment.id, checkout_id=payer.session_at(page)["id"])
    page = resident.get(f"/me/cases/{hall.case(payer).public_id}/withdraw").text
    assert "口座をおたずねするメールが届きます" in page


def test_while_the_provider_is_away_the_basket_stays_as_it_was_chosen(hall: Hall, resident: Browser) -> None:
    (_first, fee), (second, second_fee), (_third, third_fee) = owed(hall, 3)
    url = second.start(second_fee, "card")  # the page of one of them is open, and cannot be closed now
    hall.sandbox.store.set_setting("api_fault", "before")
    try:
        away = press(resident, fee, second_fee)
    finally:
        hall.sandbox.store.set_setting("api_fault", "")
    assert away.status_code == 503
    assert "いま、支払いができません。内容は保存しました。" in away.text
    checked = re.findall(r'<input[^>]*name="charge"[^>]*value="(\d+)"[^>]* checked', away.text)
    assert sorted(checked) == sorted(choice(fee, second_fee))
    assert choice(third_fee)[0] in away.text
    assert {hall.payments(payer)[0].status for payer in (_first, second)} <= {"due", "open"}
    assert press(resident, fee, second_fee).status_code == 307
    assert second.session_at(url)["status"] == "expired"
