"""A permit for a part of what was asked for: fewer days, with the reason for the rest; the fee and the page follow, and so does its correction."""

import html
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.cases.models import Case, CasePlace
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.queries import former_decisions, history
from portal.core.database import city_session
from portal.core.events import Actor
from portal.identity.resident_accounts import sign_in_account
from portal.payments import payments_of_case
from tests.integration.desk.acting import act, decision_shown, minute_passes
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import unshared_occupancy
from tests.kit.browser import Browser
from tests.kit.city import begin, send
from tests.kit.letters import letters

EMAIL = "partial-grants@example.jp"
WHY = "後半は下水道の工事があります。"


@dataclass(frozen=True)
class Application:
    """An application under review: its period, and the yen of all of it."""

    id: int
    address: str
    first: date
    last: date
    fee: int

    def part(self, days: int = 20) -> dict[str, str]:
        """What the form sends for so many days from the first on."""
        until = self.first + timedelta(days=days - 1)
        return {
            "partly": "y",
            "granted-period-start": str(self.first),
            "granted-period-end": str(until),
            "not_granted": WHY,
        }


@pytest.fixture
def application(office: Office) -> Application:
    """An application for 41 days, which are two months of the fee."""
    answers = unshared_occupancy()
    with city_session(CITY) as session:
        owner = sign_in_account(session, EMAIL, "ja")
        case = send(session, begin(session, "road-occupancy", answers, owner))
        for move, inputs in (
            ("accept", MoveInputs()),
            ("skip_site_check", MoveInputs(internal_note="写真で見ました。")),
        ):
            actor = Actor("staff", office.roads_id)
            apply_transition(session, case.id, move, actor, roles=("clerk", "decider"), inputs=inputs)
        first, last = (date.fromisoformat(answers["period"][part]) for part in ("start", "end"))
        return Application(case.id, f"/me/cases/{case.public_id}", first, last, case.fee["due"]["approved"])


def resident(office: Office) -> Browser:
    """The applicant, signed in."""
    return Browser(office.roads.client.application, CITY, "192.0.2.93").sign_in(EMAIL)


def test_fewer_days_are_granted_and_the_fee_is_theirs(office: Office, application: Application) -> None:
    assert act(office.roads, application.id, "approve", **application.part()).status_code == 303
    until = application.first + timedelta(days=19)
    with city_session(CITY) as session:
        case = session.get_one(Case, application.id)
        assert case.state == "awaiting_payment"
        assert case.answers["period"]["end"] == str(application.last)  # what was asked for stays as it was sent
        assert (case.starts_on, case.ends_on) == (application.first, until)
        places = session.scalars(select(CasePlace).where(CasePlace.case_id == case.id)).all()
        assert {place.ends_on for place in places} == {until}
        [due] = [payment.amount for payment in payments_of_case(session, case.id) if payment.is_payable]
        assert 0 < due == case.fee["due"]["approved"] < application.fee
        approved = next(event for event in history(session, case.id) if event.name == "case.approved")
        assert approved.data["parts"] == 1
    page = html.unescape(resident(office).get(application.address).text)
    assert "認められた範囲" in page
    assert WHY in page
    assert "審査請求をすることができます" in page
    letter = letters(CITY, "payment_request", application.id)[-1].body
    assert "一部は、認められませんでした" in letter
    assert WHY not in letter
    assert WHY in office.roads.get(f"/desk/cases/{application.id}").text


def test_a_part_says_why_the_rest_is_not_granted_and_lies_within_what_was_asked_for(
    office: Office, application: Application
) -> None:
    longer = application.part() | {"granted-period-end": str(application.last + timedelta(days=1))}
    for changed, told in (
        (application.part() | {"not_granted": " "}, "認めない部分の理由を書いてください"),
        (longer, "申請された期間の中で"),
        (application.part() | {"granted-period-end": "いつか"}, "日付で入力してください"),
        (application.part() | {"granted-period-end": str(application.last)}, "認めない部分を選ぶか"),
    ):
        answer = act(office.roads, application.id, "approve", **changed)
        assert answer.status_code == 422
        assert told in html.unescape(answer.text)
        assert changed["granted-period-end"] in answer.text  # nothing typed is lost
    with city_session(CITY) as session:
        case = session.get_one(Case, application.id)
        assert (case.granted, case.state) == (None, "site_check_done")


def test_days_that_were_typed_without_saying_that_only_a_part_is_granted_change_nothing(
    office: Office, application: Application
) -> None:
    whole = {key: text for key, text in application.part().items() if key != "partly"}
    assert act(office.roads, application.id, "approve", **whole).status_code == 303
    with city_session(CITY) as session:
        case = session.get_one(Case, application.id)
        assert (case.granted, case.fee["due"]["approved"]) == (None, application.fee)


def test_a_part_that_was_taken_back_stands_in_its_form_again(
    office: Office, application: Application, held: None
) -> None:
    act(office.roads, application.id, "approve", **application.part())
    form = {"decision": decision_shown(office.roads, application.id)}
    page = office.roads.post(f"/desk/cases/{application.id}/decision/take-back", form).text
    dialog = page[page.index('id="move-approve"') :].partition("</dialog>")[0]
    assert 'name="partly" value="y" checked' in dialog
    assert f'value="{application.part()["granted-period-end"]}"' in dialog
    assert WHY in dialog
    act(office.roads, application.id, "approve", **application.part())
    minute_passes(application.id, office.roads)
    with city_session(CITY) as session:
        assert session.get_one(Case, application.id).granted is not None


def test_what_was_granted_in_part_is_granted_whole_by_a_correction(office: Office, application: Application) -> None:
    act(office.roads, application.id, "approve", **application.part())
    with city_session(CITY) as session:
        apply_transition(session, application.id, "pay", Actor("system"), roles=("system",))
    page = office.roads.get(f"/desk/cases/{application.id}").text
    dialog = page[page.index('id="move-correct"') :].partition("</dialog>")[0]
    assert 'name="partly" value="y" checked' in dialog  # a correction begins with what was decided
    assert f'value="{application.part()["granted-period-end"]}"' in dialog
    assert act(office.roads, application.id, "correct", note="工事がなくなりました。").status_code == 303
    with city_session(CITY) as session:
        case = session.get_one(Case, application.id)
        assert (case.granted, case.ends_on) == (None, application.last)
        [former] = former_decisions(session, case)
        assert former.granted is not None
        assert case.fee["due"]["approved"] == application.fee
    assert WHY in html.unescape(office.roads.get(f"/desk/cases/{application.id}?tab=history").text)
