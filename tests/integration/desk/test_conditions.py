"""A permit with conditions: they stand on the applicant's page, in the mails, at the desk, and nowhere before it is decided."""

import html

import pytest

from portal.cases import decisions
from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.queries import history
from portal.cases.standard_words import conditions_of
from portal.core.database import city_session
from portal.core.events import Actor
from portal.identity.resident_accounts import sign_in_account
from tests.integration.desk.acting import act, decision_shown, minute_passes
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import unshared_occupancy
from tests.kit.browser import Browser
from tests.kit.city import begin, send
from tests.kit.letters import letters

EMAIL = "conditions@example.jp"
WAY, END = "通路を1.5メートル以上あけること。", "終わったら元に戻すこと。"


@pytest.fixture
def case_id(office: Office) -> int:
    """An application that can be decided."""
    with city_session(CITY) as session:
        owner = sign_in_account(session, EMAIL, "ja")
        case = send(session, begin(session, "road-occupancy", unshared_occupancy(), owner))
        for move, inputs in (
            ("accept", MoveInputs()),
            ("skip_site_check", MoveInputs(internal_note="写真で見ました。")),
        ):
            apply_transition(
                session, case.id, move, Actor("staff", office.roads_id), roles=("clerk", "decider"), inputs=inputs
            )
        return case.id


def test_conditions_reach_the_applicant_with_the_decision(office: Office, case_id: int, held: None) -> None:
    lines = f"{WAY}\r\n\r\n  {END}  \r\n{{number}}の看板を出すこと。"
    assert act(office.roads, case_id, "approve", conditions=lines).status_code == 303
    with city_session(CITY) as session:
        case = session.get_one(Case, case_id)
        address, number = f"/me/cases/{case.public_id}", case.number
        assert conditions_of(case) == []
    resident = Browser(office.roads.client.application, CITY, "192.0.2.91").sign_in(EMAIL)
    assert WAY not in resident.get(address).text
    minute_passes(case_id, office.roads)
    kept = [WAY, END, f"{number}の看板を出すこと。"]
    with city_session(CITY) as session:
        case = session.get_one(Case, case_id)
        assert conditions_of(case) == kept
        approved = next(event for event in history(session, case_id) if event.name == "case.approved")
        assert approved.data["conditions"] == 3
    for page in (resident.get(address), office.roads.get(f"/desk/cases/{case_id}")):
        assert all(f"<li>{condition}</li>" in html.unescape(page.text) for condition in kept)
    assert f"1. {WAY}\n2. {END}\n" in letters(CITY, "payment_request", case_id)[-1].body


def test_conditions_that_cannot_be_kept_are_refused_and_stay_in_the_form(office: Office, case_id: int) -> None:
    for wrong, told in (
        ("{nomber}を守ること。", "「nomber」は、差し込みの名前ではありません"),
        ("長" * 501, "1つの条件は500文字までにしてください"),
        ("\n".join(["守ること。"] * 31), "条件は30個までにしてください"),
    ):
        page = act(office.roads, case_id, "approve", conditions=wrong)
        assert page.status_code == 422
        shown = html.unescape(page.text)
        assert told in shown
        assert wrong in shown
    with city_session(CITY) as session:
        assert session.get_one(Case, case_id).state == "site_check_done"


def test_a_decision_that_is_taken_back_keeps_its_conditions_in_the_form(
    office: Office, case_id: int, held: None
) -> None:
    act(office.roads, case_id, "approve", conditions=f"{WAY}\n{END}")
    form = {"decision": decision_shown(office.roads, case_id)}
    page = office.roads.post(f"/desk/cases/{case_id}/decision/take-back", form)
    assert f"{WAY}\n{END}" in page.text
    with city_session(CITY) as session:
        assert decisions.decision_on(session, session.get_one(Case, case_id)) is None


def test_what_cannot_have_conditions_takes_none(office: Office, case_id: int) -> None:
    page = html.unescape(office.roads.get(f"/desk/cases/{case_id}").text)
    dialog = page[page.index('id="move-refuse"') :].partition("</dialog>")[0]
    assert 'name="conditions"' not in dialog
    assert act(office.roads, case_id, "refuse", note="認められません。", conditions=WAY).status_code == 303
    with city_session(CITY) as session:
        assert conditions_of(session.get_one(Case, case_id)) == []
