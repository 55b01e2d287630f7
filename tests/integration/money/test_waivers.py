"""Fees that are waived after they were asked for: by line, with a proof, by two people above the limit, in the books, and taken back."""

from collections.abc import Iterator
from io import BytesIO

import pytest

from portal.core.clock import today
from portal.core.database import city_session
from portal.core.events import SYSTEM
from portal.ledger import balance_of_item, balances
from portal.payments import Charge, set_second_person_above
from portal.payments.waivers import waivers_by_charge
from tests.integration.money.conftest import CITY, Hall
from tests.kit.browser import Browser
from tests.kit.payer import Payer

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00"
    b"\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture(autouse=True)
def the_citys_limit() -> Iterator[None]:
    """One person waives up to 1,000 yen; after each test the limit is that of a city that has said nothing."""
    with city_session(CITY) as session:
        set_second_person_above(session, 1000, SYSTEM)
    yield
    with city_session(CITY) as session:
        set_second_person_above(session, 0, SYSTEM)


def charge_of(hall: Hall, payer: Payer) -> Charge:
    (payment,) = hall.payments(payer)
    (charge,) = payment.charges
    return charge


def waive(hall: Hall, payer: Payer, amount: str, /, **form: object) -> tuple[int, str]:
    """Fill in the desk's page of the fees; the status and the page that is shown then."""
    inputs = {
        "charge": str(charge_of(hall, payer).id),
        "amount": amount,
        "reason": "生活保護を受けている世帯のため",
        "added": (BytesIO(PNG), "証明.png"),
    }
    answer = hall.cashier.post(f"/desk/cases/{payer.case_id}/fees", inputs | form)
    return answer.status_code, answer.text


def word(desk: Browser, hall: Hall, payer: Payer, act: str) -> int:
    """A word on the newest waiver; the status of the answer."""
    with city_session(CITY) as session:
        waivers = waivers_by_charge(session, payer.case_id)[charge_of(hall, payer).id]
    return desk.post(f"/desk/waivers/{waivers[-1].id}", {"act": act}).status_code


def owed(hall: Hall, payer: Payer) -> tuple[int, int]:
    """What the books say is owed for the charge, and what was waived in all today."""
    with city_session(CITY) as session:
        waived = balances(session, today()).get("waived", 0)
        return balance_of_item(session, "receivable", f"charge:{charge_of(hall, payer).id}"), waived


def test_part_of_a_line_is_waived_at_once_below_the_limit_and_the_rest_is_paid(hall: Hall) -> None:
    payer = hall.apply()
    _before, waived_before = owed(hall, payer)
    assert waive(hall, payer, "1,000")[0] == 303
    charge = charge_of(hall, payer)
    assert (charge.amount, charge.waived, charge.due, charge.status) == (3000, 1000, 2000, "owed")
    assert owed(hall, payer) == (2000, waived_before + 1000)
    (letter,) = hall.letters(payer, "fee_waived")
    assert "1,000円を減免しました" in letter
    assert "生活保護を受けている世帯のため" in letter
    assert len(hall.events(payer, "payment.waived")) == 1
    (payment,) = hall.payments(payer)
    hall.pay(payer, payment)
    assert (charge_of(hall, payer).status, charge_of(hall, payer).received) == ("paid", 2000)
    assert owed(hall, payer)[0] == 0
    assert hall.case(payer).state == "received"
    assert word(hall.cashier, hall, payer, "revoke") == 409


def test_above_the_limit_another_person_decides_and_the_case_goes_on_when_all_is_waived(hall: Hall) -> None:
    payer = hall.apply()
    waiting = hall.case(payer).state
    assert waive(hall, payer, "3000")[0] == 303
    assert charge_of(hall, payer).waived == 0
    assert "承認待ち" in hall.second.get(f"/desk/cases/{payer.case_id}/fees").text
    assert hall.ids["second"] in {event.actor_id for event in hall.events(payer, "case.viewed")}
    assert word(hall.cashier, hall, payer, "approve") == 403
    assert waive(hall, payer, "500")[0] == 409, "one proposal for a charge at a time"
    assert word(hall.second, hall, payer, "approve") == 303
    charge = charge_of(hall, payer)
    assert (charge.due, charge.status, owed(hall, payer)[0]) == (0, "waived", 0)
    assert hall.case(payer).state != waiting
    assert word(hall.second, hall, payer, "revoke") == 303
    charge = charge_of(hall, payer)
    (payment,) = hall.payments(payer)
    assert (charge.due, charge.status, payment.status, owed(hall, payer)[0]) == (3000, "owed", "open", 3000)
    assert "3,000円の減免を取り消しました" in hall.letters(payer, "waiver_revoked")[0]
    hall.pay(payer, payment)
    assert charge_of(hall, payer).status == "paid"


def test_what_was_paid_meanwhile_goes_back_out_of_what_was_waived(hall: Hall) -> None:
    payer = hall.apply()
    _before, waived_before = owed(hall, payer)
    assert waive(hall, payer, "1500")[0] == 303
    (payment,) = hall.payments(payer)
    hall.pay(payer, payment)
    assert word(hall.second, hall, payer, "approve") == 303
    payer.work()
    charge = charge_of(hall, payer)
    (refund,) = payer.refunds(payment)
    assert (refund.amount, refund.grounds, refund.status) == (1500, "waiver", "succeeded")
    assert (refund.requested_by, refund.approved_by) == (hall.ids["cashier"], hall.ids["second"])
    assert (charge.waived, charge.received, charge.given_back, charge.status) == (0, 3000, 1500, "paid")
    assert owed(hall, payer) == (0, waived_before + 1500)
    assert "支払い済みの料金なので" in hall.letters(payer, "fee_waived")[0]


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(hall: Hall) -> None:
    payer = hall.apply()
    faults: tuple[tuple[dict[str, object], str], ...] = (
        ({"amount": "3001"}, "1円から3,000円まで"),
        ({"amount": "千円"}, "1円から3,000円まで"),
        ({"reason": " "}, "減免の理由を"),
        ({"added": (BytesIO(b""), "")}, "根拠になる書類を選ぶか"),
        ({"charge": ""}, "減免する料金を選んでください"),
    )
    for form, sentence in faults:
        status, page = waive(hall, payer, "100", **form)
        assert (status, sentence in page) == (422, True)
        assert "reason" in form or "生活保護を受けている世帯のため" in page
    assert charge_of(hall, payer).waived == 0


def test_who_may_not_waive_cannot_send_the_form(hall: Hall) -> None:
    payer = hall.apply()
    assert hall.clerk.post(f"/desk/cases/{payer.case_id}/fees", {"charge": "1"}).status_code == 403
