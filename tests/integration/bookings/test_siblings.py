"""Places by points where every child of an application enters by itself, and points differ by what is wished for."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal import bookings
from portal.cases import capacity, lotteries
from portal.cases.models import Case
from portal.core.clock import TOKYO, frozen
from portal.core.errors import Conflict
from portal.procedures import definition_of
from tests.integration.bookings.definitions import SIBLINGS
from tests.kit.office import Office, open_office

NAME = {"family": "佐藤", "given": "美咲"}
OPEN = datetime(2026, 11, 10, 10, tzinfo=TOKYO)
OVER = datetime(2026, 12, 1, 10, tzinfo=TOKYO)


@pytest.fixture
def office(city_db: Session) -> Office:
    return open_office(city_db, {"test-siblings": SIBLINGS})


def child(*wishes: str, sister_at: str | None = None) -> dict[str, Any]:
    row: dict[str, Any] = {"child": NAME, "wishes": list(wishes)}
    return row | ({"sister_at": sister_at} if sister_at else {})


def entered(office: Office, hours: int, *children: dict[str, Any]) -> Case:
    with frozen(OPEN):
        return office.apply("test-siblings", {"name": NAME, "hours": hours, "children": list(children)})


def decided(office: Office) -> list[tuple[str, str]]:
    with frozen(OVER):
        (allocation,) = lotteries.open_lotteries(office.session)
        draw = lotteries.draw_lottery(office.session, allocation, office.staff)
        assert draw.entries == allocation.entries
        return sorted((line.number, line.result) for line in lotteries.result_lines(office.session, draw))


def places(office: Office, case: Case) -> list[tuple[str, str]]:
    return capacity.places_of_case(office.session, case, definition_of(office.session, case.version_id))


def test_each_child_is_an_entry_and_the_case_goes_on_once_all_have_a_place(office: Office) -> None:
    twins = entered(office, 90, child("north", "south"), child("north", "south"))
    single = entered(office, 80, child("north", "south"))
    assert places(office, twins)[0] == ("お子さん 1 利用定員(北園)", "1・第1希望・選考待ち")
    lines = dict(decided(office))
    assert len(lines) == 3
    assert {lines[f"{twins.number}-{number}"] for number in (1, 2)} == {
        "決定：利用定員(北園)(第1希望)",
        "決定：利用定員(南園)(第2希望)",
    }
    assert lines[f"{single.number}-1"] == "補欠 1番"
    assert (twins.state, single.state) == ("accepted", "received")
    assert [(name, words) for name, words in places(office, twins) if "決定" not in words] == []


def test_where_only_one_of_two_gets_a_place_the_office_goes_on(office: Office) -> None:
    first = entered(office, 100, child("south"))
    pair = entered(office, 90, child("north"), child("south"))
    decided(office)
    assert (first.state, pair.state) == ("accepted", "received")
    assert pair.unread, "somebody settles it with the family"


def test_a_sister_counts_at_her_nursery_alone(office: Office) -> None:
    """The one with more hours wishes for the north as well, but the other's sister is there."""
    hours = entered(office, 60, child("north", "south"))
    sister = entered(office, 40, child("north", "south", sister_at="north"))
    lines = dict(decided(office))
    assert lines[f"{sister.number}-1"] == "決定：利用定員(北園)(第1希望)"
    assert lines[f"{hours.number}-1"] == "決定：利用定員(南園)(第2希望)"


def test_what_comes_free_goes_to_who_is_first_there_and_an_answer_means_the_offer_that_was_shown(
    office: Office,
) -> None:
    winners = [entered(office, 100, child("north")), entered(office, 100, child("south"))]
    pair = entered(office, 40, child("north", sister_at="north"), child("south", sister_at="south"))
    behind = entered(office, 80, child("north", "south"))
    decided(office)
    assert [case.state for case in (*winners, pair, behind)] == ["accepted", "accepted", "received", "received"]
    definition = definition_of(office.session, pair.version_id)
    with frozen(OVER + timedelta(days=1)):
        for case in winners:
            bookings.release(office.session, "test-siblings", bookings.Holder(case_id=case.id))
        lotteries.move_up(office.session, "test-siblings")
        first = lotteries.lottery_offer(office.session, pair, definition)
        assert first is not None
        assert first.name == "お子さん 1 利用定員(北園)"
        assert lotteries.lottery_offer(office.session, behind, definition) is None
        lotteries.answer_lottery_offer(office.session, pair, office.resident, first.id, accepted=True)
        assert (pair.state, pair.unread) == ("received", True), "the second child has no place yet"
        with pytest.raises(Conflict):
            lotteries.answer_lottery_offer(office.session, pair, office.resident, first.id, accepted=True)
        second = lotteries.lottery_offer(office.session, pair, definition)
        assert second is not None
        assert second.name == "お子さん 2 利用定員(南園)"
        lotteries.answer_lottery_offer(office.session, pair, office.resident, second.id, accepted=False)
        passed_on = lotteries.lottery_offer(office.session, behind, definition)
        assert passed_on is not None
        assert passed_on.name == "お子さん 1 利用定員(南園)"
