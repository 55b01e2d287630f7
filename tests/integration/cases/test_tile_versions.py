"""Versions of tiles: a browser's tile is kept for as long as nothing in it has changed, and never longer."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from geo import Tile
from portal.cases import case_counting
from portal.cases.case_filter import CaseFilter
from portal.cases.case_tiles import case_tile
from portal.cases.tile_versions import unchanged_version
from portal.core.clock import today
from portal.core.database import city_session
from tests.integration.cases.definitions import PERMIT, rectangle
from tests.integration.tile_reading import tile_of
from tests.kit.office import open_office

HERE = Tile(*tile_of(139.41, 35.70, 17))
THERE = Tile(*tile_of(139.43, 35.70, 17))
EVERYTHING = CaseFilter(today=today(), departments=frozenset(range(1000)))


@pytest.fixture
def city(scratch_city: str) -> Iterator[str]:
    """A city with a permit whose place lies in the tile `HERE`."""
    with city_session(scratch_city) as session:
        office = open_office(session, {"test-permit": PERMIT})
        answers = {"name": {"family": "佐藤", "given": "美咲"}, "account": "1234"}
        period = {"period": {"start": "2027-01-10", "end": "2027-02-09"}}
        office.apply("test-permit", answers | period | {"area": rectangle(139.41, 35.70)})
        case_counting.fold(session, at_once=True)
    yield scratch_city


def version(city: str, tile: Tile = HERE, case_filter: CaseFilter = EVERYTHING) -> str:
    """Of a tile that is made now."""
    with city_session(city) as session:
        made = case_tile(session, tile, case_filter).version
    assert made
    return made


def kept(city: str, seen: str, tile: Tile = HERE, case_filter: CaseFilter = EVERYTHING) -> bool:
    """Whether the browser may go on showing what it has."""
    with city_session(city) as session:
        return unchanged_version(session, tile, case_filter, ["something else", seen]) == seen


def change(city: str, assignment: str) -> None:
    """Change every place."""
    with city_session(city) as session:
        session.execute(text(f"UPDATE case_place SET {assignment}"))


@pytest.mark.parametrize(
    "assignment",
    [
        "status = 'ok'",
        "state = 'approved'",
        "assignee_id = 5",
        "due_on = due_on + 1",
        "starts_on = NULL",
        "department_id = 3",
        "geom = ST_Translate(geom, 0.01, 0)",
    ],
)
def test_a_tile_is_made_anew_when_something_in_it_changed_and_only_then(city: str, assignment: str) -> None:
    here, there = version(city), version(city, THERE)
    assert kept(city, here)
    change(city, assignment)
    assert not kept(city, here)
    assert kept(city, there, THERE)
    assert kept(city, version(city))


def test_what_was_not_committed_when_a_tile_was_made_changes_it_later(city: str) -> None:
    with city_session(city) as writer:
        writer.execute(text("UPDATE case_place SET status = 'ok'"))
        here = version(city)
        assert kept(city, here)
    assert not kept(city, here)


def test_after_changes_were_counted_tiles_from_before_are_made_anew(city: str) -> None:
    here = version(city)
    change(city, "status = 'ok'")
    with city_session(city) as session:
        case_counting.fold(session, at_once=True)
    assert not kept(city, here)
    assert not kept(city, version(city).replace(version(city).split("-")[0], "1", 1))


def test_the_tile_of_another_filter_or_day_is_another(city: str) -> None:
    here = version(city)
    tomorrow = CaseFilter(today=today() + timedelta(days=1), departments=EVERYTHING.departments)
    fewer = CaseFilter(today=today(), departments=frozenset({1}))
    assert not kept(city, here, case_filter=tomorrow)
    assert not kept(city, here, case_filter=fewer)


def test_where_answers_decide_there_is_no_version(city: str) -> None:
    filtered = CaseFilter(today=today(), departments=EVERYTHING.departments, answers=(("kind", ("a",)),))
    with city_session(city) as session:
        assert case_tile(session, HERE, filtered).version is None
        assert unchanged_version(session, HERE, filtered, [version(city)]) is None


@pytest.mark.parametrize(
    "text_of",
    [
        "",
        "0-0--",
        "9-1-5-",
        "5-9-7_6-",
        "5-9-6_7_7-",
        "99999999999999999999-1--",
        "5-9-3-",
        "１-２--",
        "5-999999999999999999--",
    ],
)
def test_a_version_that_nobody_made_is_passed_over(city: str, text_of: str) -> None:
    digest = version(city).rsplit("-", 1)[1]
    assert not kept(city, text_of + digest)
