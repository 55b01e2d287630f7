"""A decision says what it causes, is held for a minute, and can be taken back; until then nothing leaves the office."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from portal.cases import decisions, jobs
from portal.cases.moves import MoveInputs, apply_transition
from portal.core.clock import frozen, now
from portal.core.database import city_session
from portal.core.events import Actor
from portal.identity.models import Staff
from tests.integration.desk.acting import (
    HOLD,
    act,
    decision_shown,
    events_of,
    left_the_office,
    minute_passes,
    state_of,
    version_shown,
)
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import unshared_occupancy
from tests.kit.browser import Browser
from tests.kit.city import begin, hire, send

WORDS = "この場所では認められません。"


@pytest.fixture
def case_id(office: Office) -> int:
    """An application that the office accepted and whose site it has seen; each for a place of its own."""
    with city_session(CITY) as session:
        case = send(session, begin(session, "road-occupancy", unshared_occupancy()))
        for move, inputs in (
            ("accept", MoveInputs()),
            ("skip_site_check", MoveInputs(internal_note="写真で見ました。")),
        ):
            apply_transition(
                session, case.id, move, Actor("staff", office.roads_id), roles=("clerk", "decider"), inputs=inputs
            )
        return case.id


def cashier_at_desk(office: Office) -> Browser:
    """A colleague who sees payments and no answers."""
    hire(CITY, "till@example.jp", {"road-management": ("cashier",)})
    return Browser(office.roads.client.application, CITY, "192.0.2.77").sign_in_at_desk("till@example.jp")


def test_the_dialog_says_what_a_permit_causes(office: Office, case_id: int, held: None) -> None:
    page = html.unescape(office.roads.get(f"/desk/cases/{case_id}").text)
    dialog = page[page.index('id="move-approve"') :].partition("</dialog>")[0]
    assert re.search(r"状態が「[^」]+」から「支払い待ち」になります。", dialog)
    assert re.search(r"[\d,]+円の支払いをお願いします。", dialog)
    assert "決めてから60秒の間は、取り消せます。" in dialog


def test_nothing_leaves_before_the_minute_is_over_and_everything_then(office: Office, case_id: int, held: None) -> None:
    assert act(office.roads, case_id, "approve").status_code == 303
    assert (state_of(case_id)[0], left_the_office(case_id)) == ("site_check_done", [])
    number = int(decision_shown(office.roads, case_id))
    jobs.execute_decision(city=CITY, decision_id=number)  # too early: somebody's clock is ahead
    assert left_the_office(case_id) == []
    minute_passes(case_id, office.roads)
    assert state_of(case_id)[0] == "awaiting_payment"
    assert "fee approved" in left_the_office(case_id)
    before = events_of(case_id)
    jobs.execute_decision(city=CITY, decision_id=number)
    assert events_of(case_id) == before


def test_a_decision_is_taken_back_and_its_note_is_in_the_form(office: Office, case_id: int, held: None) -> None:
    act(office.roads, case_id, "refuse", note=WORDS)
    form = {"decision": decision_shown(office.roads, case_id)}
    page = office.roads.post(f"/desk/cases/{case_id}/decision/take-back", form)
    assert page.status_code == 200
    dialog = page.text[page.text.index('id="move-refuse"') :].partition("</dialog>")[0]
    assert "data-open-on-load" in dialog[:200]
    assert WORDS in dialog
    with frozen(now() + HOLD):
        jobs.execute_overdue()
    assert (state_of(case_id)[0], left_the_office(case_id)) == ("site_check_done", [])
    assert events_of(case_id)[-1] == "case.decision_taken_back"
    again = office.roads.post(f"/desk/cases/{case_id}/decision/take-back", form)
    assert again.status_code == 409


def test_who_waits_at_the_counter_need_not_wait_the_minute(office: Office, case_id: int, held: None) -> None:
    act(office.roads, case_id, "refuse", note=WORDS)
    form = {"decision": decision_shown(office.roads, case_id)}
    assert office.roads.post(f"/desk/cases/{case_id}/decision/now", form).status_code == 303
    assert state_of(case_id)[0] == "refused"
    done = office.roads.get(f"/desk/cases/{case_id}?status=new").text
    assert re.search(r'class="note note--ok[^>]*>.*?認めませんでした', done, re.DOTALL)
    assert office.roads.post(f"/desk/cases/{case_id}/decision/now", form).status_code == 409
    assert events_of(case_id).count("case.refused") == 1


def test_nobody_decides_while_a_colleague_s_decision_waits(office: Office, case_id: int, held: None) -> None:
    version = version_shown(office.second, case_id)
    act(office.roads, case_id, "approve")
    late = office.second.post(f"/desk/cases/{case_id}/moves", {"move": "refuse", "seen": version, "note": WORDS})
    assert late.status_code == 409
    assert "先に「許可する」を決めました" in html.unescape(late.text)
    assert WORDS in late.text
    page = office.second.get(f"/desk/cases/{case_id}").text
    assert 'data-opens-dialog="move-refuse"' not in page
    assert office.clerk.post(f"/desk/cases/{case_id}/decision/now", {"decision": "1"}).status_code == 409


def test_a_clerk_cannot_take_back_what_they_could_not_decide(office: Office, case_id: int, held: None) -> None:
    act(office.roads, case_id, "approve")
    form = {"decision": decision_shown(office.roads, case_id)}
    office.clerk.get("/desk")
    for press in ("take-back", "now"):
        assert office.clerk.post(f"/desk/cases/{case_id}/decision/{press}", form).status_code == 403
    assert office.second.get("/desk").status_code == 200
    assert office.second.post(f"/desk/cases/{case_id}/decision/take-back", form).status_code == 200


def test_a_decision_on_an_outdated_case_is_not_carried_out_but_kept_with_its_note(
    office: Office, case_id: int, held: None
) -> None:
    act(office.roads, case_id, "refuse", note=WORDS)
    with city_session(CITY) as session:
        apply_transition(session, case_id, "withdraw", Actor("applicant"), roles=("applicant",))
    minute_passes(case_id, office.roads)
    assert state_of(case_id)[0] == "withdrawn"
    assert "case.refused" not in events_of(case_id)
    page = html.unescape(office.roads.get(f"/desk/cases/{case_id}").text)
    assert "「不許可にする」は実行されませんでした" in page
    assert WORDS in page
    form = {"decision": decision_shown(office.roads, case_id)}
    till = cashier_at_desk(office)
    page = html.unescape(till.get(f"/desk/cases/{case_id}").text)
    assert "実行されませんでした" in page
    assert WORDS not in page, "what was written to the applicant is for those who read the case"
    assert till.post(f"/desk/cases/{case_id}/decision/take-back", form).status_code == 403
    office.roads.post(f"/desk/cases/{case_id}/decision/take-back", form)
    assert "実行されませんでした" not in office.roads.get(f"/desk/cases/{case_id}").text


def test_somebody_whose_account_was_closed_within_the_minute_decides_nothing(
    office: Office, case_id: int, held: None
) -> None:
    act(office.second, case_id, "refuse", note=WORDS)
    with city_session(CITY) as session:
        session.query(Staff).filter_by(email="second@example.jp").one().active = False
    try:
        minute_passes(case_id, office.roads)
        assert state_of(case_id)[0] == "site_check_done"
        assert left_the_office(case_id) == []
    finally:
        with city_session(CITY) as session:
            session.query(Staff).filter_by(email="second@example.jp").one().active = True


def test_a_decision_whose_job_was_lost_is_carried_out_all_the_same(office: Office, case_id: int, held: None) -> None:
    act(office.roads, case_id, "approve")
    with frozen(now() + 2 * HOLD):
        jobs.execute_overdue()
    assert state_of(case_id)[0] == "awaiting_payment"


def test_taking_in_an_application_waits_for_nothing(office: Office, held: None) -> None:
    with city_session(CITY) as session:
        fresh = send(session, begin(session, "road-occupancy", unshared_occupancy())).id
    act(office.roads, fresh, "accept")
    assert state_of(fresh)[0] == "accepted"


def test_what_was_written_with_a_decision_is_stored_sealed(office: Office, case_id: int, held: None) -> None:
    act(office.roads, case_id, "refuse", note=WORDS)
    with city_session(CITY) as session:
        (waiting,) = session.query(decisions.CaseDecision).filter_by(case_id=case_id)
        assert WORDS.encode() not in waiting.inputs
        assert waiting.failure is None


def presses(desks: list[Browser], case_id: int, moves: list[dict[str, str]]) -> list[int]:
    """Statuses of the answers to forms that are sent at the same moment, all from pages opened before."""
    versions = [version_shown(desk, case_id) for desk in desks]
    start = Barrier(len(moves))

    def press(number: int) -> int:
        start.wait()
        form = moves[number] | {"seen": versions[number]}
        return desks[number].post(f"/desk/cases/{case_id}/moves", form).status_code

    with ThreadPoolExecutor(len(moves)) as threads:
        return sorted(threads.map(press, range(len(moves))))


@pytest.mark.parametrize("holding", [True, False])
@pytest.mark.parametrize(
    "moves",
    [
        [{"move": "approve"}, {"move": "refuse", "note": WORDS}],
        [
            {"move": "approve"},
            {"move": "approve"},
            {"move": "refuse", "note": WORDS},
            {"move": "refuse", "note": WORDS},
        ],
        [{"move": "refuse", "note": WORDS}] * 4,
    ],
)
def test_of_decisions_at_the_same_moment_one_counts(
    office: Office, case_id: int, moves: list[dict[str, str]], holding: bool, request: pytest.FixtureRequest
) -> None:
    if holding:
        request.getfixturevalue("held")
    desks = [desk.copy() for desk in (office.roads, office.second, office.roads, office.second)[: len(moves)]]
    assert presses(desks, case_id, moves) == [303, *[409] * (len(moves) - 1)]
    if holding:
        minute_passes(case_id, office.roads)
    decided = [name for name in events_of(case_id) if name in {"case.approved", "case.refused"}]
    assert len(decided) == 1


def test_two_who_assign_a_case_at_once_do_not_overrule_each_other(office: Office, case_id: int) -> None:
    desks = [office.roads.copy(), office.second.copy()]
    for desk in desks:
        desk.get(f"/desk/cases/{case_id}")
    start = Barrier(2)

    def press(desk: Browser) -> int:
        start.wait()
        form = {"staff_id": str(office.roads_id), "seen_assignee": ""}
        return desk.post(f"/desk/cases/{case_id}/assignee", form).status_code

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(press, desks)) == [303, 409]
    assert events_of(case_id).count("case.assigned") == 1
