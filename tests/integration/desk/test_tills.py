"""The till on the desk's pages: finding what somebody owes, taking it, taking it back, counting, closing and banking."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from portal import tills
from portal.core.clock import today
from portal.core.database import city_session
from portal.core.events import Actor
from portal.documents.models import Document
from portal.identity.models import Department
from portal.payments import (
    ChargeOwner,
    LineItem,
    Payment,
    open_payment,
    order_of_slip,
    payments_of_case,
    slip_reference,
)
from tests.integration.desk.conftest import CITY, Office, forget_money
from tests.kit.jobs import forget_jobs, work

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
"""WeasyPrint leaves its own colour profile open until it is collected."""


@pytest.fixture
def till(office: Office) -> Iterator[int]:
    """A till of the roads office, in which a permit waits to be paid in two lines; all of it is gone when the test is over."""
    forget_jobs(CITY)
    forget_money()
    with city_session(CITY) as session:
        department = session.scalars(select(Department.id).where(Department.key == "road-management")).one()
        made = tills.add_till(session, department, "1番窓口", 500, Actor("staff", office.roads_id, "roads")).id
        open_payment(
            session,
            office.permit,
            [LineItem("占用料", 3_000, id="base"), LineItem("審査手数料", 450, id="exam")],
            title="道路の占用",
            purpose="counter",
            owner=ChargeOwner(department, "road-occupancy"),
        )
    yield made
    forget_money()


def owed(office: Office) -> Payment:
    with city_session(CITY) as session:
        return next(each for each in payments_of_case(session, office.permit) if each.purpose == "counter")


def hidden(page: str, name: str) -> list[str]:
    return re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)">', page)


def open_till(office: Office, till: int) -> None:
    answer = office.roads.post(f"/desk/tills/{till}/opening", {"float_amount": "５０，０００円"})
    assert answer.headers["Location"] == f"/desk/tills/{till}"


def form_at(office: Office, till: int, number: str, **changed: object) -> dict[str, object]:
    page = office.roads.get(f"/desk/tills/{till}?q={number}").text
    names = ("q", "token", "total")
    return {name: hidden(page, name)[-1] for name in names} | {"charge": hidden(page, "charge")} | changed


def test_a_day_from_the_opening_to_the_bank(office: Office, till: int) -> None:
    roads = office.roads
    assert "まだ開いていません" not in roads.get("/desk/tills").text
    assert roads.get(f"/desk/tills/{till}").status_code == 303
    assert roads.post(f"/desk/tills/{till}/opening", {"float_amount": "多い"}).status_code == 422
    open_till(office, till)
    page = roads.get(f"/desk/tills/{till}?q={slip_reference(owed(office).id)}、日-9999-99999").text
    assert "3,450円を受け取る" in page
    assert "見つからない番号があります" in page
    form = form_at(office, till, office.permit_number, method="cash")
    too_little = roads.post(f"/desk/tills/{till}/payments", form | {"tendered": "3000"})
    assert too_little.status_code == 422
    assert "預かった金額が、3,450円に足りません。" in too_little.text
    taken = roads.post(f"/desk/tills/{till}/payments", form | {"tendered": "４０００"})
    assert taken.status_code == 303
    assert roads.post(f"/desk/tills/{till}/payments", form | {"tendered": "4000"}).location == taken.location
    again = roads.post(f"/desk/tills/{till}/payments", form | {"tendered": "4000", "token": "another"})
    assert again.status_code == 409
    assert owed(office).status == "paid"
    work(CITY)
    page = roads.get(taken.location).text
    assert "550円" in page
    paper = re.search(r'href="(/desk/payments/\d+/documents/[^"]+)"', page)
    assert paper is not None
    assert roads.get(paper[1]).data.startswith(b"%PDF")
    with city_session(CITY) as session:
        assert session.scalars(select(Document.kind)).all() == ["payment_confirmation"]
    short = {"expected": "53450", "pieces-10000": "5", "pieces-1000": "3", "pieces-100": "3", "pieces-50": "1"}
    refused = roads.post(f"/desk/tills/{till}/count", short)
    assert refused.status_code == 422
    assert "数えた合計53,350円(過不足-100円)" in refused.text
    closed = roads.post(f"/desk/tills/{till}/count", short | {"reason": "釣り銭の渡し間違い"})
    report = roads.get(closed.location).text
    assert "釣り銭の渡し間違い" in report
    assert "-100円" in report
    shift = closed.location.rpartition("/")[2]
    assert "3,350円" in roads.get("/desk/tills").text
    assert roads.post("/desk/tills/banking", {"shifts": shift, "banked_on": "2999-01-01"}).status_code == 422
    banked = roads.post(
        "/desk/tills/banking", {"shifts": shift, "banked_on": today().isoformat(), "slip_number": "A-1"}
    )
    assert banked.status_code == 303
    month = roads.get("/desk/tills/month").text
    assert "払込済み" in month
    assert "3,450円" in month


def test_part_of_a_fee_is_taken_and_taken_back_with_a_reason(office: Office, till: int) -> None:
    roads = office.roads
    open_till(office, till)
    first = owed(office).charges[0].id
    chosen = roads.get(f"/desk/tills/{till}?q={office.permit_number}&charge={first}").text
    form = {name: hidden(chosen, name)[-1] for name in ("q", "token", "total")}
    assert form["total"] == "3000"
    stale = roads.post(f"/desk/tills/{till}/payments", form | {"charge": first, "method": "card_reader", "total": "1"})
    assert stale.status_code == 409
    by_card = form | {"charge": first, "method": "card_reader"}
    unnumbered = roads.post(f"/desk/tills/{till}/payments", by_card)
    assert unnumbered.status_code == 422
    assert "カード端末の伝票番号を、" in unnumbered.text
    taken = roads.post(f"/desk/tills/{till}/payments", by_card | {"slip_number": "００４２", "brand": "jcb"})
    assert taken.status_code == 303
    assert "0042・JCB" in roads.get(taken.location).text
    assert "450円を受け取る" in roads.get(f"/desk/tills/{till}?q={office.permit_number}").text
    assert roads.post(taken.location, {"reason": ""}).status_code == 422
    assert roads.post(taken.location, {"reason": "カードが使えなかった"}).status_code == 303
    page = roads.get(f"/desk/tills/{till}?q={office.permit_number}").text
    assert "3,450円を受け取る" in page
    assert "取消済み" in page


def test_a_large_difference_is_confirmed_by_somebody_else(office: Office, till: int) -> None:
    open_till(office, till)
    closed = office.roads.post(
        f"/desk/tills/{till}/count", {"expected": "50000", "pieces-10000": "4", "reason": "不明"}
    )
    assert "確認するのは、別の人です。" in office.roads.get(closed.location).text
    assert "別の人の確認を待っています" in office.roads.get(f"/desk/tills/{till}").text
    assert office.roads.post(closed.location, {"act": "confirm"}).status_code == 403
    assert office.second.post(closed.location, {"act": "confirm"}).status_code == 303
    assert "締めています" in office.roads.get(closed.location).text
    assert office.second.post(closed.location, {"act": "confirm"}).status_code == 409


def test_a_till_is_its_departments_alone(office: Office, till: int) -> None:
    open_till(office, till)
    for path in ("", "/count", "/entries/1"):
        assert office.citizens.get(f"/desk/tills/{till}{path}").status_code == 404
        assert office.clerk.get(f"/desk/tills/{till}{path}").status_code == 403
    assert "1番窓口" not in office.citizens.get("/desk/tills").text
    for path in (f"{till}/payments", f"{till}/count", f"{till}/refunds/1", f"{till}/opening"):
        assert office.citizens.post(f"/desk/tills/{path}", {"pieces-1": "1"}).status_code == 404
    assert office.roads.post("/desk/tills", {"title": "勝手なレジ"}).status_code == 403


def test_a_slips_number_is_read_as_people_type_it() -> None:
    reference = slip_reference(1234)
    assert [order_of_slip(text) for text in (reference, reference.replace(" ", ""), reference.replace(" ", "-"))] == [
        1234
    ] * 3
    assert order_of_slip(reference[:-1] + str((int(reference[-1]) + 1) % 10)) is None
    assert order_of_slip("日-1129-00001") is None
