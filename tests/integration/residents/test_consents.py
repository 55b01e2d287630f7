"""Consent of others by link: the application waits, each is asked by e-mail, proves the address, and agrees or refuses."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from forms import load
from portal.cases.consent_models import CaseConsent
from portal.cases.consents import remind_and_expire
from portal.cases.models import Case
from portal.cases.moves import apply_transition
from portal.cases.retention import _CONTENT
from portal.cli.installing import install
from portal.core.clock import now
from portal.core.database import city_session
from portal.core.events import SYSTEM
from portal.notifications.encrypted_email import Email
from portal.payments import payments_of_case
from tests.integration.residents.conftest import CITY
from tests.kit.browser import Browser
from tests.kit.city import hire
from tests.kit.letters import letters

FENCE = """
procedure: fence-notice
kind: notification
title: {ja: 足場の届出}
department: road-management
assurance: none
steps:
  - id: who
    title: {ja: 届け出る方}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: email, type: email, item: person.email}
      - {id: secret, type: text, label: {ja: ひみつの答え}}
      - {id: days, type: integer, label: {ja: 日数}}
  - id: around
    title: {ja: 隣の方}
    fields:
      - id: neighbours
        type: group
        label: {ja: 隣の方}
        fields:
          - {id: neighbour, type: person_name, label: {ja: 氏名}}
          - {id: neighbour_email, type: email, label: {ja: メールアドレス}}
consents:
  - id: neighbours
    title: {ja: 隣の方の同意}
    text: {ja: 足場を立てることに同意します。}
    each: neighbours
    name: neighbour
    email: neighbour_email
    shows: [days]
    signature: true
    before: submission
fee:
  - {id: notice, label: {ja: 手数料}, amount: 300}
