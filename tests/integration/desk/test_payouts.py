"""Money to residents: decided in the drawer, never beyond the budget, transferred once by a file, and recorded."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition, lock_case
from portal.cases.payouts import decide_payout
from portal.cli.installing import install
from portal.core.clock import today
from portal.core.database import city_session
from portal.core.errors import Conflict
from portal.core.events import Actor
from portal.identity.queries import read_staff
from portal.payouts.models import Payout
from tests.integration.desk.conftest import CITY, Office
from tests.kit.browser import Browser
from tests.kit.city import begin, hire, send

GRANT = """
procedure: fence-grant
kind: permit
title: {ja: ブロック塀の補助金}
department: road-management
steps:
  - id: who
    title: {ja: 申請する方}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: cost, type: money, label: {ja: 工事費}}
      - {id: bank, type: bank_account, item: person.bank_account}
payout:
  - id: grant
    label: {ja: 撤去の補助金}
    amount: cost / 2
    round_to: 1000
    maximum: 100000
    explain: {ja: "{cost}円の半分"}
    account: bank
    budget: {id: fences, total: 250000}
    second_person_above: 90000
workflow: {preset: permit}
"""
BANK = {
    "bank_name": "見本銀行",
    "bank_code": "9999",
    "branch_name": "本店",
    "branch_code": "001",
    "kind": "ordinary",
    "number": "1234567",
    "holder": "サトウ ミサキ",
}
CONSIGNOR = {
    "code": "1234567890",
    "name": "ヒノシ",
    "bank_code": "0001",
    "bank_name": "ミホン",
    "branch_code": "001",
    "branch_name": "ホンテン",
    "number": "7654321",
}


def sent(cost: int) -> int:
    """A case that asks for half of the cost; its id."""
    answers: dict[str, Any] = {"name": {"family": "佐藤", "given": "美咲"}, "cost": cost, "bank": BANK}
    with city_session(CITY) as session:
        return send(session, begin(session, "fence-grant", answers)).id


def applied(cost: int) -> int:
    """Such a case after the office has taken it in; its id."""
    case_id = sent(cost)
    with city_session(CITY) as session:
        apply_transition(session, case_id, "accept", Actor("staff", None, "試験 職員"), roles=("clerk",))
    return case_id


@pytest.fixture
def grant(office: Office) -> None:
    with city_session(CITY) as session:
        install(session, GRANT, None)


def payout_of(case_id: int) -> Payout:
    with city_session(CITY) as session:
        row = session.scalars(select(Payout).where(Payout.case_id == case_id, Payout.status != "withdrawn")).one()
        session.expunge(row)
        return row


def act(browser: Browser, case_id: int, what: str, **more: str) -> int:
    page = browser.get(f"/desk/cases/{case_id}").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    path = f"/desk/cases/{case_id}/payouts/{payout_of(case_id).id}"
    return browser.post(path, {"seen": seen, "act": what, **more}).status_code


@pytest.mark.usefixtures("grant")
def test_from_the_application_to_the_account(office: Office, app: Flask) -> None:
    small, large = applied(100_000), applied(500_000)
    page = office.roads.get(f"/desk/cases/{small}").text
    for text in ("市から払うお金", "50,000", "100,000円の半分", "250,000"):
        assert text in page
    assert act(office.roads, small, "decide", amount="40000") == 422  # less takes a reason
    assert act(office.roads, small, "decide", amount="60000") == 422  # more than was asked for
    assert act(office.roads, small, "decide", amount="40000", reason="対象外の工事がありました。") == 303
    assert (payout_of(small).status, payout_of(small).amount) == ("decided", 40_000)
    assert act(office.roads, large, "decide", amount="100000") == 303
    assert payout_of(large).status == "confirming"
    waiting = office.roads.get(f"/desk/cases/{large}").text
    assert "110,000" in waiting, "the budget left is seen after the decision too"
    assert "決めた人とは別の人が確認します。" in waiting
    assert "交付の決定を確認する" not in waiting
    assert act(office.roads, large, "confirm") == 403  # whoever sends it all the same
    assert act(office.second, large, "confirm") == 303
    assert payout_of(large).status == "decided"

    hire(CITY, "accountant@example.jp", {"road-management": ["cashier"]})
    accountant = Browser(app).sign_in_at_desk("accountant@example.jp")
    assert office.clerk.get("/desk/payouts").status_code == 403
    budget = accountant.get("/desk/payouts").text
    assert [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r'<td class="numeric">(.*?)</td>', budget)[-3:]] == [
        "250,000円",
        "140,000円",
        "110,000円",
    ]
    assert accountant.post("/desk/payouts/consignor", CONSIGNOR).status_code == 303
    listed = accountant.get("/desk/payouts").text
    assert "40,000" in listed
    assert "140,000" in listed
    chosen = {
        "payouts": [str(payout_of(small).id), str(payout_of(large).id)],
        "transfer_on": str(today() + timedelta(days=3)),
    }
    made = accountant.post("/desk/payouts", chosen)
    assert made.status_code == 303
    assert accountant.post("/desk/payouts", chosen).status_code == 409  # each goes once
    accountant.get(made.location)
    content = accountant.get(f"{made.location}/file").data
    assert content == accountant.get(f"{made.location}/file").data
    assert b"0000040000" in content
    assert content.count(b"\r\n") == 5
    accountant.get(made.location)
    hire(CITY, "elsewhere@example.jp", {"environment": ["cashier"]})
    elsewhere = Browser(app).sign_in_at_desk("elsewhere@example.jp")
    assert elsewhere.get(f"{made.location}/file").status_code == 404
    assert "140,000" not in elsewhere.get("/desk/payouts").text
    results = accountant.post(made.location, {"payouts": [str(payout_of(large).id)]})
    assert results.status_code == 303
    assert "返戻" in accountant.get(made.location).text
    assert (payout_of(small).status, payout_of(large).status) == ("paid", "failed")
    assert act(office.roads, large, "retry") == 303
    assert payout_of(large).status == "decided"
    history = office.roads.get(f"/desk/cases/{small}?tab=history").text
    assert "振り込みました" in history


@pytest.mark.usefixtures("grant")
def test_nothing_is_decided_before_the_case_was_taken_in_or_while_it_is_corrected(office: Office) -> None:
    case_id = sent(100_000)
    page = office.roads.get(f"/desk/cases/{case_id}").text
    assert "先に受け付けてから、交付額を決めてください。" in page
    assert "交付額を決める</button>" not in page
    assert act(office.roads, case_id, "decide", amount="50000") == 409  # whoever sends it all the same
    clerk = Actor("staff", None, "試験 職員")
    with city_session(CITY) as session:
        apply_transition(session, case_id, "accept", clerk, roles=("clerk",))
        inputs = MoveInputs(note="工事費の内訳をつけてください。", fields=("cost",))
        apply_transition(session, case_id, "request_correction", clerk, roles=("clerk",), inputs=inputs)
    assert "申請した人の返事を待っています。" in office.roads.get(f"/desk/cases/{case_id}").text
    assert act(office.roads, case_id, "decide", amount="50000") == 409
    assert payout_of(case_id).status == "requested"


@pytest.mark.usefixtures("grant")
def test_what_was_typed_stays_where_a_decision_is_rejected(office: Office) -> None:
    case_id = applied(100_000)
    page = office.roads.get(f"/desk/cases/{case_id}").text
    assert 'value="50000"' in page, "what was asked for is what most decide"
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    path = f"/desk/cases/{case_id}/payouts/{payout_of(case_id).id}"
    rejected = office.roads.post(path, {"seen": seen, "act": "decide", "amount": "49999", "reason": " "})
    assert rejected.status_code == 422
    assert 'value="49999"' in rejected.text
    assert "減らす理由を書いてください" in rejected.text


@pytest.mark.usefixtures("grant")
def test_parallel_decisions_never_overdraw_the_budget(office: Office) -> None:
    with city_session(CITY) as session:
        taken = session.scalar(select(func.sum(Payout.amount)).where(Payout.budget_id.is_not(None))) or 0
    cases = [applied(160_000) for _ in range(6)]

    def decide(case_id: int) -> bool:
        with city_session(CITY) as session:
            case = lock_case(session, case_id)
            row = session.scalars(select(Payout).where(Payout.case_id == case_id)).one()
            actor = Actor("staff", office.roads_id, "試験 職員")
            staff = read_staff(session, office.roads_id)
            assert staff is not None
            decide_payout(session, case, row.id, amount=80_000, reason="", actor=actor, staff=staff)
            return True

    def tried(case_id: int) -> bool:
        try:
            return decide(case_id)
        except Conflict:
            return False

    with ThreadPoolExecutor(6) as pool:
        decided = sum(pool.map(tried, cases))
    assert decided == (250_000 - taken) // 80_000
    with city_session(CITY) as session:
        assert session.scalar(select(func.sum(Payout.amount)).where(Payout.budget_id.is_not(None))) <= 250_000
        assert session.scalar(select(func.count()).select_from(Case).where(Case.procedure_key == "fence-grant"))
