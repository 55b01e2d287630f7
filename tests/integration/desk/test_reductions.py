"""The office decides a reduction in the drawer, with the proof beside it."""

from portal.cases.models import Case
from portal.cli.installing import install
from portal.core.database import city_session
from tests.integration.desk.conftest import CITY, Office
from tests.kit.city import begin, send

SIGNS = """
procedure: sign-fee
kind: permit
title: {ja: 看板の許可}
department: road-management
steps:
  - id: who
    title: {ja: 申請する方}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: asks, type: yes_no, label: {ja: 減免を申し出ますか}}
      - {id: proof, type: file, label: {ja: 減免の理由がわかる書類}, show_when: asks}
fee:
  - {id: sign, label: {ja: 許可手数料}, amount: 3000, when: approved, reduction: {label: {ja: 自治会の看板}, when: asks, amount: 1000, proof: proof}}
workflow: {preset: permit}
"""


def test_the_decision_is_taken_beside_the_proof(office: Office) -> None:
    with city_session(CITY) as session:
        install(session, SIGNS, None)
        draft = begin(session, "sign-fee", {"name": {"family": "佐藤"}, "asks": True, "proof": True})
        case_id = send(session, draft).id
    page = office.roads.get(f"/desk/cases/{case_id}").text
    for text in ("減免を申請中", "自治会の看板", "3,000", "1,000", "写真.png"):
        assert text in page
    seen = page.partition('name="line" value="0"><input type="hidden" name="seen" value="')[2].partition('"')[0]
    denied = office.roads.post(f"/desk/cases/{case_id}/reductions", {"line": "0", "seen": seen, "decision": "deny"})
    assert denied.status_code == 422
    assert "認めない理由" in denied.text
    office.roads.post(f"/desk/cases/{case_id}/reductions", {"line": "0", "seen": seen, "decision": "grant"})
    with city_session(CITY) as session:
        assert session.get_one(Case, case_id).fee["due"] == {"submission": 0, "approved": 1000}
    assert "減免を認めました" in office.roads.get(f"/desk/cases/{case_id}").text
