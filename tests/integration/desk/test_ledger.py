"""The accounts department's day: what moved, what is open, codes of the budget, the bank's statement, closing, and files."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.clock import now, today
from portal.core.database import city_session
from portal.core.events import Event
from portal.ledger import Channel, Item, first_of_month, movements, post, reconcile
from tests.integration.desk.conftest import CITY, Office
from tests.integration.ledger.test_reconciliation import held, transactions
from tests.kit.browser import Browser
from tests.kit.city import hire

LAST_MONTH = first_of_month(today()) - timedelta(days=1)


@dataclass
class Accounts:
    """Two accountants, and somebody of the offices."""

    first: Browser
    second: Browser
    case_number: str


@pytest.fixture(scope="module")
def accounts(office: Office, app: Flask) -> Iterator[Accounts]:
    """With a fee of last month paid by card, one of today not paid, and a payout of the provider."""
    for who in ("first-accountant", "second-accountant"):
        hire(CITY, f"{who}@example.jp", {"environment": ("accountant",)})
    earlier = now() - timedelta(days=today().day + 1)
    paid = Item(key="charge:900001", case_id=office.permit, procedure_key="dog-registration", fee="fee-1")
    unpaid = Item(key="charge:900002", case_id=office.permit, procedure_key="road-occupancy")
    card = Channel(method="card", provider="stripe", provider_ref="ch_1")
    with city_session(CITY) as session:
        post(
            session,
            movements.charge_raised(paid, 3_000, cause="1", at=earlier),
            movements.payment_received(paid, 3_000, card, cause="2", at=earlier),
            movements.charge_raised(unpaid, 12_345, cause="3", at=now()),
            movements.provider_payout(2_900, cause="4", at=earlier, provider="stripe", provider_ref="po_1"),
        )
    browsers = [
        Browser(app, CITY, f"192.0.2.{place}").sign_in_at_desk(f"{who}-accountant@example.jp")
        for place, who in enumerate(("first", "second"), 60)
    ]
    yield Accounts(browsers[0], browsers[1], office.permit_number)


def events(name: str) -> list[Event]:
    with city_session(CITY) as session:
        return list(session.scalars(select(Event).where(Event.name == name).order_by(Event.id)))


def test_only_accountants_see_the_books(office: Office, accounts: Accounts) -> None:
    for path in ("", "/open-items", "/export.csv", "/closings", "/codes", "/differences", "/bank"):
        assert office.roads.get(f"/desk/ledger{path}").status_code == 403
        assert accounts.first.get(f"/desk/ledger{path}").status_code == 200
    assert "/desk/ledger" not in office.roads.get("/desk").text


def test_a_day_and_a_month_are_shown_by_procedure_method_and_code(accounts: Accounts) -> None:
    day = accounts.first.get(f"/desk/ledger?day={today()}").text
    assert "12,345円" in day
    assert "調定" in day
    month = accounts.first.get(f"/desk/ledger?month={LAST_MONTH:%Y-%m}&by=method").text
    for text in ("クレジットカード", "3,000円", "科目の残高", "2,900円"):
        assert text in month
    offices = accounts.first.get(f"/desk/ledger?month={LAST_MONTH:%Y-%m}&by=department").text
    assert "課ごとの合計" in offices
    assert "印刷する" in offices
    assert "未設定" in accounts.first.get(f"/desk/ledger?month={LAST_MONTH:%Y-%m}&by=code").text
    assert "この期間の動きはありません。" in accounts.first.get("/desk/ledger?day=2020-01-01").text
    assert accounts.first.get("/desk/ledger?day=yesterday&by=colour").status_code == 200


def test_what_is_open_names_its_case(accounts: Accounts) -> None:
    page = accounts.first.get("/desk/ledger/open-items").text
    for text in (accounts.case_number, "12,345円", "30日未満"):
        assert text in page
    assert "この科目に未済はありません。" in accounts.first.get("/desk/ledger/open-items?account=deposit").text


def test_a_month_is_closed_once_its_codes_are_set_and_opened_by_two(accounts: Accounts) -> None:
    closing = {"period": "month", "month": f"{LAST_MONTH:%Y-%m}"}
    refused = accounts.first.post("/desk/ledger/closings", closing)
    assert refused.status_code == 409
    assert "款項目節が決まっていない" in refused.text
    year = LAST_MONTH.year - (LAST_MONTH.month < 4)
    code = {"procedure": "dog-registration", "fee": "", "year": str(year), "code": "14", "title": "犬の登録手数料"}
    wrong = accounts.first.post("/desk/ledger/codes", code)
    assert wrong.status_code == 422
    assert 'value="犬の登録手数料"' in wrong.text
    assert accounts.first.post("/desk/ledger/codes", code | {"code": "14-2-3-1"}).status_code == 303
    assert accounts.first.post("/desk/ledger/codes", code | {"procedure": "no-such"}).status_code == 422
    assert "14-2-3-1" in accounts.first.get(f"/desk/ledger/codes?year={year}").text

    exported = accounts.first.get(f"/desk/ledger/export.csv?month={LAST_MONTH:%Y-%m}&what=codes")
    lines = exported.data.decode("cp932").split("\r\n")
    assert lines[1].startswith("14,2,3,1,,犬の登録手数料,歳入,dog-registration,")
    assert lines[1].endswith(",3000,0,3000")
    journal = accounts.first.get(f"/desk/ledger/export.csv?month={LAST_MONTH:%Y-%m}&what=journal&encoding=utf-8")
    assert journal.data.startswith(b"\xef\xbb\xbf")
    assert "charge:900001" in journal.data.decode("utf-8-sig")
    assert [event.data["what"] for event in events("ledger.exported")][-2:] == ["codes", "journal"]
    assert accounts.first.get("/desk/ledger/export.csv?what=secrets").status_code == 422

    assert accounts.first.post("/desk/ledger/closings", closing).status_code == 303
    assert "に締めました" in accounts.first.get(f"/desk/ledger?month={LAST_MONTH:%Y-%m}").text
    assert accounts.first.post("/desk/ledger/closings", closing).status_code == 409
    page = accounts.first.get("/desk/ledger/closings").text
    action = page.partition(f"({LAST_MONTH.year}年{LAST_MONTH.month}月)")[2].partition('action="')[2].partition('"')[0]
    assert accounts.first.post(action, {"act": "ask", "reason": ""}).status_code == 422
    assert accounts.first.post(action, {"act": "ask", "reason": "還付の入力もれ"}).status_code == 303
    assert "還付の入力もれ" in accounts.second.get("/desk/ledger/closings").text
    assert accounts.first.post(action, {"act": "open"}).status_code == 403
    assert accounts.second.post(action, {"act": "open"}).status_code == 303
    assert accounts.second.post(action, {"act": "open"}).status_code == 409
    assert accounts.first.post("/desk/ledger/closings", {"period": "day", "until": "tomorrow"}).status_code == 422


def test_a_statement_is_looked_at_named_and_taken_in_and_differences_are_explained(accounts: Accounts) -> None:
    content = f"計上,プラス,メモ\r\n{LAST_MONTH:%Y/%m/%d},77,ﾅｿﾞ ﾀﾛｳ\r\n".encode("cp932")
    assert accounts.first.post("/desk/ledger/bank", {"account": "みずほ"}).status_code == 422
    added = accounts.first.post("/desk/ledger/bank", {"account": "みずほ", "file": (BytesIO(content), "bank.csv")})
    assert added.status_code == 303
    assert "列の意味を選ぶ" in accounts.first.get(added.location).text
    assert accounts.first.post(added.location, {"act": "take"}).status_code == 422
    looked = accounts.first.post(
        added.location, {"act": "look", "day": "計上", "deposit": "プラス", "description": "メモ"}
    ).text
    assert "新しい明細が1件" in looked
    assert "ﾅｿﾞ ﾀﾛｳ" in looked
    assert accounts.first.post(added.location, {"act": "take"}).status_code == 303
    assert "みずほ" in accounts.first.get("/desk/ledger/bank").text
    assert accounts.first.get(added.location).status_code == 404
    with city_session(CITY) as session:
        reconcile(session, transactions(), held(), imported_until=now())
    page = accounts.first.get("/desk/ledger/differences").text
    for text in ("ﾅｿﾞ ﾀﾛｳ", "銀行の明細だけにあります", "ch_1", accounts.case_number, "市の帳簿だけにあります"):
        assert text in page
    action = page.partition("ﾅｿﾞ ﾀﾛｳ")[2].partition('action="')[2].partition('"')[0]
    assert accounts.first.post(action, {"explanation": ""}).status_code == 422
    assert accounts.first.post(action, {"explanation": "別の課の収入。"}).status_code == 303
    page = accounts.first.get("/desk/ledger/differences").text
    assert "別の課の収入。" in page
    dropped = accounts.first.post("/desk/ledger/bank", {"account": "x", "file": (BytesIO(content), "bank.csv")})
    assert accounts.first.post(dropped.location, {"act": "drop"}).status_code == 303
    assert accounts.first.get(dropped.location).status_code == 404
