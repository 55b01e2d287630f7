"""Refunds at the desk by line, from the limit above which two people decide to the bank transfer that replaces one that failed."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.events import SYSTEM
from portal.ledger import open_items
from portal.payments import (
    LineItem,
    OfflineMoney,
    Payment,
    open_payment,
    refunds_for_counter,
    request_refund,
    set_second_person_above,
    take_from_slip,
)
from portal.payments.models import Refund
from portal.payments.refunds import sync_refund
from portal.payments.sync import sync_payment
from portal.payouts.models import Payout
from tests.integration.money.conftest import CITY, Hall
from tests.kit.payer import Payer

ACCOUNT = {
    "bank_code": "0001",
    "bank_name": "ミズホ",
    "branch_code": "123",
    "branch_name": "ヒノ",
    "kind": "ordinary",
    "number": "1234567",
    "holder": "サトウ ミサキ",
}
COMES_BACK = "4000000000005126"


@pytest.fixture(autouse=True)
def every_refund_needs_two() -> Iterator[None]:
    """The city's limit after each test is that of a city that has said nothing."""
    yield
    with city_session(CITY) as session:
        set_second_person_above(session, 0, SYSTEM)


def completed(hall: Hall, card: str = "4242424242424242") -> tuple[Payer, Payment]:
    """A completed case with a payment of two lines, of 3,000 and 550 yen beside its fee."""
    payer = hall.apply()
    (fee,) = hall.payments(payer)
    hall.pay(payer, fee)
    hall.move(payer, "accept")
    hall.move(payer, "complete")
    with city_session(CITY) as session:
        lines = [LineItem("鑑札の再交付", 1600), LineItem("注射済票", 550)]
        extra = open_payment(session, payer.case_id, lines, title="追加", purpose="extra")
    page = payer.start(extra, "card")
    assert payer.pay(page, card) == 303
    sync_payment(CITY, extra.id, checkout_id=payer.session_at(page)["id"])
    return payer, payer.read(extra)


def refund_lines(hall: Hall, payer: Payer, **form: object) -> tuple[int, str]:
    """Fill in the page of the cashier; the status and the page that is shown then."""
    address = f"/desk/cases/{payer.case_id}/refund"
    seen = re.search(r'name="seen" value="([^"]+)"', hall.cashier.get(address).text)
    assert seen is not None
    answer = hall.cashier.post(address, {"seen": seen[1], "note": "申請の一部が不要になったため", **form})
    return answer.status_code, answer.text


def test_a_line_goes_back_whole_and_another_in_part(hall: Hall) -> None:
    payer, extra = completed(hall)
    plate, sticker = extra.charges
    status, _page = refund_lines(hall, payer, **{"whole": str(sticker.id), f"amount-{plate.id}": "1,000"})
    assert status == 303
    assert {event.actor_id for event in hall.events(payer, "case.viewed")} == {hall.ids["cashier"]}
    (refund,) = payer.refunds(extra)
    assert (refund.amount, refund.status) == (1550, "requested")
    assert "1,000円 承認待ち" in hall.cashier.get(f"/desk/cases/{payer.case_id}/refund").text
    hall.second.post(f"/desk/refunds/{refund.id}", {"decision": "approve"})
    payer.work()
    plate, sticker = payer.read(extra).charges
    assert [(plate.given_back, plate.status), (sticker.given_back, sticker.status)] == [
        (1000, "paid"),
        (550, "refunded"),
    ]
    page = hall.cashier.get(f"/desk/cases/{payer.case_id}/refund").text
    assert "1,000円 完了" in page
    assert "600円" in page


def test_what_cannot_be_given_back_is_said_beside_its_line_and_nothing_typed_is_lost(hall: Hall) -> None:
    payer, extra = completed(hall)
    plate, sticker = extra.charges
    status, page = refund_lines(hall, payer, **{f"amount-{plate.id}": "9999", f"amount-{sticker.id}": "五百"})
    assert status == 422
    assert 'value="9999"' in page
    assert 'value="五百"' in page
    assert "金額は、数字で入力してください。" in page
    assert "申請の一部が不要になったため" in page
    status, page = refund_lines(hall, payer, **{f"amount-{plate.id}": "9999"})
    assert "1円から1,600円まで" in page
    status, page = refund_lines(hall, payer)
    assert (status, "返す料金を選ぶか、返す金額を入力してください。" in page) == (422, True)
    status, page = refund_lines(hall, payer, whole=str(sticker.id), note="")
    assert (status, "申請した人に伝える理由を書いてください。" in page) == (422, True)
    assert payer.refunds(extra) == []


def test_a_second_person_is_asked_above_the_limit_and_small_parts_add_up(hall: Hall) -> None:
    with city_session(CITY) as session:
        set_second_person_above(session, 1000, SYSTEM)
    payer, extra = completed(hall)
    plate, _sticker = extra.charges
    for amount in ("600", "400", "1"):
        assert refund_lines(hall, payer, **{f"amount-{plate.id}": amount})[0] == 303
    assert [refund.status for refund in payer.refunds(extra)] == ["approved", "approved", "requested"]


def test_lines_of_two_payments_are_judged_by_their_sum(hall: Hall) -> None:
    with city_session(CITY) as session:
        set_second_person_above(session, 3500, SYSTEM)
    payer, extra = completed(hall)
    fee = hall.payments(payer)[0]
    chosen = {"whole": str(fee.charges[0].id), f"amount-{extra.charges[0].id}": "501"}
    assert refund_lines(hall, payer, **chosen)[0] == 303
    assert [refund.status for payment in (fee, extra) for refund in payer.refunds(payment)] == ["requested"] * 2


