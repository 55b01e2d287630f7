"""Lotteries: entries until the draw, drawn once in an order that anybody can work out again, wishes in turn, and those behind move up."""

import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms import evaluate
from portal import bookings, wiring
from portal.bookings.lottery import draw_order
from portal.bookings.models import CapacityClaim
from portal.cases import capacity, lotteries, moves
from portal.cases.models import Case, Event
from portal.core.clock import TOKYO, frozen
from portal.core.database import city_session
from portal.core.errors import Conflict
from portal.notifications.models import MailMessage
from portal.procedures import definition_of, queries
from tests.integration.bookings.definitions import GARDEN, NURSERY
from tests.kit.office import Office, open_office

NAME = {"family": "佐藤", "given": "美咲"}
OPEN = datetime(2027, 2, 10, 10, tzinfo=TOKYO)
OVER = datetime(2027, 2, 15, 10, tzinfo=TOKYO)


@pytest.fixture
def office(city_db: Session) -> Office:
    return open_office(city_db, {"test-garden": GARDEN})


def entered(office: Office, count: int, second: str | None = "small") -> list[Case]:
    wishes = {"name": NAME, "first": "large"} | ({"second": second} if second else {})
    with frozen(OPEN):
        return [office.apply("test-garden", dict(wishes)) for _ in range(count)]


def drawn(office: Office) -> bookings.LotteryDraw:
    with frozen(OVER):
        (lottery,) = lotteries.open_lotteries(office.session)
        return lotteries.draw_lottery(office.session, lottery, office.staff)


def test_everybody_may_enter_and_nobody_has_anything_before_the_draw(office: Office) -> None:
    entered(office, 6)
    states = {claim.state for claim in office.session.scalars(select(CapacityClaim))}
    assert states == {"entered"}
    with frozen(OPEN):
        (lottery,) = lotteries.open_lotteries(office.session)
        assert (lottery.entries, lottery.may_be_drawn) == (6, False)
        with pytest.raises(Conflict, match="受付期間"):
            lotteries.draw_lottery(office.session, lottery, office.staff)


def test_wishes_are_given_in_the_order_of_the_draw_and_the_rest_waits_in_it(office: Office) -> None:
    cases = entered(office, 6)
    draw = drawn(office)
    order = sorted(
        (case.number for case in cases),
        key=lambda number: hmac.new(draw.seed.encode(), number.encode(), hashlib.sha256).hexdigest(),
    )
    lines = lotteries.result_lines(office.session, draw)
    assert [line.number for line in lines] == order
    assert [line.result for line in lines] == [
        "当選：区画(大きい区画)(第1希望)",
        *["当選：区画(小さい区画)(第2希望)"] * 3,
        "補欠 1番",
        "補欠 2番",
    ]
    states = {case.number: case.state for case in cases}
    assert [states[number] for number in order] == ["completed"] * 4 + ["received"] * 2


def test_it_is_drawn_once_recorded_and_everybody_is_written_to(office: Office) -> None:
    entered(office, 3)
    with frozen(OVER):
        (lottery,) = lotteries.open_lotteries(office.session)
        draw = lotteries.draw_lottery(office.session, lottery, office.staff)
        with pytest.raises(Conflict, match="もう決まっています"):
            lotteries.draw_lottery(office.session, lottery, office.staff)
    event = office.session.scalars(select(Event).where(Event.name == "lottery.drawn")).one()
    assert (event.data["seed"], event.data["entries"]) == (draw.seed, 3)
    kinds = [mail.kind for mail in office.session.scalars(select(MailMessage))]
    assert kinds.count("lottery_result") == 3


def test_what_a_winner_gives_up_goes_to_the_first_who_waits(office: Office) -> None:
    cases = entered(office, 3, second=None)
    draw = drawn(office)
    winner, first, _last = lotteries.result_lines(office.session, draw)
    by_number = {case.number: case for case in cases}
    # a case that is completed cannot be withdrawn any more; what it had is given back by hand
    bookings.release(office.session, "test-garden", bookings.Holder(case_id=by_number[winner.number].id))
    with frozen(OVER):
        lotteries.move_up(office.session, "test-garden")
    assert by_number[first.number].state == "completed"
    words = capacity.places_of_case(
        office.session, by_number[first.number], definition_of(office.session, by_number[first.number].version_id)
    )
    assert words == [("区画(大きい区画)", "1・第1希望・当選")]


WAITS = GARDEN.replace("test-garden", "test-waiting").replace("    winners:", "    waiting_days: 3\n    winners:")


