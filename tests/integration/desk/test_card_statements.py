"""The accountants' pages for files of card companies: every line is looked at before anything is booked, and nothing typed is lost."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from portal import tills
from portal.core.clock import today
from portal.core.database import city_session
from portal.core.events import Actor
from portal.identity.models import Department
from portal.payments import LineItem, open_payment
from tests.integration.desk.conftest import CITY, Office, forget_money
from tests.kit.browser import Browser
from tests.kit.city import hire
from tests.kit.jobs import forget_jobs

AT = "/desk/tills/cards"


@pytest.fixture(scope="module")
def accountant(office: Office, app: Flask) -> Browser:
    hire(CITY, "cards@example.jp", {"environment": ("accountant",)})
    return Browser(app, CITY, "192.0.2.78").sign_in_at_desk("cards@example.jp")


@pytest.fixture(autouse=True)
def paid_by_card(office: Office) -> Iterator[None]:
    """A till that took 3,000 yen for the permit with slip 0042; all of it is gone when the test is over."""
    cashier = Actor("staff", office.roads_id, "roads")
    with city_session(CITY) as session:
        department = session.scalars(select(Department.id).where(Department.key == "road-management")).one()
        till = tills.add_till(session, department, "1番窓口", 500, cashier).id
        tills.open_till(session, till, 0, cashier)
        payment = open_payment(session, office.permit, [LineItem("占用料", 3_000)], title="道路の占用", purpose="card")
        handed = tills.Handed("card_reader", None, tills.CardSlip("0042", "visa"))
        tills.take_payment(session, till, payment.id, 3_000, handed, token="card", actor=cashier)
    yield
    forget_money()
    forget_jobs(CITY)


def send(
    accountant: Browser, rows: str, head: str = "伝票番号,利用日,売上金額,手数料\n", company: str = "市民カード"
) -> str:
    answer = accountant.post(
        f"{AT}/statements", {"company": company, "file": (BytesIO((head + rows).encode("cp932")), "cards.csv")}
    )
    assert answer.status_code == 303
    return answer.location


def seen(page: str) -> str:
    match = re.search(r'name="seen" value="(\w+)"', page)
    assert match is not None
    return match[1]


def test_a_file_is_looked_at_booked_and_what_differs_explained(accountant: Browser, office: Office) -> None:
    at = send(accountant, f"42,{today()},2900,90\n77,{today()},500,20\n")
    page = accountant.get(at).text
    for words in ("金額がちがいます", "こちらに記録がありません", "3,000円", "2,900円", "+400円", office.permit_number):
        assert words in page
    unfinished = accountant.post(at, {"act": "take", "seen": seen(page), "reason": "照会中"})
    assert unfinished.status_code == 422
    assert "入金された日を、今日までの日で選んでください。" in unfinished.text
    assert "照会中</textarea>" in unfinished.text
    stale = accountant.post(at, {"act": "take", "seen": "older", "paid_on": str(today())})
    assert (stale.status_code, "もう一度、1行ずつ" in stale.text) == (409, True)
    assert accountant.post(at, {"act": "take", "seen": seen(page), "paid_on": str(today())}).status_code == 303
    again = accountant.post(at, {"act": "take", "seen": seen(page), "paid_on": str(today())})
    assert (again.status_code, "もう取り込んであります" in again.text) == (409, True)
    assert accountant.get(at).status_code == 404
    page = accountant.get(AT).text
    assert "調べるちがい(2件)" in page
    assert "入金を待っているカードの記録は、ありません。" in page
    assert "カード会社の明細とのちがい" in accountant.get("/desk/ledger/closings").text
    lines = re.findall(rf'action="({AT}/lines/\d+)"', page)
    empty = accountant.post(lines[0], {"reason": ""})
    assert (empty.status_code, "ちがいの理由を、500文字までで書いてください。" in empty.text) == (422, True)
    for line in lines:
        assert accountant.post(line, {"reason": "カード会社の入力ちがい"}).status_code == 303
    assert accountant.post(lines[0], {"reason": "もう一度"}).status_code == 409
    assert "調べるちがい" not in accountant.get(AT).text


def test_a_line_is_of_a_record_that_was_made_later(accountant: Browser) -> None:
    at = send(accountant, f"77,{today()},3000,90\n")
    accountant.post(at, {"act": "take", "seen": seen(accountant.get(at).text), "paid_on": str(today())})
    page = accountant.get(AT).text
    line = re.search(rf'action="({AT}/lines/\d+)"', page)
    entry = re.search(r'<option value="(\d+)">[^<]*伝票番号「0042」', page)
    assert line is not None
    assert entry is not None
    assert accountant.post(line[1], {"act": "assign", "entry": "x"}).status_code == 422
    assert accountant.post(line[1], {"act": "assign", "entry": entry[1]}).status_code == 303
    page = accountant.get(AT).text
    assert "調べるちがい" not in page  # our record, which the file did not have, is paid too
    assert "入金を待っているカードの記録は、ありません。" in page


def test_the_same_file_is_refused_with_the_day_of_the_first(accountant: Browser) -> None:
    rows = f"42,{today()},3000,90\n"
    at = send(accountant, rows)
    accountant.post(at, {"act": "take", "seen": seen(accountant.get(at).text), "paid_on": str(today())})
    content = f"伝票番号,利用日,売上金額,手数料\n{rows}".encode("cp932")
    refused = accountant.post(f"{AT}/statements", {"company": "別の会社", "file": (BytesIO(content), "cards.csv")})
    assert refused.status_code == 409
    assert f"{today().day}日に「市民カード」の明細として取り込んであります" in refused.text
    assert 'value="別の会社"' in refused.text


def test_headings_are_named_once_for_a_company(accountant: Browser) -> None:
    head = "通番,使用日,総額,引かれる額\n"
    at = send(accountant, f"42,{today()},3000,90\n", head)
    page = accountant.get(at).text
    assert "列が見つかりません" in page
    assert "<option>引かれる額</option>" in page
    names = {"slip_number": "通番", "day": "使用日", "gross": "総額", "fee": "引かれる額"}
    assert accountant.post(at, {"act": "look", **names}).status_code == 303
    assert "記録と合っています" in accountant.get(at).text
    later = accountant.get(send(accountant, f"43,{today()},100,3\n", head)).text
    assert "こちらに記録がありません" in later
    assert "<option selected>引かれる額</option>" in later
    assert accountant.post(at, {"act": "drop"}).status_code == 303
    assert accountant.get(at).status_code == 404


def test_bad_files_are_refused_in_words_and_only_accountants_come_in(accountant: Browser, office: Office) -> None:
    nothing = accountant.post(f"{AT}/statements", {"company": ""})
    assert nothing.status_code == 422
    assert "カード会社の明細のファイルを選んでください。" in nothing.text
    assert "カード会社の名前を、40文字までで書いてください。" in nothing.text
    at = send(accountant, "42,いつか,3000,90\n")
    assert "2行目：日付「いつか」を読めません。" in accountant.get(at).text
    assert accountant.post(at, {"act": "take", "seen": "-"}).status_code == 422
    picture = accountant.post(
        f"{AT}/statements", {"company": "市民カード", "file": (BytesIO(b"\xff\xd8\xff\xe0\x00"), "a.jpg")}
    )
    assert "文字コードが読めません" in accountant.get(picture.location).text
    assert office.roads.get(at).status_code == 403
    assert office.roads.post(f"{AT}/statements", {}).status_code == 403
