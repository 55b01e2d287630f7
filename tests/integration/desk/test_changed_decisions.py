"""A decision that was told is corrected or revoked, and an application ended on its applicant's word: what stays, what follows, who learns of it."""

import html
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.queries import former_decisions, history
from portal.cases.standard_words import conditions_of
from portal.core.database import city_session
from portal.core.events import Actor
from portal.identity.resident_accounts import sign_in_account
from portal.payments import payments_of_case
from tests.integration.desk.acting import act, state_of, version_shown
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import unshared_occupancy
from tests.kit.browser import Browser
from tests.kit.city import begin, send
from tests.kit.letters import letters

EMAIL = "changed-decisions@example.jp"
WAY, END = "通路を1.5メートル以上あけること。", "終わったら元に戻すこと。"
WHY = "期間の読みまちがいが見つかりました。"


@dataclass(frozen=True)
class Told:
    """A case whose decision the applicant knows."""

    id: int
    address: str


@pytest.fixture
def sent(office: Office) -> Told:
    """An application under review."""
    with city_session(CITY) as session:
        owner = sign_in_account(session, EMAIL, "ja")
        case = send(session, begin(session, "road-occupancy", unshared_occupancy(), owner))
        for move, inputs in (
            ("accept", MoveInputs()),
            ("skip_site_check", MoveInputs(internal_note="写真で見ました。")),
        ):
            _take(session, office, case.id, move, inputs)
        return Told(case.id, f"/me/cases/{case.public_id}")


@pytest.fixture
def permitted(office: Office, sent: Told) -> Told:
    """One that was permitted with a condition, and paid."""
    with city_session(CITY) as session:
        _take(session, office, sent.id, "approve", MoveInputs(conditions=(WAY,)))
        apply_transition(session, sent.id, "pay", Actor("system"), roles=("system",))
    return sent


@pytest.fixture
def refused(office: Office, sent: Told) -> Told:
    """One that was refused."""
    with city_session(CITY) as session:
        _take(session, office, sent.id, "refuse", MoveInputs(note="通路が狭くなります。"))
    return sent


def _take(session: Session, office: Office, case_id: int, move: str, inputs: MoveInputs) -> None:
    actor = Actor("staff", office.roads_id)
    apply_transition(session, case_id, move, actor, roles=("clerk", "decider", "inspector"), inputs=inputs)


def resident(office: Office) -> Browser:
    """The applicant, signed in."""
    return Browser(office.roads.client.application, CITY, "192.0.2.92").sign_in(EMAIL)


def test_a_permit_is_corrected_and_the_former_stays_beside_it(office: Office, permitted: Told) -> None:
    page = resident(office).get(permitted.address).text
    assert "審査請求をすることができます" in page  # a condition burdens whom it permits
    begun = office.roads.get(f"/desk/cases/{permitted.id}").text
    assert WAY in begun[begun.index('id="move-correct"') :].partition("</dialog>")[0]  # it begins with what was decided
    assert act(office.roads, permitted.id, "correct", note=WHY, conditions=END).status_code == 303
    with city_session(CITY) as session:
        case = session.get_one(Case, permitted.id)
        assert (case.state, conditions_of(case)) == ("approved", [END])
        [former] = former_decisions(session, case)
        assert (former.number, former.state, former.conditions) == (1, "approved", [WAY])
        changed = history(session, case.id)[-1]
        assert (changed.name, changed.data["former"]) == ("case.decision_corrected", 1)
    letter = letters(CITY, "decision_changed", permitted.id)[-1]
    assert "前の決定を訂正しました" in letter.body
    assert WHY not in letter.body
    for shown in (resident(office).get(permitted.address), office.roads.get(f"/desk/cases/{permitted.id}?tab=history")):
        text = html.unescape(shown.text)
        assert text.index("前の決定") < text.index(WAY)
    assert WHY in resident(office).get(permitted.address).text