@pytest.fixture
def waiting(city_db: Session) -> tuple[Office, list[Case]]:
    """Three entries for the one large plot, drawn; the winner has given it up."""
    office = open_office(city_db, {"test-waiting": WAITS})
    with frozen(OPEN):
        made = [office.apply("test-waiting", {"name": NAME, "first": "large"}) for _ in range(3)]
    draw = drawn(office)
    by_number = {case.number: case for case in made}
    cases = [by_number[line.number] for line in lotteries.result_lines(office.session, draw)]
    bookings.release(office.session, "test-waiting", bookings.Holder(case_id=cases[0].id))
    with frozen(OVER):
        lotteries.move_up(office.session, "test-waiting")
    return office, cases


def offer_to(office: Office, case: Case) -> lotteries.LotteryOffer | None:
    return lotteries.lottery_offer(office.session, case, definition_of(office.session, case.version_id))


def offer_id(office: Office, case: Case) -> int:
    offer = offer_to(office, case)
    return offer.id if offer else 0


def test_what_comes_free_is_offered_to_the_next_and_taken_when_they_say_so(
    waiting: tuple[Office, list[Case]],
) -> None:
    office, (_winner, first, last) = waiting
    with frozen(OVER):
        offer = offer_to(office, first)
        assert offer is not None
        assert (offer.name, offer.until) == ("区画(大きい区画)", OVER + timedelta(days=3))
        assert offer_to(office, last) is None
        kinds = [mail.kind for mail in office.session.scalars(select(MailMessage))]
        assert (kinds.count("lottery_result"), kinds.count("lottery_offer")) == (3, 1)
        lotteries.answer_lottery_offer(office.session, first, office.resident, offer_id(office, first), accepted=True)
        assert (first.state, offer_to(office, first)) == ("completed", None)
        with pytest.raises(Conflict, match="もう選べません"):
            lotteries.answer_lottery_offer(
                office.session, first, office.resident, offer_id(office, first), accepted=True
            )
        lotteries.move_up(office.session, "test-waiting")
        assert offer_to(office, last) is None


def test_who_declines_or_does_not_answer_is_out_and_the_next_is_asked(waiting: tuple[Office, list[Case]]) -> None:
    office, (_winner, first, last) = waiting
    with frozen(OVER):
        lotteries.answer_lottery_offer(office.session, first, office.resident, offer_id(office, first), accepted=False)
        assert (first.state, first.unread, offer_to(office, first)) == ("received", True, None)
        assert offer_to(office, last) is not None
    with frozen(OVER + timedelta(days=3, minutes=1)):
        assert offer_to(office, last) is None
        with pytest.raises(Conflict, match="もう選べません"):
            lotteries.answer_lottery_offer(office.session, last, office.resident, offer_id(office, last), accepted=True)
        assert bookings.lotteries_with_waiting(office.session) == ["test-waiting"]
        lotteries.move_up(office.session, "test-waiting")
        assert bookings.claims_of_case(office.session, last.id) == []
        assert bookings.lotteries_with_waiting(office.session) == []


def test_moving_up_and_a_withdrawal_at_once_do_not_wait_for_each_other_in_a_circle(city: str) -> None:
    with city_session(city) as session:
        wiring.connect()
        office = open_office(session, {"test-garden": GARDEN})
        with frozen(OPEN):
            numbers = {office.apply("test-garden", {"name": NAME, "first": "large"}).number for _ in range(2)}
        lines = lotteries.result_lines(session, drawn(office))
        case_ids = {case.number: case.id for case in session.scalars(select(Case).where(Case.number.in_(numbers)))}
        winner, waiting = (case_ids[line.number] for line in lines)
        bookings.release(session, "test-garden", bookings.Holder(case_id=winner))
    mover = SimpleQueue[int]()

    def move_up() -> None:
        with frozen(OVER), city_session(city) as session:
            mover.put(session.scalars(select(func.pg_backend_pid())).one())
            lotteries.move_up(session, "test-garden")

    with ThreadPoolExecutor(1) as threads:
        with city_session(city) as session:
            case = moves.lock_case(session, waiting)  # as a withdrawal begins
            moved = threads.submit(move_up)
            process = mover.get()
            while not session.scalars(select(func.pg_blocking_pids(process))).one() and not moved.done():
                pass
            capacity.release_places(session, case)  # as it goes on
        moved.result()
    with city_session(city) as session:
        assert bookings.claims_of_case(session, waiting) == []


