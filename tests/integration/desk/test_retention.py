"""Keeping a case longer, in the browser of the desk."""

import pytest

from portal.cases.models import Case
from portal.core.database import city_session
from portal.identity.models import Department
from tests.integration.desk.conftest import CITY, Office


@pytest.fixture
def address(office: Office) -> str:
    return f"/desk/cases/{office.permit}"


def test_a_decider_keeps_a_case_longer_and_ends_that_with_reasons(office: Office, address: str) -> None:
    page = office.roads.get(f"{address}?tab=history").text
    assert "翌年度から5年保存し" in page
    empty = office.roads.post(f"{address}/hold", {"act": "place", "reason": " "})
    assert (empty.status_code, "理由を書いてください。" in empty.text) == (422, True)
    assert office.roads.post(f"{address}/hold", {"act": "place", "reason": "情報公開請求のため"}).status_code == 303
    page = office.roads.get(f"{address}?tab=history").text
    assert "保存を延長しています" in page
    assert "情報公開請求のため" in page
    assert "保存を延長しました" in page
    again = office.roads.post(f"{address}/hold", {"act": "place", "reason": "もう一度、書いた理由"})
    assert again.status_code == 409
    assert "もう一度、書いた理由" in again.text, "what was typed is still there"
    assert office.roads.post(f"{address}/hold", {"act": "lift", "reason": "終わったため"}).status_code == 303
    assert "保存を延長しています" not in office.roads.get(f"{address}?tab=history").text


def test_only_who_may_and_only_in_their_office(office: Office, address: str) -> None:
    page = office.clerk.get(f"{address}?tab=history").text
    assert "保存期間" in page
    assert "保存を延長する" not in page
    assert office.clerk.post(f"{address}/hold", {"act": "place", "reason": "x"}).status_code == 403
    office.citizens.get("/desk")
    assert office.citizens.post(f"{address}/hold", {"act": "place", "reason": "x"}).status_code == 404
    office.roads.get(address)
    assert office.roads.post(f"{address}/hold", {"act": "other", "reason": "x"}).status_code == 403
    with city_session(CITY) as session:
        assert session.get_one(Case, office.permit).erased_at is None
        assert session.get_one(Department, session.get_one(Case, office.permit).department_id)
