"""Limited places: first come, first served; held, taken, freed, waited for; and never one too many."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Evaluation, evaluate
from portal import wiring
from portal.bookings import Holder
from portal.bookings.models import CapacityClaim
from portal.cases import capacity, moves
from portal.cases.drafts import save_answers, start
from portal.cases.jobs import lapse_places
from portal.cases.models import Case, Draft
from portal.cases.submission import submit
from portal.core.clock import frozen, now, today
from portal.core.database import city_session
from portal.core.errors import Invalid
from portal.identity.models import Account
from portal.notifications.models import MailMessage
from portal.payments import payments_of_case
from portal.procedures import definition_of, queries
from tests.integration.bookings.definitions import COURSE, PIECE
from tests.integration.bookings.racing import sent_at_once
from tests.kit.city import furnish
from tests.kit.letters import letters_to
from tests.kit.office import Office, open_office

NAME = {"family": "佐藤", "given": "美咲"}


@pytest.fixture
def office(city_db: Session) -> Office:
    return open_office(city_db, {"test-course": COURSE, "test-piece": PIECE})


def answers(course: str = "pottery", people: int = 1) -> dict[str, object]:
    return {"name": NAME, "course": course, "people": people}


def begin(session: Session, account_id: int, course: str = "pottery", people: int = 1) -> Draft:
    offer = queries.offer(session, "test-course")
    draft = start(session, offer, account_id=account_id, language="ja")
    save_answers(session, draft, offer.definition, answers(course, people))
    return draft


def judged(session: Session, draft: Draft, course: str = "pottery", people: int = 1) -> Evaluation:
    return evaluate(definition_of(session, draft.version_id), answers(course, people), {}, today=today())


def reach_review(session: Session, draft: Draft, course: str = "pottery", people: int = 1) -> capacity.PlacesHeld:
    definition = definition_of(session, draft.version_id)
    return capacity.hold_places(session, draft, definition, judged(session, draft, course, people))


def test_what_somebody_holds_on_the_last_page_nobody_else_gets_until_the_time_is_over(office: Office) -> None:
    first, second = (begin(office.session, office.account.id, people=2) for _ in range(2))
    held = reach_review(office.session, first, people=2)
    assert held.until is not None
    assert not held.full
    (full,) = reach_review(office.session, second, people=2).full
    assert (full.free, "陶芸" in full.sentence, "満員" in full.sentence) == (0, True, True)
    with pytest.raises(Invalid, match="満員"):
        submit(office.session, second, definition_of(office.session, second.version_id))
    with frozen(held.until + timedelta(seconds=1)):
        assert not reach_review(office.session, second, people=2).full


def test_looking_again_does_not_make_a_hold_longer(office: Office) -> None:
    draft = begin(office.session, office.account.id)
    until = reach_review(office.session, draft).until
    with frozen(now() + timedelta(minutes=10)):
        assert reach_review(office.session, draft).until == until


def test_a_full_course_says_how_many_are_left_and_another_has_its_own_places(office: Office) -> None:
    office.apply("test-course", answers(people=1))
    with pytest.raises(Invalid, match="残りは1人"):
        office.apply("test-course", answers(people=2))
    office.apply("test-course", answers("cooking", people=4))
    draft = begin(office.session, office.account.id)
    definition = definition_of(office.session, draft.version_id)
    inquiry = capacity.PlacesInquiry(
        "test-course", definition, Holder(draft_id=draft.id), answers(), draft.facts, today(), None
    )
    rests = capacity.rest_of_options(office.session, inquiry, "course")
    assert {option: rest.words for option, rest in rests.items()} == {"pottery": "残り1人", "cooking": "残り1人"}


def test_a_place_that_comes_free_is_held_for_the_next_who_waits_and_they_are_told(office: Office) -> None:
    case = office.apply("test-course", answers(people=2))
    waiting = [begin(office.session, office.account.id, people=2) for _ in range(2)]
    definition = definition_of(office.session, waiting[0].version_id)
    for line, draft in enumerate(waiting, start=1):
        assert reach_review(office.session, draft, people=2).may_wait
        capacity.join_waiting_list(office.session, draft, definition, judged(office.session, draft, people=2))
        assert reach_review(office.session, draft, people=2).line == line
    moves.apply_transition(office.session, case.id, "withdraw", office.resident, roles=("applicant",))
    mails = [mail.kind for mail in office.session.scalars(select(MailMessage).order_by(MailMessage.id))]
    assert mails.count("place_free") == 1
    letters = [letter.body for letter in letters_to(office.session, office.account.email)]
    assert any(re.search(r"空きが出ました。\n・.*陶芸\) 2人", letter) for letter in letters)
    next_in_line = reach_review(office.session, waiting[0], people=2)
    assert next_in_line.until is not None
    assert next_in_line.until > now() + timedelta(days=4)
    newcomer = begin(office.session, office.account.id)
    assert reach_review(office.session, newcomer).full
    assert submit(office.session, waiting[0], definition).number
    # the time of the first is over: the second is next
    assert reach_review(office.session, waiting[1], people=2).line == 1


def test_who_is_told_and_does_not_answer_makes_room_for_the_one_behind(office: Office) -> None:
    case = office.apply("test-course", answers(people=2))
    waiting = [begin(office.session, office.account.id, people=2) for _ in range(2)]
    definition = definition_of(office.session, waiting[0].version_id)
    for draft in waiting:
        capacity.join_waiting_list(office.session, draft, definition, judged(office.session, draft, people=2))
    moves.apply_transition(office.session, case.id, "withdraw", office.resident, roles=("applicant",))
    with frozen(now() + timedelta(days=5, minutes=1)):
        capacity.lapse_places(office.session)
        assert reach_review(office.session, waiting[1], people=2).until is not None
        assert reach_review(office.session, waiting[0], people=2).full


def test_what_is_paid_stays_and_what_is_not_is_free_again(office: Office) -> None:
    case = office.apply("test-course", answers(people=2))
    (claim,) = office.session.scalars(select(CapacityClaim))
    assert (claim.case_id, claim.state) == (case.id, "held")
    with frozen(now() + timedelta(days=4)):
        assert capacity.lapse_places(office.session) == [case.id]
        # until the case is ended its places are its own, so that a payment under way is not lost
        assert reach_review(office.session, begin(office.session, office.account.id)).full


def test_a_piece_is_taken_on_its_days_alone(office: Office) -> None:
    def use(start: str, end: str, piece: str = "a1") -> dict[str, object]:
        return {"name": NAME, "piece": piece, "period": {"start": start, "end": end}}

    office.apply("test-piece", use("2027-05-10", "2027-05-20"))
    for first, last in (("2027-05-01", "2027-05-10"), ("2027-05-20", "2027-05-31"), ("2027-05-12", "2027-05-13")):
        with pytest.raises(Invalid, match=r"A-1.*ほかの人が先に選びました"):
            office.apply("test-piece", use(first, last))
    office.apply("test-piece", use("2027-05-12", "2027-05-13", piece="a2"))
    office.apply("test-piece", use("2027-05-21", "2027-05-31"))
    offer = queries.offer(office.session, "test-piece")
    draft = start(office.session, offer, account_id=None, language="ja")
    outcome = evaluate(offer.definition, use("2027-05-20", "2027-05-21"), {}, today=today())
    sentences = capacity.place_sentences(office.session, offer.definition, outcome, {"period"}, draft)
    assert sentences == [(False, "「区画(A-1)」は、ほかの人が先に選びました。")]


def test_a_correction_takes_other_places_and_gives_the_former_back(office: Office) -> None:
    case = office.apply("test-course", answers(people=2))
    definition = definition_of(office.session, case.version_id)
    outcome = evaluate(definition, answers("cooking", 4), {}, today=today())
    capacity.retake_places(office.session, case, definition, outcome)
    (claim,) = office.session.scalars(select(CapacityClaim))
    assert (claim.key, claim.amount) == ('["cooking"]', 4)
    assert not reach_review(office.session, begin(office.session, office.account.id)).full


def test_fifty_at_once_get_every_place_and_not_one_more(city: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every session is a transaction of its own in a thread of its own; all begin together. A busy machine may keep them waiting."""
    monkeypatch.setattr("portal.bookings.place_holding.LEDGER_WAIT", "300s")
    with city_session(city) as session:
        wiring.connect()
        furnish(session, {"test-course": COURSE.replace("seats: 2", "seats: 10")})
        account = Account(email="misaki@example.jp", language="ja", created_at=now())
        session.add(account)
        session.flush()
        drafts = [begin(session, account.id).id for _ in range(50)]
    assert sent_at_once(city, drafts) == 10
    with city_session(city) as session:
        assert len(session.scalars(select(Case)).all()) == 10
        assert sum(claim.amount for claim in session.scalars(select(CapacityClaim))) == 10


def test_a_case_that_is_not_paid_in_time_ends_by_itself(city: str) -> None:
    with city_session(city) as session:
        office = open_office(session, {"test-course": COURSE})
        case_id = office.apply("test-course", answers(people=2)).id
    with frozen(now() + timedelta(days=4)):
        lapse_places()
        with city_session(city) as session:
            assert session.get_one(Case, case_id).state == "withdrawn"
            assert [payment.status for payment in payments_of_case(session, case_id)] == ["canceled"]
            assert session.scalars(select(CapacityClaim)).all() == []