def test_the_seed_is_promised_while_the_window_is_open_and_kept_at_the_draw(office: Office) -> None:
    definition = queries.offer(office.session, "test-garden").definition
    with frozen(OPEN):
        lotteries.commit_to_lotteries(office.session)
        lotteries.commit_to_lotteries(office.session)
        (promise,) = lotteries.promised_lotteries(office.session, "test-garden", definition)
        fingerprint, promised_at = promise.fingerprint, promise.committed_at
    entered(office, 2)
    event = office.session.scalars(select(Event).where(Event.name == "lottery.promised")).one()
    assert event.data["fingerprint"] == fingerprint
    draw = drawn(office)
    assert draw.seed.encode() not in promise.seed
    assert hashlib.sha256(draw.seed.encode()).hexdigest() == fingerprint == draw.fingerprint
    assert draw.committed_at == promised_at
    assert bookings.commitment(office.session, "test-garden", "plots", draw.edition) is None


NURSERY_OPEN = datetime(2026, 11, 10, 10, tzinfo=TOKYO)
NURSERY_OVER = datetime(2026, 12, 1, 10, tzinfo=TOKYO)


def test_the_highest_points_come_first_then_the_next_of_them_then_the_draw(city_db: Session) -> None:
    office = open_office(city_db, {"test-nursery": NURSERY})
    newborn: dict[str, Any] = {
        "name": NAME,
        "birthday": "2026-08-01",
        "single": False,
        "income": 0,
        "wishes": ["north", "south"],
    }
    people: list[dict[str, Any]] = [
        {"hours": 80, "income": 2_000_000},
        {"hours": 80, "income": 1_000_000},  # as many points, less income
        {"hours": 10, "single": True},  # fewest hours, most points
        {"hours": 160, "birthday": "2025-08-01", "wishes": ["north"]},  # one year old, for whom there are other places
        {"hours": 80, "income": 2_000_000, "wishes": ["south"]},  # as the first in everything
    ]
    with frozen(NURSERY_OPEN):
        cases = [office.apply("test-nursery", newborn | person) for person in people]
        words = capacity.places_of_case(office.session, cases[3], definition_of(office.session, cases[3].version_id))
        assert words == [("利用定員(北園・1)", "1・第1希望・選考待ち")]
    with frozen(NURSERY_OVER):
        (allocation,) = lotteries.open_lotteries(office.session)
        assert (allocation.may_be_drawn, allocation.by_points) == (True, True)
        draw = lotteries.draw_lottery(office.session, allocation, office.staff)
        lines = lotteries.result_lines(office.session, draw)
    low, less, single, older, south = (case.number for case in cases)
    equal = sorted((low, south), key=lambda number: bookings.ticket(draw.seed, number))
    assert [(line.number, line.result) for line in lines] == [
        (single, "決定：利用定員(北園・0)(第1希望)"),
        (older, "決定：利用定員(北園・1)(第1希望)"),
        (less, "決定：利用定員(南園・0)(第2希望)"),
        *((number, f"補欠 {place}番") for place, number in enumerate(equal, start=1)),
    ]
    assert [case.state for case in cases] == ["received", "accepted", "accepted", "accepted", "received"]


def test_a_correction_before_the_decision_changes_the_points(city_db: Session) -> None:
    office = open_office(city_db, {"test-nursery": NURSERY})
    answers: dict[str, Any] = {
        "name": NAME,
        "birthday": "2026-08-01",
        "single": False,
        "income": 0,
        "hours": 100,
        "wishes": ["north"],
    }
    with frozen(NURSERY_OPEN):
        case = office.apply("test-nursery", answers)
        definition = definition_of(office.session, case.version_id)
        corrected = evaluate(definition, answers | {"hours": 150}, {}, today=NURSERY_OPEN.date())
        capacity.retake_places(office.session, case, definition, corrected)
    assert [claim.points for claim in bookings.claims_of_case(office.session, case.id)] == [[15, 0]]


@given(seed=st.text(min_size=1, max_size=40), numbers=st.sets(st.text(min_size=1, max_size=12), max_size=30))
def test_the_order_depends_on_seed_and_numbers_alone(seed: str, numbers: set[str]) -> None:
    printable = {number.encode("utf-8", "ignore").decode() for number in numbers}
    seed = seed.encode("utf-8", "ignore").decode()
    order = draw_order(seed, dict.fromkeys(printable, ()))
    assert sorted(order) == sorted(printable)
    assert order == draw_order(seed, dict.fromkeys(sorted(printable, reverse=True), ()))
