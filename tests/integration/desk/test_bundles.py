"""At the desk a case shows those it was sent with, by name and state; a corrected shared answer is taken over or declined."""

import re

import pytest

from portal.cases import change_offers, drafts
from portal.cases.bundles import members_of, start_bundle
from portal.cases.bundles.submission import submit_bundle
from portal.cases.corrections import answer_correction
from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition
from portal.cli.installing import install
from portal.core.database import city_session
from portal.core.events import Actor
from portal.identity.resident_accounts import sign_in_account
from portal.procedures import definition_of, queries
from tests.integration.desk.conftest import CITY, Office

PROCEDURE = """
procedure: {key}
kind: notification
title: {{ja: {title}}}
department: {department}
steps:
  - id: who
    title: {{ja: 届け出る方}}
    fields:
      - {{id: name, type: person_name, item: person.name}}
      - {{id: phone, type: phone, item: person.phone, label: {{ja: 電話番号}}}}
{more}workflow: {{preset: permit}}
"""
FIRST, SECOND, LAST = "test-sign", "test-family", "test-after"
SENT = {"name": {"family": "佐藤", "given": "美咲"}, "phone": "+819012345678"}


@pytest.fixture(scope="module")
def sent(office: Office) -> tuple[int, int]:
    """A case of the roads office and one of another, sent together; a third waits. The second was corrected."""
    with city_session(CITY) as session:
        for key, title, department, more in (
            (FIRST, "試験用の看板", "road-management", ""),
            (SECOND, "試験用の家族", "environment", ""),
            (LAST, "試験用の続き", "environment", f"routing: {{after: [{FIRST}]}}\n"),
        ):
            install(session, PROCEDURE.format(key=key, title=title, department=department, more=more), None)
        account_id = sign_in_account(session, "sisters@example.jp", "ja")
        offers = [queries.offer(session, key) for key in (FIRST, SECOND, LAST)]
        bundle = start_bundle(session, offers, account_id=account_id, language="ja")
        for member in members_of(session, bundle):
            drafts.save_answers(session, member.draft, member.definition, SENT)
        first, second = submit_bundle(session, bundle)
        inputs = MoveInputs(note="番号が違います。", fields=("phone",))
        apply_transition(
            session, second.id, "request_correction", Actor("staff", None), roles=("clerk",), inputs=inputs
        )
        definition = definition_of(session, second.version_id)
        answer_correction(
            session, second, definition, SENT | {"phone": "+819087654321"}, Actor("applicant", account_id)
        )
        change_offers.offer_changes(session, second.id, 1, first.id)
        return first.id, second.id


def test_the_others_are_shown_by_name_and_state_and_opened_only_by_their_own_office(
    office: Office, sent: tuple[int, int]
) -> None:
    first, second = sent
    page = office.roads.get(f"/desk/cases/{first}").text
    assert "一緒に送られた案件" in page
    assert "試験用の家族" in page
    assert "試験用の続き" in page
    assert "順番待ち" in page
    assert f"/desk/cases/{second}" not in page
    assert office.roads.get(f"/desk/cases/{second}").status_code == 404


def test_a_change_is_declined_with_a_reason_or_taken_over_once(office: Office, sent: tuple[int, int]) -> None:
    first, _second = sent
    page = office.roads.get(f"/desk/cases/{first}").text
    assert "直された内容があります" in page
    assert "090-8765-4321" in page
    [offer] = re.findall(r'name="offer" value="(\d+)"><input type="hidden" name="seen" value="([^"]+)"', page)
    form = {"offer": offer[0], "seen": offer[1]}
    declined = office.roads.post(f"/desk/cases/{first}/changes", form | {"decision": "decline"})
    assert declined.status_code == 422
    assert "入れない理由を" in declined.text
    odd = office.roads.post(f"/desk/cases/{first}/changes", form | {"offer": "x", "decision": "accept"})
    assert odd.status_code == 409
    assert office.roads.post(f"/desk/cases/{first}/changes", form | {"decision": "accept"}).status_code == 303
    page = office.roads.get(f"/desk/cases/{first}").text
    assert "直された内容があります" not in page
    assert "090-8765-4321" in page
    assert office.roads.post(f"/desk/cases/{first}/changes", form | {"decision": "accept"}).status_code == 409
    with city_session(CITY) as session:
        assert session.get_one(Case, first).state == "received"