def test_who_is_no_cashier_does_not_get_the_page(hall: Hall) -> None:
    payer, _extra = completed(hall)
    assert hall.clerk.get(f"/desk/cases/{payer.case_id}/refund").status_code == 403
    assert hall.clerk.get("/desk/payments/failed-refunds").status_code == 403


def failed(hall: Hall) -> tuple[Payer, Payment, Refund]:
    payer, extra = completed(hall, COMES_BACK)
    with city_session(CITY) as session:
        request_refund(session, extra, 1600, "")
    payer.work()
    (refund,) = payer.refunds(extra)
    sync_refund(CITY, refund.id)
    (refund,) = payer.refunds(extra)
    assert refund.status == "failed"
    return payer, extra, refund


def test_a_failed_refund_is_a_task_that_can_be_sent_again(hall: Hall) -> None:
    payer, extra, refund = failed(hall)
    assert "職員が返すお金が" in hall.cashier.get("/desk/payments").text
    page = hall.cashier.get("/desk/payments/failed-refunds").text
    assert hall.case(payer).number in page
    for status in (303, 409):
        answer = hall.cashier.post(f"/desk/payments/failed-refunds/{refund.id}", {"act": "retry"})
        assert answer.status_code == status
    assert hall.case(payer).number not in hall.cashier.get("/desk/payments/failed-refunds").text
    assert [row.amount for row in payer.refunds(extra)] == [1600, 1600]


def test_a_failed_refund_goes_back_by_bank_transfer_that_two_people_saw(hall: Hall) -> None:
    payer, extra, refund = failed(hall)
    address = f"/desk/payments/failed-refunds/{refund.id}"
    wrong = hall.cashier.post(address, {"act": "transfer", **ACCOUNT, "number": "12345678"})
    assert wrong.status_code == 422
    assert "7けたまでの数字ではありません" in wrong.text
    assert 'value="サトウ ミサキ"' in wrong.text
    assert hall.cashier.post(address, {"act": "transfer", **ACCOUNT}).status_code == 303
    with city_session(CITY) as session:
        payout = session.query(Payout).filter_by(case_id=payer.case_id).one()
    transfers = f"/desk/payments/failed-refunds/transfers/{payout.id}"
    assert hall.cashier.post(transfers, {"act": "confirm"}).status_code == 403
    assert hall.second.post(transfers, {"act": "return"}).status_code == 303
    assert hall.cashier.post(transfers, {"act": "transfer", **ACCOUNT}).status_code == 303
    assert hall.second.post(transfers, {"act": "confirm"}).status_code == 303
    assert "1,600円" in hall.second.get("/desk/payouts").text
    _transfer(hall, payout.id)
    payer.work()
    assert [(row.amount, row.status, row.by_transfer) for row in payer.refunds(extra)] == [
        (1600, "failed", False),
        (1600, "succeeded", True),
    ]
    assert payer.read(extra).given_back == 1600
    assert "1,600円を返金しました" in hall.letters(payer, "refund_done")[-1]
    with city_session(CITY) as session:
        items = open_items(session, "refund_payable")
        session.execute(delete(Payout).where(Payout.id == payout.id))
    assert all(item.case_id != payer.case_id for item in items)


def _transfer(hall: Hall, payout_id: int) -> None:
    """The city's bank transfers what two people decided."""
    hall.cashier.post(
        "/desk/payouts/consignor",
        {
            "code": "1234567890",
            "name": "ヒノシ",
            **{name: ACCOUNT[name] for name in ("bank_code", "bank_name", "branch_code", "branch_name", "number")},
        },
    )
    tomorrow = now().date().replace(year=now().year + 1)
    answer = hall.cashier.post("/desk/payouts", {"payouts": str(payout_id), "transfer_on": tomorrow.isoformat()})
    assert answer.status_code == 303
    assert hall.cashier.post(answer.headers["Location"]).status_code == 303


def test_what_came_by_slip_a_second_time_is_told_and_transferred(hall: Hall) -> None:
    payer, payment = hall.paid()
    with city_session(CITY) as session:
        take_from_slip(session, payment.id, OfflineMoney(3000, "slip", "bank-1"), SYSTEM)
    (refund,) = payer.refunds(payment)
    assert (refund.duplicate, refund.status, refund.amount) == (True, "approved", 3000)
    (letter,) = hall.letters(payer, "paid_twice")
    assert "二重にお支払いいただきました" in letter
    assert "市役所からご連絡します" in letter
    waiting = hall.cashier.get("/desk/payments/failed-refunds").text
    assert "窓口や納付書で受け取ったお金です" in waiting
    address = f"/desk/payments/failed-refunds/{refund.id}"
    assert hall.cashier.post(address, {"act": "retry"}).status_code == 409, "the provider never had it"
    assert hall.cashier.post(address, {"act": "transfer", **ACCOUNT}).status_code == 303
    with city_session(CITY) as session:
        payout = session.query(Payout).filter_by(case_id=payer.case_id).one()
        assert refunds_for_counter(session, [payment.id]) == [], "it is not paid out of a till any more"
    assert (
        hall.second.post(f"/desk/payments/failed-refunds/transfers/{payout.id}", {"act": "confirm"}).status_code == 303
    )
    _transfer(hall, payout.id)
    assert [(row.status, row.by_transfer) for row in payer.refunds(payment)] == [("succeeded", True)]
    with city_session(CITY) as session:
        items = [item for name in ("deposit", "refund_payable") for item in open_items(session, name)]
        session.execute(delete(Payout).where(Payout.id == payout.id))
    assert all(item.case_id != payer.case_id for item in items)
