"""Lotteries: entries until the draw, drawn once in an order that anybody can work out again, wishes in turn, and those behind move up."""

import hashlib
import hmac
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import bookings
from portal.bookings.lottery import draw_order
from portal.bookings.models import CapacityClaim
from portal.cases import capacity, lotteries, moves
from portal.cases.models import Case, Event
from portal.core.clock import TOKYO, frozen
from portal.core.errors import Conflict
from portal.notifications.models import MailMessage
from tests.integration.bookings.definitions import GARDEN
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
        "当選:区画(大きい区画)(第1希望)",
        *["当選:区画(小さい区画)(第2希望)"] * 3,
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
        with pytest.raises(Conflict, match="もう終わっています"):
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
        office.session, by_number[first.number], moves.definition_of(office.session, by_number[first.number].version_id)
    )
    assert words == [("区画(大きい区画)", "1・第1希望・当選")]


@given(seed=st.text(min_size=1, max_size=40), numbers=st.sets(st.text(min_size=1, max_size=12), max_size=30))
def test_the_order_depends_on_seed_and_numbers_alone(seed: str, numbers: set[str]) -> None:
    printable = {number.encode("utf-8", "ignore").decode() for number in numbers}
    seed = seed.encode("utf-8", "ignore").decode()
    order = draw_order(seed, printable)
    assert sorted(order) == sorted(printable)
    assert order == draw_order(seed, sorted(printable, reverse=True))
