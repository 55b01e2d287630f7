"""An application of a company through its agent: by which name it goes, how it is found, and whom the office writes to."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forms import load
from portal.cases import contact_address
from portal.cases.models import Case
from portal.cases.parties import applicant_from_items, item_answers
from portal.cli.installing import install
from portal.core.database import city_session
from tests.integration.desk.conftest import CITY, Office
from tests.kit.browser import Browser

SIGN = """
procedure: sign-notice
kind: notification
title: {ja: 看板の届出}
department: road-management
assurance: none
steps:
  - id: who
    title: {ja: 届け出る方}
    fields:
      - {id: applicant, type: applicant, item: applicant}
      - {id: agent, type: proxy, item: proxy}
  - id: what
    title: {ja: 看板}
    fields:
      - {id: mandated, type: yes_no, label: {ja: 委任状を持っていますか}, show_when: agent.is_voluntary && applicant.is_organization}
      - {id: count, type: integer, label: {ja: 枚数}}
workflow: {preset: notification}
"""
ADDRESS = {"prefecture": "東京都", "city": "日野市", "town": "神明", "block": "1-12-1"}
ANSWERS: dict[str, Any] = {
    "applicant": {
        "kind": "organization",
        "organization_name": "見本建設株式会社",
        "organization_kana": "ミホンケンセツ",
        "corporate_number": "7000012050002",
        "representative_title": "代表取締役",
        "representative": {"family": "見本", "given": "花子"},
        "address": ADDRESS,
        "phone": "+81425851111",
        "email": "company@example.jp",
    },
    "agent": {
        "kind": "voluntary",
        "name": {"family": "田中", "given": "一郎"},
        "kana": {"family": "タナカ", "given": "イチロウ"},
        "relation": "行政書士",
        "office": "田中行政書士事務所",
        "address": ADDRESS,
        "phone": "+819012345678",
        "email": "agent@example.jp",
    },
    "mandated": True,
    "count": 2,
}


@pytest.fixture
def sent(office: Office, app: Flask) -> None:
    """An application made without scripts: the kind first, then what it asks for."""
    with city_session(CITY) as session:
        install(session, SIGN, None)
    browser = Browser(app)
    address = browser.start("sign-notice")
    refused = browser.post(address, {"applicant.kind": "organization", "agent.kind": "voluntary"})
    assert refused.status_code == 422
    assert 'name="applicant.organization_name"' in refused.text
    assert 'name="applicant.kana.family"' not in refused.text
    assert "代理人の氏名" in refused.text
    review = browser.fill(address, load(SIGN), ANSWERS)
    assert "法人・団体の名前：見本建設株式会社" in browser.get(review).text
    assert browser.agree(review).status_code == 303


@pytest.mark.usefixtures("sent")
def test_the_office_sees_who_applies_and_who_acts(office: Office) -> None:
    with city_session(CITY) as session:
        case = session.scalars(select(Case).where(Case.procedure_key == "sign-notice")).one()
        assert case.applicant_name == "見本建設株式会社"
        assert contact_address(session, case) == "agent@example.jp"
        page = office.roads.get(f"/desk/cases/{case.id}").text
    for text in ("代表取締役 見本 花子", "任意代理人", "田中 一郎(行政書士)", "090-1234-5678"):
        assert text in page
    for query in ("見本建設", "7000012050002", "田中行政書士"):
        assert "見本建設株式会社" in office.roads.get(f"/desk?q={query}").text


def test_a_person_is_filled_in_from_the_profile(office: Office) -> None:
    field = load(SIGN).fields["applicant"]
    answers = {
        item: answer for _part, item, answer in item_answers(field, {"kind": "person", "phone": "+819012345678"})
    }
    assert answers == {"person.phone": "+819012345678"}
    whole = {
        "person.name": {"family": "佐藤"},
        "person.kana": {"family": "サトウ"},
        "person.address": ADDRESS,
    } | answers
    assert applicant_from_items(field, whole)["phone"] == "+819012345678"  # type: ignore[arg-type] # an applicant
    assert applicant_from_items(field, answers) is None  # type: ignore[arg-type] # an applicant