workflow: {preset: notification}
"""
_FEE = "fee:\n  - {id: notice, label: {ja: 手数料}, amount: 300}\n"
assert _FEE in FENCE
FIRST, SECOND = "tonari@example.jp", "mukai@example.jp"
ANSWERS: dict[str, Any] = {
    "name": {"family": "佐藤", "given": "美咲"},
    "email": "misaki@example.jp",
    "secret": "だれにも見せない",
    "days": 12,
    "neighbours": [
        {"neighbour": {"family": "鈴木"}, "neighbour_email": FIRST},
        {"neighbour": {"family": "高橋"}, "neighbour_email": SECOND},
    ],
}


@pytest.fixture
def sent(browser: Browser) -> str:
    """The public id of an application whose neighbours were asked."""
    with city_session(CITY) as session:
        install(session, FENCE, None)
    review = browser.fill(browser.start("fence-notice"), load(FENCE), ANSWERS)
    assert FIRST in browser.get(review).text
    return browser.agree(review).location.rpartition("/")[2]


def mails_to(address: str) -> list[Email]:
    return [mail for mail in letters(CITY) if mail.to == address]


def link_to(address: str) -> str:
    """The path of the link in the newest mail to somebody."""
    paths = [path for mail in mails_to(address) for path in re.findall(r"/consent/[\w-]+", mail.body)]
    return paths[-1]


def proved(browser: Browser, address: str) -> tuple[str, str, str]:
    """Open the link and enter the mailed code: the path, what proves the address now, and the page that follows."""
    path = link_to(address)
    assert "日数" not in browser.get(path).text
    browser.post(f"{path}/code")
    code = re.search(r"\b\d{6}\b", mails_to(address)[-1].body)
    assert code
    wrong = browser.post(f"{path}/open", {"code": "000000" if code[0] != "000000" else "111111"})
    assert wrong.status_code == 422
    page = browser.post(f"{path}/open", {"code": code[0]}).text
    proof = re.search(r'name="proof"[^>]* value="([^"]+)"', page)
    assert proof
    return path, proof[1], page


def decide(browser: Browser, address: str, **answer: str) -> str:
    """Answer with what the link and the code give; the page that follows."""
    path, proof, page = proved(browser, address)
    assert "足場を立てることに同意します。" in page
    assert "日数" in page
    assert "だれにも見せない" not in page
    missing = browser.post(path, {"proof": proof, "decision": answer["decision"]})
    assert missing.status_code == 422
    return browser.post(path, {"proof": proof, **answer}).text


def case_of(public_id: str) -> Case:
    with city_session(CITY) as session:
        case = session.scalars(select(Case).where(Case.public_id == public_id)).one()
        session.expunge(case)
        return case


def test_the_office_gets_it_when_all_have_agreed(browser: Browser, other_browser: Browser, sent: str) -> None:
    assert case_of(sent).state == "awaiting_consents"
    assert "同意待ち 2人中0人" in browser.get(f"/me/cases/{sent}").text
    assert "同意しました" in decide(other_browser, FIRST, decision="agree", signature="鈴木 一郎")
    assert "同意待ち 2人中1人" in browser.get(f"/me/cases/{sent}").text
    with city_session(CITY) as session:
        assert payments_of_case(session, case_of(sent).id) == []
    decide(other_browser, SECOND, decision="agree", signature="高橋")
    assert case_of(sent).state == "awaiting_fee"
    with city_session(CITY) as session:
        (payment,) = payments_of_case(session, case_of(sent).id)
        assert payment.amount == 300


def test_a_refusal_is_told_and_another_address_can_be_asked(
    browser: Browser, other_browser: Browser, sent: str
) -> None:
    former = link_to(SECOND)
    decide(other_browser, SECOND, decision="refuse", reason="日当たりが悪くなるから")
    page = browser.get(f"/me/cases/{sent}").text
    assert "日当たりが悪くなるから" in page
    assert "同意をもらえませんでした" in mails_to("misaki@example.jp")[-1].subject
    action = re.findall(rf"/me/cases/{sent}/consents/\d+", page)[-1]
    assert browser.post(action, {"email": "new@example.jp"}).status_code == 303
    assert other_browser.get(former).status_code == 404
    assert "同意しました" in decide(other_browser, "new@example.jp", decision="agree", signature="高橋")


def test_nothing_is_kept_by_which_a_link_could_be_made(other_browser: Browser, sent: str) -> None:
    path = link_to(FIRST)
    with city_session(CITY) as session:
        rows = session.execute(select(CaseConsent.__table__)).all()
    assert all(path.rpartition("/")[2] not in str(row) for row in rows)
    assert other_browser.get(path[:-1] + ("a" if path[-1] != "a" else "b")).status_code == 404
    assert CaseConsent in _CONTENT
    other_browser.get(path)
    assert other_browser.post(path, {"proof": "guess", "decision": "agree", "signature": "x"}).status_code == 409
    assert case_of(sent).state == "awaiting_consents"


def test_who_does_not_answer_is_reminded_once_and_then_no_longer_waited_for(browser: Browser, sent: str) -> None:
    case_id = case_of(sent).id
    with city_session(CITY) as session:
        for row in session.scalars(select(CaseConsent).where(CaseConsent.case_id == case_id)):
            row.expires_at = now() + (row.expires_at - row.asked_at) / 14
    for _again in range(2):
        with city_session(CITY) as session:
            remind_and_expire(session)
    assert [mail.subject for mail in mails_to(FIRST)][-1].startswith("同意の返事をお待ちしています")
    assert sum("お待ちしています" in mail.subject for mail in mails_to(FIRST)) == 1
    with city_session(CITY) as session:
        for row in session.scalars(select(CaseConsent).where(CaseConsent.case_id == case_id)):
            row.expires_at = now()
    with city_session(CITY) as session:
        remind_and_expire(session)
    assert "返事の期限が過ぎました" in browser.get(f"/me/cases/{sent}").text
    assert case_of(sent).state == "awaiting_consents"


def status_of(public_id: str, address: str) -> str:
    with city_session(CITY) as session:
        rows = session.scalars(select(CaseConsent).where(CaseConsent.case_id == case_of(public_id).id))
        return next(row.status for row in rows if row.content["email"] == address)


def test_a_signature_may_be_drawn_and_is_shown_to_the_office(other_browser: Browser, sent: str) -> None:
    path, proof, page = proved(other_browser, FIRST)
    assert "data-signature-pad" in page
    answer = {"proof": proof, "decision": "agree", "signature": "鈴木 一郎"}
    for wrong in ("[[[0,0],[1]]]", "[[[0,0],[2000,1]]]", "no strokes"):
        refused = other_browser.post(path, answer | {"strokes": wrong})
        assert (refused.status_code, "鈴木 一郎" in refused.text) == (422, True)
    assert "同意しました" in other_browser.post(path, answer | {"strokes": "[[[10,20],[30.5,40]]]"}).text
    hire(CITY, "signed@example.jp", {"road-management": ["clerk"]})
    clerk = Browser(other_browser.client.application).sign_in_at_desk("signed@example.jp")
    drawer = clerk.get(f"/desk/cases/{case_of(sent).id}").text
    assert '<polyline points="10,20 30.5,40"/>' in drawer
    assert 'aria-label="手書きの署名"' in drawer


def test_who_agreed_may_take_it_back_until_the_application_is_decided(
    browser: Browser, other_browser: Browser, sent: str
) -> None:
    for address, name in ((FIRST, "鈴木"), (SECOND, "高橋")):
        decide(other_browser, address, decision="agree", signature=name)
    assert case_of(sent).state == "awaiting_fee"
    path = link_to(SECOND)
    assert "同意を取り消す" in other_browser.get(path).text
    stolen = other_browser.post(f"{path}/revoke", {"proof": "guess", "reason": ""})
    assert (stolen.status_code, status_of(sent, SECOND)) == (409, "agreed")
    path, proof, page = proved(other_browser, SECOND)
    assert "同意を取り消しますか" in page
    taken = other_browser.post(f"{path}/revoke", {"proof": proof, "reason": "事情が変わったから"})
    assert "同意を取り消しました" in taken.text
    again = other_browser.post(f"{path}/revoke", {"proof": proof, "reason": ""})
    assert (again.status_code, status_of(sent, SECOND)) == (200, "revoked")
    # a fee is asked for already: it stays where it is, the office sees it unread, and the applicant is told and can ask again
    case = case_of(sent)
    assert (case.state, case.unread) == ("awaiting_fee", True)
    assert "同意が取り消されました" in mails_to("misaki@example.jp")[-1].subject
    page = browser.get(f"/me/cases/{sent}").text
    assert "同意を取り消しました" in page
    assert "事情が変わったから" in page
    action = re.findall(rf"/me/cases/{sent}/consents/\d+", page)[-1]
    assert browser.post(action, {"email": ""}).status_code == 303
    assert "同意しました" in decide(other_browser, SECOND, decision="agree", signature="高橋")


def test_a_case_without_a_fee_waits_for_consents_again(browser: Browser, other_browser: Browser) -> None:
    free = FENCE.replace("fence-notice", "fence-free").replace(_FEE, "")
    with city_session(CITY) as session:
        install(session, free, None)
    review = browser.fill(browser.start("fence-free"), load(free), ANSWERS)
    public_id = browser.agree(review).location.rpartition("/")[2]
    for address in (FIRST, SECOND):
        decide(other_browser, address, decision="agree", signature="隣の人")
    assert case_of(public_id).state == "received"
    path, proof, _page = proved(other_browser, FIRST)
    other_browser.post(f"{path}/revoke", {"proof": proof, "reason": ""})
    assert case_of(public_id).state == "awaiting_consents"
    page = browser.get(f"/me/cases/{public_id}").text
    assert "同意待ち 2人中1人" in page
    browser.post(re.findall(rf"/me/cases/{public_id}/consents/\d+", page)[0], {"email": ""})
    decide(other_browser, FIRST, decision="agree", signature="隣の人")
    assert case_of(public_id).state == "received"
    # once it is decided nobody takes anything back
    for move in ("accept", "complete"):
        with city_session(CITY) as session:
            apply_transition(session, case_of(public_id).id, move, SYSTEM, roles=("clerk", "decider"))
    path = link_to(SECOND)
    assert "同意を取り消す" not in other_browser.get(path).text
    assert other_browser.post(f"{path}/revoke", {"proof": "x", "reason": ""}).status_code == 409
    assert status_of(public_id, SECOND) == "agreed"
