"""The accountants' page for banks' files of paid slips: what a file would do, taking it in, and money whose fee is not known."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask

from portal.core.clock import today
from portal.core.database import city_session
from portal.payments import LineItem, Payment, open_payment, payments_of_case, slip_reference
from tests.integration.desk.conftest import CITY, Office, forget_money
from tests.kit.browser import Browser
from tests.kit.city import hire
from tests.kit.jobs import forget_jobs, work


@pytest.fixture(scope="module")
def accountant(office: Office, app: Flask) -> Browser:
    hire(CITY, "slips@example.jp", {"environment": ("accountant",)})
    return Browser(app, CITY, "192.0.2.77").sign_in_at_desk("slips@example.jp")


@pytest.fixture(autouse=True)
def quiet_town(office: Office) -> Iterator[None]:
    """No jobs of other tests wait, and no fees are left to them."""
    forget_jobs(CITY)
    yield
    forget_money()


def fee(office: Office, purpose: str) -> Payment:
    with city_session(CITY) as session:
        return open_payment(session, office.permit, [LineItem("占用料", 3_000)], title="道路の占用", purpose=purpose)


def look_at(accountant: Browser, *lines: tuple[str, int], day: str = "") -> str:
    rows = "".join(f"{reference},{day or today()},{amount}\r\n" for reference, amount in lines)
    content = f"納付番号,納付日,金額\r\n{rows}".encode("cp932")
    return accountant.post("/desk/ledger/slips", {"file": (BytesIO(content), "slips.csv")}).location


def test_a_file_is_looked_at_taken_in_and_what_is_unknown_assigned(accountant: Browser, office: Office) -> None:
    first, second = fee(office, "slip-1"), fee(office, "slip-2")
    at = look_at(accountant, (slip_reference(first.id), 3_000), ("まちがい", 3_000))
    page = accountant.get(at).text
    assert "料金と合っています" in page
    assert "納付番号の料金がありません" in page
    assert office.permit_number in page
    assert accountant.post(at, {"act": "take"}).status_code == 303
    assert accountant.post(at, {"act": "take"}).status_code == 409
    assert accountant.get(at).status_code == 404
    work(CITY)
    with city_session(CITY) as session:
        assert next(each for each in payments_of_case(session, office.permit) if each.id == first.id).status == "paid"
    page = accountant.get("/desk/ledger/slips").text
    assert "納付番号「まちがい」" in page
    line = re.search(r'action="(/desk/ledger/slips/lines/\d+)"', page)
    assert line is not None
    refused = accountant.post(line[1], {"reference": "１２３"})
    assert refused.status_code == 422
    assert 'value="１２３"' in refused.text
    assert accountant.post(line[1], {"reference": slip_reference(second.id)}).status_code == 303
    assert accountant.post(line[1], {"reference": slip_reference(second.id)}).status_code == 409
    assert "まちがい" not in accountant.get("/desk/ledger/slips").text


def test_a_wrong_file_says_what_is_wrong_and_is_dropped(accountant: Browser, office: Office) -> None:
    assert accountant.post("/desk/ledger/slips", {}).status_code == 422
    at = look_at(accountant, ("1", 500), day="いつか")
    assert "2行目：日付「いつか」を読めません。" in accountant.get(at).text
    assert accountant.post(at, {"act": "take"}).status_code == 422
    assert accountant.post(at, {"act": "drop"}).status_code == 303
    assert accountant.get(at).status_code == 404
    assert office.roads.get("/desk/ledger/slips").status_code == 403
