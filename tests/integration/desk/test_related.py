"""Cases that have to do with each other: found by person and place, joined so that everybody gets the news once, and separated again."""

import secrets
import threading
from collections import Counter

import pytest
from sqlalchemy import func, select, text

from portal.cases import decisions, moves, related
from portal.cases.events import of_case
from portal.cases.join_models import CaseJoin
from portal.cases.messages import messages_of
from portal.cases.models import Case
from portal.cases.queries import history, views
from portal.cases.versions import seen_version
from portal.cases.workflows import workflow_for
from portal.core.database import city_session
from portal.core.errors import Conflict
from portal.core.events import Actor, record
from portal.identity import read_staff
from portal.notifications.models import MailMessage
from tests.integration.desk.conftest import CITY, Office
from tests.integration.desk.test_bulk import choose, proposed, words
from tests.kit.answers import damage
from tests.kit.city import begin, send
from tests.kit.jobs import forget_jobs, waiting


@pytest.fixture
def pothole(office: Office) -> list[int]:
    """Four reports of one hole, far from every other test's, each with an address of its own; the first two by one person."""
    east = 139.40 + secrets.randbelow(2000) / 100000
    mails = [f"{secrets.token_hex(4)}@hole.example.jp" for _ in range(3)]
    cases = []
    for number, mail in enumerate((mails[0], *mails)):
        place = {"type": "Point", "coordinates": [east + number * 0.00003, 35.66]}
        answers = damage(CITY, f"同じ穴 {number}") | {"spot": {"geometry": place, "source": "drawn"}}
        with city_session(CITY) as session:
            draft = begin(session, "road-damage", answers | {"wants_answer": True, "email": mail})
            cases.append(send(session, draft).id)
    forget_jobs(CITY)
    return cases


def states(cases: list[int]) -> list[str]:
    with city_session(CITY) as session:
        return [session.get_one(Case, case_id).state for case_id in cases]


def joined(office: Office, lead: int, others: list[int]) -> int:
    page = office.roads.get(f"/desk/cases/{lead}/related").text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    return office.roads.post(f"/desk/cases/{lead}/related/join", {"seen": seen, "case": others}).status_code


def decide(office: Office, case_id: int, event: str, note: str = "") -> None:
    """Make a move of a case as its office does."""
    with city_session(CITY) as session:
        staff = read_staff(session, office.roads_id)
        case = session.get_one(Case, case_id)
        move = next(m for m in workflow_for(session, case).moves_from(case.state) if m.event == event)
        decisions.decide(
            session, case_id, move.id, staff, moves.MoveInputs(note=note), seen=seen_version(session, case)
        )


def follow(lead: int) -> None:
    """Run what the lead's move has asked the worker for."""
    assert waiting(CITY).count(related.FOLLOW_LEAD) == 1
    forget_jobs(CITY)
    related.follow_lead(CITY, lead)


def letters(case_id: int) -> Counter[str]:
    with city_session(CITY) as session:
        return Counter(session.scalars(select(MailMessage.kind).where(MailMessage.case_id == case_id)))


def test_what_is_probably_the_same_and_of_the_same_person_is_shown(office: Office, pothole: list[int]) -> None:
    with city_session(CITY) as session:
        case = session.get_one(Case, pothole[0])
        departments = {case.department_id}
        candidates = related.related_cases(session, case, departments, by_person=True, by_place=True)
        assert {row.id for row in candidates.duplicates} == set(pothole[1:])
        assert [row.id for row in candidates.of_person] == [pothole[1]], "the same mail address"
        hidden = related.related_cases(session, case, departments, by_person=False, by_place=False)
        assert not hidden.duplicates and not hidden.of_person and not hidden.near
        assert related.related_cases(session, case, set(), by_person=True, by_place=True).duplicates == []
    page = office.second.get(f"/desk/cases/{pothole[0]}/related")
    assert page.status_code == 200
    assert "関連する案件" in office.second.get(f"/desk/cases/{pothole[0]}").text
    with city_session(CITY) as session:
        assert "case.viewed" in [event.name for event in views(session, pothole[0])]
    assert office.citizens.get(f"/desk/cases/{pothole[0]}/related").status_code == 404