def test_a_correction_says_why_and_what_is_told_stays_when_it_does_not(office: Office, permitted: Told) -> None:
    answer = act(office.roads, permitted.id, "correct", conditions=END)
    assert answer.status_code == 422
    assert "申請した人に伝える理由を書いてください" in answer.text
    assert END in answer.text
    with city_session(CITY) as session:
        case = session.get_one(Case, permitted.id)
        assert conditions_of(case) == [WAY]
        assert former_decisions(session, case) == []


def test_of_two_who_put_a_decision_aside_the_second_is_shown_the_first(office: Office, permitted: Told) -> None:
    seen = version_shown(office.roads, permitted.id)
    posted = {"move": "correct", "seen": seen, "note": WHY, "conditions": END}
    assert office.roads.post(f"/desk/cases/{permitted.id}/moves", posted).status_code == 303
    again = office.roads.post(f"/desk/cases/{permitted.id}/moves", posted | {"conditions": "ほか"})
    assert again.status_code == 409
    assert WHY in again.text
    with city_session(CITY) as session:
        assert len(former_decisions(session, session.get_one(Case, permitted.id))) == 1


def test_a_permit_is_revoked_and_its_applicant_taught_how_to_object(office: Office, permitted: Told) -> None:
    assert act(office.roads, permitted.id, "revoke", note=WHY, paid="kept").status_code == 303
    assert state_of(permitted.id)[0] == "revoked"
    page = html.unescape(resident(office).get(permitted.address).text)
    assert "前の決定は取り消されました" in page
    assert "審査請求をすることができます" in page
    assert WHY in page
    assert "審査請求" in letters(CITY, "decision_refused", permitted.id)[-1].body
    with city_session(CITY) as session:
        case = session.get_one(Case, permitted.id)
        assert conditions_of(case) == []
        assert case.closed_at is not None


def test_a_refusal_that_was_wrong_is_reviewed_again_and_decided_anew(office: Office, refused: Told) -> None:
    assert act(office.roads, refused.id, "reopen", note=WHY).status_code == 303
    with city_session(CITY) as session:
        case = session.get_one(Case, refused.id)
        assert (case.state, case.closed_at) == ("accepted", None)
    assert "もう一度審査します" in letters(CITY, "decision_changed", refused.id)[-1].body
    with city_session(CITY) as session:
        _take(session, office, refused.id, "skip_site_check", MoveInputs(internal_note="写真で見ました。"))
        _take(session, office, refused.id, "approve", MoveInputs())
        case = session.get_one(Case, refused.id)
        assert case.state == "awaiting_payment"
        amounts = [payment.amount for payment in payments_of_case(session, case.id) if payment.is_payable]
        assert amounts == [case.fee["due"]["approved"]]


def test_an_application_ends_on_its_applicants_word_and_says_whose_it_was(office: Office, sent: Told) -> None:
    nobody = act(office.roads, sent.id, "withdraw_by_office")
    assert nobody.status_code == 422
    assert "だれの申出かを選んでください" in nobody.text
    unsaid = act(office.roads, sent.id, "withdraw_by_office", asked_by="agent")
    assert "どうやって申し出たかを選んでください" in unsaid.text
    done = act(office.roads, sent.id, "withdraw_by_office", asked_by="agent", asked_how="phone")
    assert done.status_code == 303
    with city_session(CITY) as session:
        ended = history(session, sent.id)[-1]
        assert ended.name == "case.withdrawn"
        assert (ended.data["asked_by"], ended.data["asked_how"]) == ("agent", "phone")
    page = resident(office).get(sent.address).text
    assert "電話で取下げの申出がありましたので、手続きを終えました。" in page
    assert "代理の方からの申出です。" in page
    assert letters(CITY, "message_from_office", sent.id)


def test_whoever_ends_an_application_of_their_own_says_why(office: Office, sent: Told) -> None:
    silent = act(office.roads, sent.id, "withdraw_by_office", asked_by="office")
    assert "申請した人に伝える理由を書いてください" in silent.text
    assert (
        act(
            office.roads, sent.id, "withdraw_by_office", asked_by="office", note="同じ申請が2つありました。"
        ).status_code
        == 303
    )
    assert "同じ申請が2つありました。" in resident(office).get(sent.address).text