def test_everybody_gets_the_news_of_the_lead_once_and_in_their_own_case(office: Office, pothole: list[int]) -> None:
    lead, *others = pothole
    assert joined(office, lead, others) == 303
    page = words(office.roads.get(f"/desk/cases/{lead}").text)
    assert "ほかの3件を、この案件にまとめています" in page
    decide(office, lead, "case.accepted")
    follow(lead)
    assert states(pothole) == ["accepted"] * 4
    with city_session(CITY) as session:
        name, number = session.get_one(Case, lead).applicant_name, session.get_one(Case, lead).number
    decide(office, lead, "case.completed", f"{number}の穴をふさぎました。{name}")
    follow(lead)
    related.follow_lead(CITY, lead)  # the worker began it again
    assert states(pothole) == ["completed"] * 4
    for case_id in pothole:
        assert letters(case_id)["decision_approved"] == 1, "each once"
    with city_session(CITY) as session:
        follower = session.get_one(Case, others[0])
        said = [message.body for message in messages_of(session, follower.id)]
        assert any(follower.number in body and "穴をふさぎました" in body for body in said)
        assert not any(number in body for body in said), "the number of the other is not told"
        assert "case.joined" in [event.name for event in history(session, follower.id)]


def test_a_case_behind_its_lead_catches_up_when_it_is_joined(office: Office, pothole: list[int]) -> None:
    lead, other = pothole[:2]
    decide(office, lead, "case.accepted")
    assert joined(office, lead, [other]) == 303
    assert states([other]) == ["accepted"]


def test_a_case_that_was_separated_goes_its_own_way(office: Office, pothole: list[int]) -> None:
    lead, first, second, _rest = pothole
    assert joined(office, lead, [first, second]) == 303
    for _press in range(2):
        answer = office.roads.post(f"/desk/cases/{lead}/related/separate", {"case": [first]})
        assert answer.status_code == 303
    decide(office, lead, "case.accepted")
    follow(lead)
    assert states([lead, first, second]) == ["accepted", "received", "accepted"]
    assert letters(first)["case_accepted"] == 0
    with city_session(CITY) as session:
        assert [event.name for event in history(session, first)].count("case.separated") == 1


def test_when_the_lead_is_withdrawn_the_oldest_follower_leads_the_others(office: Office, pothole: list[int]) -> None:
    lead, first, second, _rest = pothole
    joined(office, lead, [first, second])
    with city_session(CITY) as session:
        case = moves.lock_case(session, lead)
        record(session, of_case(lead), "case.withdrawn", Actor("applicant", None), state=case.state)
    related.follow_lead(CITY, lead)
    assert states([first, second]) == ["received", "received"]
    with city_session(CITY) as session:
        assert session.get_one(CaseJoin, second).lead_id == first
        assert session.get(CaseJoin, first) is None


def test_stale_pages_wrong_choices_and_joined_transfers_are_refused_with_words(
    office: Office, pothole: list[int]
) -> None:
    lead, other = pothole[:2]
    page = office.roads.get(f"/desk/cases/{lead}/related").text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    nothing = office.roads.post(f"/desk/cases/{lead}/related/join", {"seen": seen, "case": ["x"]})
    assert nothing.status_code == 422 and "統合する案件を選んでください" in nothing.text
    with city_session(CITY) as session:
        moves.lock_case(session, lead).advance()
    stale = office.roads.post(f"/desk/cases/{lead}/related/join", {"seen": seen, "case": [other]})
    assert stale.status_code == 409
    assert joined(office, lead, [other]) == 303
    number = choose(office.roads, cases=[other])
    with city_session(CITY) as session:
        citizens = session.scalar(text("SELECT id FROM department WHERE key = 'citizens'"))
    form = {"act": "transfer", "department": str(citizens), "reason": "公園です。"}
    assert "ほかの案件と統合しています" in words(proposed(office.roads, number, form))


def test_of_two_who_join_crosswise_at_once_one_is_refused(office: Office, pothole: list[int]) -> None:
    first, second = pothole[:2]
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def act(lead: int, other: int) -> None:
        try:
            with city_session(CITY) as session:
                staff = read_staff(session, office.roads_id)
                seen = seen_version(session, session.get_one(Case, lead))
                barrier.wait()
                related.join(session, lead, [other], staff, seen=seen)
            outcomes.append("done")
        except Conflict:
            outcomes.append("refused")

    threads = [threading.Thread(target=act, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    with city_session(CITY) as session:
        assert session.scalar(select(func.count()).select_from(CaseJoin).where(CaseJoin.case_id.in_(pothole))) == 1
